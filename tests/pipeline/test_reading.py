"""From a location to pages: what is more than an issue."""

import datetime
from collections.abc import Iterator
from importlib.metadata import EntryPoint
from pathlib import Path

import pytest

from qjaudio import plugins
from qjaudio.config import UNNAMED, Config
from qjaudio.errors import MissingPartError, NotAnIssueError, UsageError
from qjaudio.paper.model import Block, Page, TextLine
from qjaudio.pipeline import reading
from qjaudio.pipeline.scripting import find_script
from qjaudio.sources.model import SourceContext
from qjaudio.store import OutFolder
from qjaudio.testing import check_source

DAY = datetime.date(2025, 5, 20)


def test_more_text_than_an_issue_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever the source, reading stops at the page that is too much."""
    seen = []

    class Endless:
        def pages(self, _location: str) -> object:
            for number in range(1, 100):
                seen.append(number)
                line = TextLine(text="桥" * 100_000)
                yield Page(number=number, blocks=(Block(lines=(line,)),), source="x")

    monkeypatch.setattr(reading, "source_for", lambda *_: Endless())
    with pytest.raises(NotAnIssueError, match="600,000 characters in the first 7 pages"):
        reading.read_pages("anywhere")
    assert [1, 2, 3, 4, 5, 6, 7] == seen


def test_an_issue_within_the_limit_is_read(tmp_path: Path) -> None:
    """Its pages come in order."""
    for number in (1, 2):
        path = tmp_path / f"page{number}.md"
        path.write_text(f"# 桥通车了\n\n桥{number}很长。\n", encoding="utf-8")
    assert [1, 2] == [page.number for page in reading.read_pages(str(tmp_path))]


def test_no_paper_is_called_by_the_name_of_another() -> None:
    """Pages without a name get that of the settings, or in an episode one that is nobody's."""
    texts = ("桥通车了", "本报讯（记者 林小满）昨天上午，横跨禾溪的大桥通车，两岸的人都来走一走。")
    blocks = tuple(Block(lines=(TextLine(text=text),)) for text in texts)
    pages = (Page(number=1, blocks=blocks),)
    names = {
        reading.understand(pages, config, day).masthead.paper
        for config in (Config(), Config(paper="禾溪报"))
        for day in (None, DAY)
    }
    assert {"", UNNAMED, "禾溪报"} == names


class FolderSource:
    """A plugin whose name sorts after `text`, and that reads folders with a list in them."""

    name = "zine"
    priority = 10

    def __init__(self, context: SourceContext) -> None:
        self.context = context

    def accepts(self, location: str) -> bool:
        return bool(location) and (Path(location) / "zine.list").is_file()

    def pages(self, location: str) -> Iterator[Page]:
        if not self.accepts(location):
            raise NotAnIssueError(f"there is no list in {location}", hint="write one")
        for number, path in enumerate(sorted(Path(location).glob("*.txt")), start=1):
            line = TextLine(text=path.read_text(encoding="utf-8"))
            yield Page(number=number, blocks=(Block(lines=(line,)),))


@pytest.fixture
def zine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder for the plugin, with pages of text that `text` would read too."""
    load = plugins.load_plugins

    def loaded(group: str) -> dict[str, object]:
        return load(group) | ({"zine": FolderSource} if group == plugins.SOURCES else {})

    monkeypatch.setattr(plugins, "load_plugins", loaded)
    (tmp_path / "page1.txt").write_text("新桥通车", encoding="utf-8")
    (tmp_path / "zine.list").touch()
    return tmp_path


def test_a_plugin_gets_its_folder_whatever_its_name(zine: Path) -> None:
    """`text` takes only what no other source accepts; the contract's own check passes, too."""
    assert isinstance(reading.source_for(str(zine)), FolderSource)
    other = zine / "other"
    other.mkdir()
    assert "text" == reading.source_for(str(other)).name
    check_source(FolderSource, str(zine))


def test_date_and_cache_reach_every_source(zine: Path) -> None:
    """A source of others is told as much as our own."""
    source = reading.source_for(str(zine), DAY, zine / "web")
    assert isinstance(source, FolderSource)
    assert SourceContext(date=DAY, cache=zine / "web") == source.context


@pytest.mark.parametrize("gone", ["priority", "accepts", "__init__"])
def test_a_plugin_that_is_no_source_is_named(
    zine: Path, monkeypatch: pytest.MonkeyPatch, gone: str
) -> None:
    """One that was written for another version is no bug of ours."""
    members = {name: value for name, value in vars(FolderSource).items() if name != gone}
    lacking = type("FolderSource", (), members)  # Python 3.12 remembers what a class has had
    monkeypatch.setattr(plugins, "load_plugins", lambda _group: {"zine": lacking})
    with pytest.raises(MissingPartError, match="the source zine cannot be used"):
        reading.source_for(str(zine))


