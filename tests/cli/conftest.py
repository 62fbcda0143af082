"""The fixtures of tests/commands.py, for this folder."""

from commands import folder, qjaudio

__all__ = ["folder", "qjaudio"]
