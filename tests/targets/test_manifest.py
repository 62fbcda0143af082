"""What was sent is remembered, whatever ends the run that writes it."""

from pathlib import Path

from qjaudio.targets.sending import Manifest, ManifestEntry


def entry(name: str, mark: str = "1") -> ManifestEntry:
    return ManifestEntry(name=name, size=1, sha256="aa", md5="bb", modified_ns=1, mark=mark)


def test_the_last_line_of_a_name_counts(tmp_path: Path) -> None:
    """Added, changed, claimed; a new reader sees the same."""
    path = tmp_path / "a/b.jsonl"
    manifest = Manifest(path)
    for one in (entry("节目.mp3"), entry("b"), entry("节目.mp3", "2")):
        manifest.add(one)
    manifest.claim("b")
    manifest.claim("never there")
    assert {"节目.mp3": entry("节目.mp3", "2")} == Manifest(path).entries == manifest.entries


def test_a_cut_line_is_lost_and_no_other(tmp_path: Path) -> None:
    """A kill in mid-line costs that line; what is added afterwards is read."""
    path = tmp_path / "m.jsonl"
    manifest = Manifest(path)
    for name in "ab":
        manifest.add(entry(name))
    path.write_bytes(path.read_bytes()[:-9] + b"\xff")
    again = Manifest(path)
    again.add(entry("c"))
    assert ["a", "c"] == list(Manifest(path).entries)


def test_foreign_lines_are_no_entries(tmp_path: Path) -> None:
    """JSON that is not ours counts as missing."""
    path = tmp_path / "m.jsonl"
    path.write_text('3\n[]\n{"name": 3}\nnull\n{"name": {}, "size": 1, "sha256": "", "md5": "",'
                    ' "modified_ns": 1, "mark": "x"}\n')  # fmt: skip
    assert {} == Manifest(path).entries


def test_a_long_history_is_made_short(tmp_path: Path) -> None:
    """A daily run for years must not make the file grow for ever."""
    path = tmp_path / "m.jsonl"
    manifest = Manifest(path)
    for mark in range(1200):
        manifest.add(entry("feed.xml", str(mark + 1)))
    assert {"feed.xml": entry("feed.xml", "1200")} == Manifest(path).entries
    assert path.read_bytes().count(b"\n") <= 1


def test_what_was_ours_once_stays_ours(tmp_path: Path) -> None:
    """A claim comes before the file and outlives the making short; a waiting file is not owned."""
    path = tmp_path / "m.jsonl"
    manifest = Manifest(path)
    manifest.claim("cover.jpg")
    manifest.claim(f".qjaudio-{'0' * 24}.part")
    for mark in range(1200):
        manifest.add(entry("feed.xml", str(mark + 1)))
    for again in (Manifest(path), Manifest(path)):
        assert {"cover.jpg", "feed.xml"} == again.owned == manifest.owned
        assert {"feed.xml"} == set(again.entries)