@pytest.mark.parametrize("method", ["__init__", "accepts", "pages"])
@pytest.mark.parametrize("error", [ValueError("no date"), KeyError("x"), OSError("gone")])
def test_a_plugin_that_raises_is_named(
    zine: Path, monkeypatch: pytest.MonkeyPatch, method: str, error: Exception
) -> None:
    """Whatever it raises is its fault and says whose; an error of ours passes as it is."""

    def broken(*_: object) -> bool:
        raise error

    monkeypatch.setattr(FolderSource, method, broken)
    with pytest.raises(MissingPartError, match=r"the source zine .*(no date|x|gone)") as refused:
        reading.read_pages(str(zine))
    assert refused.value.hint
    error = NotAnIssueError("no list")
    if method == "pages":
        with pytest.raises(NotAnIssueError, match="no list"):
            reading.read_pages(str(zine))


STRAY = ["bak", "txt~", "txt.bak", "txt.1", "pdf.part", "doc", "tmp", "swp", "html"]


@pytest.mark.parametrize("suffix", ["docx", "json", "xml"])
def test_a_document_beside_the_pages_is_not_the_issue(tmp_path: Path, suffix: str) -> None:
    """Alone it is; the paper's own PDF or text comes first."""
    config = Config(issues=str(tmp_path))
    document = tmp_path / f"{DAY}.{suffix}"
    document.write_bytes(b"x")
    assert str(document) == reading.location_of(DAY, config)
    (tmp_path / f"{DAY}.pdf").write_bytes(b"x")
    assert str(tmp_path / f"{DAY}.pdf") == reading.location_of(DAY, config)


def test_an_archive_in_place_of_the_issue_is_told_what_to_do(tmp_path: Path) -> None:
    """Whoever put it there learns why it is none."""
    (tmp_path / f"{DAY}.zip").write_bytes(b"x")
    with pytest.raises(NotAnIssueError) as refused:
        reading.location_of(DAY, Config(issues=str(tmp_path)))
    assert "unpack" in (refused.value.hint or "")


@pytest.mark.parametrize("suffix", STRAY)
@pytest.mark.parametrize("real", ["txt", "pdf", "PNG"])
def test_a_stray_file_hides_no_issue(tmp_path: Path, suffix: str, real: str) -> None:
    """What an editor or a download left beside the issue is passed over, and is none itself."""
    config = Config(issues=str(tmp_path))
    (tmp_path / f"2025-05-20.{suffix}").write_text("新桥", encoding="utf-8")
    with pytest.raises(NotAnIssueError, match="no issue for 2025-05-20"):
        reading.location_of(DAY, config)
    (tmp_path / f"2025-05-20.{real}").write_text("新桥", encoding="utf-8")
    assert str(tmp_path / f"2025-05-20.{real}") == reading.location_of(DAY, config)


def test_a_copy_of_a_folder_hides_no_issue(tmp_path: Path) -> None:
    """The folder of a day bears its date and no more."""
    config = Config(issues=str(tmp_path), epaper="http://epaper.example.cn/{year}/{month}/{day}/")
    (tmp_path / "2025-05-20.bak").mkdir()
    (tmp_path / "2025-05-20.bak" / "page1.txt").write_text("新桥", encoding="utf-8")
    assert "http://epaper.example.cn/2025/05/20/" == reading.location_of(DAY, config)
    (tmp_path / "2025-05-20").mkdir()
    (tmp_path / "2025-05-20" / "page1.txt").write_text("新桥", encoding="utf-8")
    assert str(tmp_path / "2025-05-20") == reading.location_of(DAY, config)


@pytest.fixture
def elsewhere(tmp_path: Path) -> Path:
    """What only we may read, outside the folder of issues."""
    (tmp_path / "private").mkdir()
    (tmp_path / "private/page1.txt").write_text("今日衢江\n桥通车了", encoding="utf-8")
    (tmp_path / "issues").mkdir()
    return tmp_path / "private"


