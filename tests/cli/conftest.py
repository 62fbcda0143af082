"""The fixtures of tests/commands.py, for this folder."""

from commands import finished, folder, made, qjaudio, unmixed

__all__ = ["finished", "folder", "made", "qjaudio", "unmixed"]
