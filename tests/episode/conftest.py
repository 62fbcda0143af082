"""Here the encoding itself is tested."""

import pytest


@pytest.fixture(autouse=True)
def every_mix_is_encoded(encoded_anew: None) -> None:
    """No test of this folder takes what another one has encoded."""
