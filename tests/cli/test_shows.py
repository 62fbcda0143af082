"""`qjaudio make DATE --shows DIR`: every paper of a house in one command."""

import json
import shutil
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest

from commands import SAMPLE, Command, snapshot

FAST = ("--voice", "silent", "--minutes", "0.2")


def show(folder: Path, name: str, settings: str) -> Path:
    """A show's folder with the sample issue."""
    shutil.copytree(SAMPLE, folder / name / "issues" / "2025-05-20")
    (folder / name / "qjaudio.toml").write_text(settings, encoding="utf-8")
    return folder / name


@pytest.fixture
def house(folder: Path) -> Path:
    """Two shows: one with an address and a title to be escaped, one with its out elsewhere."""
    papers = folder / "papers"
    show(papers, "east", 'title = "东 & <西>"\nbase_url = "https://example.cn/east"\n')
    show(papers, "west", 'title = "西边"\nout = "public"\n')
    (papers / "notes").mkdir()
    return papers


def opml(house: Path) -> ET.Element:
    return ET.fromstring((house / "out/shows.opml").read_text("utf-8"))  # noqa: S314 - our own


def outlines(house: Path) -> list[dict[str, str]]:
    return [dict(one.attrib) for one in opml(house).iter("outline")]


def test_every_show_is_made_in_its_own_folder(qjaudio: Command, house: Path, folder: Path) -> None:
    """Relative paths of a show's settings begin at its folder; the current one gets no out."""
    answer = qjaudio("make", "2025-05-20", "--shows", "papers", *FAST, "--json")
    assert 0 == answer.code, answer.err
    found = [(one["show"], one["state"]) for one in json.loads(answer.out)["outcomes"]]
    assert [("east", "made"), ("west", "made")] == found
    assert (house / "east/out/feed.xml").is_file()
    assert (house / "west/public/2025-05-20.mp3").is_file()
    assert not (folder / "out").exists()


def test_opml_and_front_page_list_the_shows(qjaudio: Command, house: Path) -> None:
    """Addresses where there is a base_url, else relative ones; text escaped; the same bytes."""
    assert 0 == qjaudio("make", "2025-05-20", "--shows", "papers", *FAST).code
    root = opml(house)
    assert ("opml", "2.0") == (root.tag, root.get("version"))
    east, west = outlines(house)
    assert ("东 & <西>", "rss") == (east["text"], east["type"])
    assert "https://example.cn/east/feed.xml" == east["xmlUrl"]
    assert "https://example.cn/east/index.html" == east["htmlUrl"]
    assert (house / "out" / west["xmlUrl"]).is_file()
    page = (house / "out/index.html").read_text("utf-8")
    assert "东 &amp; &lt;西&gt;" in page
    assert 'href="../west/public/index.html"' in page
    before = snapshot(house / "out")
    assert 0 == qjaudio("make", "2025-05-20", "--shows", "papers", *FAST).code
    assert before == snapshot(house / "out")


def test_a_broken_show_stops_no_other(qjaudio: Command, house: Path) -> None:
    """Its name and exit code are told, the others are made and listed."""
    show(house, "broken", 'titel = "?"\n')
    answer = qjaudio("make", "2025-05-20", "--shows", "papers", *FAST)
    assert 2 == answer.code
    assert "failed   broken  exit 2: " in answer.out
    assert "rerun    qjaudio make 2025-05-20 --shows papers" in answer.out
    assert ["东 & <西>", "西边"] == [one["title"] for one in outlines(house)]


def test_a_private_show_is_not_listed(qjaudio: Command, house: Path) -> None:
    """Its address holds its key."""
    show(house, "secret", 'title = "内部"\nkey = "abcdefghijklmnop1234"\n')
    assert 0 == qjaudio("make", "2025-05-20", "--shows", "papers", *FAST).code
    written = "".join((house / "out" / name).read_text("utf-8") for name in
                      ("shows.opml", "index.html"))  # fmt: skip
    assert "内部" not in written


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        (["2025-05-20", "--shows", "papers/notes"], 2, "no show in"),
        (["2025-05-20", "--shows", "papers/east"], 2, "is a show itself"),
        (["2025-05-20", "--shows", "papers", "--out", "x"], 2, "--out is for one show"),
        (["2025-05-22..2025-05-20", "--shows", "papers"], 2, "ends before it begins"),
        (["1999-01-01..1999-12-31", "--shows", "papers"], 4, "no issue from 1999-01-01"),
    ],
)
@pytest.mark.usefixtures("house")
def test_bad_words_are_two_lines(qjaudio: Command, words: list[str], code: int, said: str) -> None:
    """What and what now."""
    answer = qjaudio("make", *words)
    assert (code, "", 2) == (answer.code, answer.out, answer.err.count("\n")), answer.err
    assert said in answer.err


def test_two_shows_never_share_an_output(
    qjaudio: Command, house: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Their episodes would end in one feed."""
    monkeypatch.setenv("QJAUDIO_OUT", str(house / "both"))
    answer = qjaudio("make", "2025-05-20", "--shows", "papers", *FAST)
    assert 2 == answer.code
    assert "east and west have the same out" in answer.err
