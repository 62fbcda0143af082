"""The loopback service as a program."""

import subprocess
import sys
from pathlib import Path

import pytest

from edge_server import EdgeServer
from qjaudio.config import Config
from qjaudio.pipeline.voicing import probe

SCRIPT = str(Path(__file__).with_name("edge_server.py"))


def test_runs_as_a_program() -> None:
    """The first line is its address; faults come in the order asked for."""
    command = [sys.executable, SCRIPT, "--fault", "unavailable,none", "--for", "30"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as program:
        assert program.stdout is not None
        config = Config(engines={"edge": {"endpoint": program.stdout.readline().strip()}})
        first, second = probe(config), probe(config)
        program.terminate()
    assert first is not None
    assert "503" in first
    assert second is None


def test_stops_by_itself() -> None:
    """When the time is over the program ends well."""
    command = [sys.executable, SCRIPT, "--for", "0.01"]
    assert subprocess.run(command, capture_output=True, timeout=120, check=False).returncode == 0


def test_an_unknown_fault_is_a_slip() -> None:
    """A misspelt fault does not make a server that speaks well."""
    with pytest.raises(ValueError, match="stal"):
        EdgeServer("stal")
