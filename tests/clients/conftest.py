"""The fixtures of tests/commands.py, for this folder."""

from commands import finished

__all__ = ["finished"]
