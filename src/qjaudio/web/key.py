"""A private show's key: the first name in the path of every address, and nothing without it.

The key is a secret that stands in addresses, as podcast apps can take no other. It is compared in
equal time, and no message of ours may hold it.
"""

import hmac
import re
import secrets

from qjaudio.errors import UsageError

_KEY = re.compile(r"[A-Za-z0-9_-]{16,128}")
_RANDOM_BYTES = 18  # 144 bits: nobody guesses it, and it makes 24 characters without padding


def new_key() -> str:
    """A key that nobody can guess, of characters that stand in an address as they are."""
    return secrets.token_urlsafe(_RANDOM_BYTES)


def checked_key(key: str) -> str:
    """The key itself; empty stands for a show that is open to all.

    Raises:
        UsageError: it is too short, or its characters would be written otherwise in an address.
            The message does not quote it.
    """
    if key and not _KEY.fullmatch(key):
        raise UsageError(
            "the key is not made of 16 to 128 letters, digits, - and _",
            hint="qjaudio serve --key makes a good one and shows it",
        )
    return key


def path_inside(raw_path: str, key: str) -> str | None:
    """The path behind the key, with its slash in front; None where the key is missing or wrong.

    `/KEY` alone gives an empty path: relative addresses need the slash that is missing there.
    Without a key every path is inside. The comparison takes the same time for all wrong keys.
    """
    if not key:
        return raw_path
    first, slash, rest = raw_path.removeprefix("/").partition("/")
    if not hmac.compare_digest(first.encode("utf-8", "surrogatepass"), key.encode()):
        return None
    return slash + rest
