"""Turn a day's printed newspaper into a Mandarin podcast."""

import logging

__version__ = "0.1.0"

logging.getLogger(__name__).addHandler(logging.NullHandler())
