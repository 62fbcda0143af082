"""How much of a site is read, and how gently."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """Beyond these an address is no issue of a newspaper; times are in seconds."""

    pause_s: float = 0.5
    """Between two requests: small papers run on small servers."""
    retry_s: float = 2.0
    """Before the one retry after an error of the server."""
    request_s: float = 20.0
    total_s: float = 600.0
    """A paper of 16 pages has about 120 articles: two to three minutes with the pause."""
    document_bytes: int = 4_000_000
    issue_bytes: int = 100_000_000
    pages: int = 64
    articles: int = 600
    redirects: int = 5