@pytest.mark.parametrize("shape", ["page", "folder", "file", "relative", "chain"])
def test_a_page_that_lies_elsewhere_is_not_read_aloud(elsewhere: Path, shape: str) -> None:
    """Who may put a link into `issues` does not hear what only we may read; a setting allows it."""
    issues, day = elsewhere.parent / "issues", elsewhere.parent / "issues/2025-05-20"
    if shape == "folder":
        day.symlink_to(elsewhere)
    elif shape == "file":
        day.with_suffix(".txt").symlink_to(elsewhere / "page1.txt")
    else:
        day.mkdir()
        (day / "page2.txt").write_text("路也通了", encoding="utf-8")
        (issues / "near.txt").symlink_to(elsewhere / "page1.txt")
        leads_to = {
            "page": elsewhere / "page1.txt",
            "relative": Path("../../private/page1.txt"),
            "chain": issues / "near.txt",
        }
        (day / "page1.txt").symlink_to(leads_to[shape])
    config = Config(issues=str(issues))
    location = reading.location_of(DAY, config)
    with pytest.raises(NotAnIssueError, match="is a link to another place"):
        reading.check_links(location, config)
    reading.check_links(location, Config(issues=str(issues), links_to=str(elsewhere)))


def test_a_link_that_stays_or_that_was_named_is_followed(elsewhere: Path) -> None:
    """Within the issues, and where the user names the link itself; `issues` may be a link, too."""
    day = elsewhere.parent / "issues/2025-05-20"
    (day.parent / "shared").mkdir()
    (day.parent / "shared/page1.txt").write_text("桥通车了", encoding="utf-8")
    day.mkdir()
    (day / "page1.txt").symlink_to(day.parent / "shared/page1.txt")
    linked = elsewhere.parent / "linked"
    linked.symlink_to(day.parent)
    named = elsewhere.parent / "today.txt"
    named.symlink_to(elsewhere / "page1.txt")
    for config in (Config(issues=str(day.parent)), Config(issues=str(linked))):
        reading.check_links(reading.location_of(DAY, config), config)
        reading.check_links(str(named), config)
        reading.check_links("https://example.cn/html/2025-05/20/node_1.htm", config)


@pytest.mark.parametrize("shape", ["file", "folder"])
def test_a_script_that_lies_elsewhere_is_not_read_aloud(elsewhere: Path, shape: str) -> None:
    """Nor is script.md, as a link or behind one; within `out/`, or by the setting, it is."""
    out = OutFolder(elsewhere.parent / "out")
    path, secret = out.stage("2025-05-20", "script.md"), elsewhere / "script.md"
    secret.write_text("## 一\n桥通车了。", encoding="utf-8")
    if shape == "file":
        path.parent.mkdir(parents=True)
        path.symlink_to(secret)
    else:
        out.root.mkdir()
        path.parent.symlink_to(elsewhere)
    with pytest.raises(UsageError, match="is a link to another place"):
        find_script(out, "2025-05-20")
    assert secret.read_text("utf-8") == find_script(out, "2025-05-20", links_to=str(elsewhere)).text
    near = OutFolder(elsewhere.parent)
    assert secret.read_text("utf-8") == find_script(near, "out/2025-05-20").text


def test_corrections_beside_the_issue_are_applied(tmp_path: Path) -> None:
    """On every reading of the date; a file that cannot be read, or is a link, stops it."""
    page = tmp_path / "page.md"
    page.write_text("# 桥通车了\n\n本报讯 桥很长。\n\n# 路修好了\n\n本报讯 路很宽。\n", "utf-8")
    config = Config(out=str(tmp_path / "out"))
    path = tmp_path / "out" / DAY.isoformat() / reading.CORRECTIONS
    path.parent.mkdir(parents=True)
    path.write_text('\ufeff[[correction]]\nstory = "桥通车"\nspoken = false\n', encoding="utf-8")
    issue = reading.issue_of(DAY, str(page), config, force=False)
    assert ["路修好了"] == [article.headline.main for article in issue.articles]
    path.write_bytes(b"\xff\xfe")
    with pytest.raises(UsageError, match=r"cannot read .*corrections\.toml"):
        reading.issue_of(DAY, str(page), config, force=False)
    path.unlink()
    path.symlink_to(page)
    with pytest.raises(UsageError, match="a link to another place"):
        reading.issue_of(DAY, str(page), config, force=False)


class Points(tuple):  # type: ignore[type-arg]
    """Entry points as Python 3.12 has them: a tuple whose items are asked for by name."""

    def __getitem__(self, name: object) -> object:
        raise KeyError(name)


def test_plugins_are_found_in_every_python(monkeypatch: pytest.MonkeyPatch) -> None:
    """The first of two of one name counts, as in `sys.path`."""
    monkeypatch.setattr(plugins, "entry_points", lambda **_: Points(found))
    found = [EntryPoint("one", "first", "g"), EntryPoint("two", "other", "g")]
    found.append(EntryPoint("one", "second", "g"))
    plugins._entry_points.cache_clear()
    points = plugins._entry_points("qjaudio.of-a-test")
    assert {"one": "first", "two": "other"} == {name: one.value for name, one in points.items()}
    monkeypatch.undo()
    plugins._entry_points.cache_clear()
