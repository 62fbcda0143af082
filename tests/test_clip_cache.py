"""Clips are kept until others need the room, and a damaged one is not a hit."""

import os
from pathlib import Path

from qjaudio import store
from qjaudio.engines.wrappers import CACHE_BYTES, ClipCache


def test_a_damaged_clip_is_noticed(tmp_path: Path) -> None:
    """An entry whose sound does not fit its sum is not a hit."""
    cache = ClipCache(tmp_path)
    cache.put("key", b"\1\2" * 100)
    assert b"\1\2" * 100 == cache.get("key")
    (entry,) = tmp_path.rglob("*.pcm")
    entry.write_bytes(entry.read_bytes()[:-1])
    assert cache.get("key") is None
    assert cache.get("another key") is None


def test_the_cache_forgets_what_was_not_used_for_longest(tmp_path: Path) -> None:
    """Over the limit the oldest use goes first: reading is a use, writing too."""
    cache = ClipCache(tmp_path)
    for key in "abcd":
        cache.put(key, b"\1\2" * 500)
    for number, path in enumerate(tmp_path.rglob("*.pcm")):
        os.utime(path, (number, number))
    assert cache.get("b")
    cache.prune(2 * 1032)
    left = [key for key in "abcd" if cache.get(key)]
    assert 2 == len(left)
    assert "b" in left
    cache.prune()
    assert left == [key for key in "abcd" if cache.get(key)]
    assert CACHE_BYTES == 2_000_000_000  # as faults.md promises; what `prune` keeps by itself
    cache.prune(0)
    assert not list(tmp_path.rglob("*.pcm"))


def test_half_written_clips_go_unless_they_are_being_written(tmp_path: Path) -> None:
    """The temporary file of a dead run goes at once, that of a living one stays."""
    cache = ClipCache(tmp_path)
    cache.put("a", b"\1\2" * 500)
    (entry,) = tmp_path.rglob("*.pcm")
    dead = entry.with_name(".dead.tmp")
    dead.write_bytes(b"half")
    with store.writing(entry) as living:
        cache.prune()
        assert [living] == list(tmp_path.rglob("*.tmp"))
        living.write_bytes(b"whole")
    assert b"whole" == entry.read_bytes()
