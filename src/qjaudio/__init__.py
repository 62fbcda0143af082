"""Turn a day's printed newspaper into a Mandarin podcast."""

__version__ = "0.1.0"
