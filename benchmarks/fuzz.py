"""Feed damaged input to every reader for a while: only errors of ours may come out.

`python benchmarks/fuzz.py --seconds 120 --seed 1` takes the sample issue and the pages of the
tests as seeds, each with a few bytes changed, cut, doubled or put in, and prints for each reader
how many inputs it got and how many broke it. An input that broke something is kept in
`fuzz_crashes/`, to become a test.
"""

import argparse
import asyncio
import atexit
import contextlib
import gzip
import io
import json
import random
import re
import shutil
import sys
import tempfile
import time
import tomllib
from collections.abc import Callable
from html import unescape
from pathlib import Path
from urllib.parse import quote

from aiohttp import DummyCookieJar, test_utils
from argon2 import PasswordHasher
from PIL import Image

sys.path.insert(0, str(Path(__file__).parents[1] / "tests"))

import tool_samples
from qjaudio import config, rules
from qjaudio.config import Config
from qjaudio.desk import sound
from qjaudio.desk.accounts import ROLES, Accounts
from qjaudio.desk.app import COOKIE, create_desk
from qjaudio.episode.model import from_record
from qjaudio.errors import EngineError, QjaudioError
from qjaudio.feed.model import identity_from_record
from qjaudio.paper.corrections import correct, parse_corrections
from qjaudio.pipeline.branding import phrases_of
from qjaudio.pipeline.reading import issue_at
from qjaudio.script.compose import compose
from qjaudio.script.lexicon import parse_lexicon
from qjaudio.script.model import Script
from qjaudio.script.prepare import from_markdown
from qjaudio.sources import apart, pictures
from qjaudio.sources.document import (
    pages_of_docx,
    pages_of_html,
    pages_of_mail,
    pages_of_tsv,
    pages_of_xml,
)
from qjaudio.sources.epaper.article import read_article
from qjaudio.sources.epaper.markup import decode_page
from qjaudio.sources.tool_json import pages_of_json
from qjaudio.speech.plan import parse_cast
from qjaudio.web import audience
from qjaudio.web.audience import Track, count_downloads

ROOT = Path(__file__).parents[1]
SPICES = (b"\0", b"\xff", b"<", b"&", b"\x1b[2J", b"#" * 40, b"1-" * 60, "（记者".encode())
CRASHES = Path("fuzz_crashes")
SHARES = {"text": 8, "pdf": 8}
"""Of the time: these take a thousand times as long for an input as the others."""
LEXICON = "廿里\tnian4 li3\n衢江\tqu2 jiang1\t渠江\n".encode()
CAST = b"""[readers.a]\nname = "A"\nkokoro = ["zf_xiaoyi"]\n[cast]\nopening = "a"\nheadlines = "a"
sign_off = "a"\nstories = ["a"]\n[cast.pages]\n1 = "a"\n"""
RECORD = b"""{"schema": 1, "paper": "p", "date": "2025-05-20", "title": "t", "duration_ms": 5,
"chapters": [{"start_ms": 0, "end_ms": 5, "title": "t", "byline": ["x"]}],
"cues": [{"start_ms": 0, "end_ms": 5, "text": "x"}]}"""

TABLE = "".join(
    f"5\t1\t1\t1\t{at}\t1\t10\t{at * 10}\t100\t10\t90\t新桥通车了大家走\n" for at in range(20)
).encode()
LETTER = (
    b"Subject: =?utf-8?B?5LuK?=\nMIME-Version: 1.0\n"
    b'Content-Type: multipart/related; boundary="b"; type="text/html"\n\n--b\n'
    b'Content-Type: text/html; charset="gb2312"\nContent-Transfer-Encoding: quoted-printable\n\n'
    b"<html><body><h1>=D0=C2</h1><p>" + b"=C7=C5" * 60 + b"</p></body></html>\n--b--\n"
)


def damaged(seed: bytes, chance: random.Random) -> bytes:
    """The seed after one to six small accidents."""
    made = bytearray(seed)
    for _ in range(chance.randint(1, 6)):
        place = chance.randrange(len(made) + 1)
        end = min(len(made), place + chance.choice((1, 2, 8, 200, 5000)))
        match chance.randrange(5):
            case 0:
                made[place:end] = b""
            case 1:
                made[place:place] = chance.choice(SPICES)
            case 2:
                made[place:place] = made[place:end]
            case 3:
                made[place:end] = chance.randbytes(end - place)
            case _:
                if chance.random() < 0.2:
                    del made[place:]
    return bytes(made)


def as_page(suffix: str, folder: Path) -> Callable[[bytes], None]:
    """Read the bytes as a page, by way of a file, and understand it, all in this process."""
    apart.read_apart = apart.read_here

    def read(content: bytes) -> None:
        path = folder / f"page1{suffix}"
        path.write_bytes(content)
        issue_at(str(path), Config())

    return read


def as_toml(content: bytes) -> None:
    """The reader of cast.toml; what is not TOML is refused before it."""
    try:
        table = tomllib.loads(content.decode())
    except (UnicodeDecodeError, tomllib.TOMLDecodeError, RecursionError):
        return
    parse_cast(table)


def as_record(content: bytes) -> None:
    """The readers of episode.json and .show.json."""
    try:
        value = json.loads(content)
    except (ValueError, RecursionError):
        return
    if isinstance(value, dict):
        from_record(value)
        identity_from_record(value)


def as_lexicon(content: bytes) -> None:
    """The reader of lexicon.tsv."""
    parse_lexicon(content.decode("utf-8", "replace"), "lexicon.tsv")


def as_article(content: bytes) -> None:
    """The reader of an article's page on an e-paper site."""
    read_article(decode_page(content), "http://127.0.0.1/content_1.htm")


def as_tool_json(content: bytes) -> None:
    """The reader of what OCR tools write as JSON."""
    pages_of_json(content.decode("utf-8", "replace"), "page.json")


def as_tool_xml(content: bytes) -> None:
    """The readers of ALTO, PAGE and hOCR."""
    pages_of_xml(content, "page.xml")
    pages_of_html(content, "page.hocr")


def as_table(content: bytes) -> None:
    """The reader of Tesseract's tables."""
    pages_of_tsv(content.decode("utf-8", "replace"), "page.tsv")


def as_letter(content: bytes) -> None:
    """The reader of letters and of pages saved as one file."""
    pages_of_mail(content, "page.mht")


def as_document(content: bytes) -> None:
    """The reader of .docx."""
    pages_of_docx(content, "page.docx")


def as_corrections(folder: Path) -> Callable[[bytes], None]:
    """The reader of corrections.toml, whose entries are then put into an issue."""
    page = folder / "corrected.md"
    page.write_text(tool_samples.markdown(), encoding="utf-8")
    issue = issue_at(str(page), Config())

    def read(content: bytes) -> None:
        correct(issue, parse_corrections(content.decode("utf-8", "replace"), "corrections.toml"))

    return read


def as_phrases(folder: Path) -> Callable[[bytes], None]:
    """The reader of phrases.toml, and the script with these sentences."""
    path, page = folder / "phrases.toml", folder / "worded.md"
    page.write_text(tool_samples.markdown(), encoding="utf-8")
    issue, settings = issue_at(str(page), Config()), Config(phrases=str(path))

    def read(content: bytes) -> None:
        path.write_bytes(content)
        compose(issue, phrases_of(settings))

    return read


def as_log(folder: Path) -> Callable[[bytes], None]:
    """The reader of the access logs that `stats` counts, packed or not."""
    path, episode = folder / "access.log", from_record(json.loads(RECORD))
    track = Track(episode) if episode else None

    def read(content: bytes) -> None:
        path.write_bytes(content)
        count_downloads([path], lambda _stem: track)

    return read


def as_picture(content: bytes) -> None:
    """The reader of pictures, without OCR."""
    pictures.images_of(content, "page.png")


def as_script(content: bytes) -> None:
    """The reader of an edited script.md."""
    empty = Script(paper="今日衢江", date="2025-05-20", parts=())
    from_markdown(content.decode("utf-8", "replace"), empty, rules.phrases("phrases"))


def as_settings(folder: Path) -> Callable[[bytes], None]:
    """The reader of qjaudio.toml, by way of a file."""

    def read(content: bytes) -> None:
        (folder / config.FILE).write_bytes(content)
        config.load(folder=folder, environ={})

    return read


FORM = "application/x-www-form-urlencoded"
LINE = "part=PART&index=INDEX&key=KEY"
FORMS = [
    f"{path}\n{kind}\n{fields}".encode()
    for path, fields in (
        *(
            ("/change", f"name=NAME&version=VERSION&action={fields}")
            for fields in (
                "head&headline=新桥&kicker=引&deck=副&byline=甲一",
                "silence",
                "advert",
                "checked",
                "join&join=OTHER&join_headline=新",
                "cut&cut=路很平。&cut_headline=新",
                "before&before=OTHER",
                "after&after=OTHER",
                "say&text=路很平。",
                "undo&line=2",
                "recompose",
                "follow",
                "here&word=桥长&reading=qiao2+chang2&homophone=",
                "everywhere&word=桥长&reading=qiáo+cháng&homophone=桥常",
                "forget&word=桥长&show=1",
                "confirm&word=甲一&reading=jia3+yi1",
            )
        ),
        *(
            ("/change", f"{LINE}&action={fields}")
            for fields in ("reword&text=新桥长。", "rewrite&text=新桥长。&seen=x", "drop")
        ),
        *(
            ("/sign", f"content=x&why=误&action={action}&at=2099-01-01T06:00&story=")
            for action in ("approve", "return", "make", "publish", "withdraw", "restore")
        ),
        ("/../../accounts", "action=invite&name=李&role=编辑&role=终审"),
        ("/../../accounts", "action=change&name=李&role=管理员"),
        ("/../../login", "name=甲&password=一个很长的密码不会忘"),
        ("/../../invited/KEY", "name=李&password=一个很长的密码不会忘&again=一个很长的密码不会忘"),
    )
    for kind in (FORM, FORM, f"{FORM}; charset=gbk", "multipart/form-data; boundary=b")
]
"""Where a form of the desk goes, its type and its fields; words in capitals stand for others."""


class Desk:
    """An editor with all roles sends forms to a desk, which answers none of them with 500."""

    def __init__(self, folder: Path) -> None:
        self.out = folder / "desk/out"
        page = folder / "desk/issues/2025-05-20/page1.md"
        page.parent.mkdir(parents=True)
        stories = (ROOT / "issues/2025-05-20/page1.md").read_text("utf-8").partition("\n# ")
        more = "\n\n# 桥通车了\n\n（记者 甲一）桥很长。路很平。\n\n# 船修好了\n\n船很新。水很清。\n"
        page.write_text(stories[0] + more, "utf-8")
        lexicon = folder / "desk/lexicon.tsv"
        lexicon.touch()
        settings = Config(
            out=str(self.out), issues=str(page.parents[1]), voice="silent", lexicon=str(lexicon)
        )
        accounts = Accounts(folder / "desk.sqlite", hasher=PasswordHasher(1, 8, 1))
        accounts.accept(accounts.invite("甲", ROLES), "甲", "一个很长的密码不会忘")
        key = accounts.log_in("甲", "一个很长的密码不会忘", "a")
        self.who = {"Cookie": f"{COOKIE}={key}", "X-Fragment": "1"}
        self.form_key = getattr(accounts.visit(key), "form_key", "")
        sound.make_day = refusing
        self.loop, self.count, self.known = asyncio.new_event_loop(), 0, dict[str, list[str]]()
        server = test_utils.TestServer(create_desk(settings, accounts))
        self.client = test_utils.TestClient(
            server, cookie_jar=DummyCookieJar(loop=self.loop), loop=self.loop
        )
        self.loop.run_until_complete(self.client.start_server())
        atexit.register(lambda: self.loop.run_until_complete(self.client.close()))

    def __call__(self, content: bytes) -> None:
        """Send a form as it is written, with what is there in the place of its words."""
        self.loop.run_until_complete(self._send(content))

    async def _send(self, content: bytes) -> None:
        if self.count % 300 == 0:
            shutil.rmtree(self.out / "2025-05-20", ignore_errors=True)
        if self.count % 100 == 0:
            page = await (await self.client.get("/edition/2025-05-20", headers=self.who)).text()
            for word, pattern in WORDS.items():
                self.known[word] = [*map(unescape, re.findall(pattern, page))] or ["x"]
        self.count += 1
        for word, found in self.known.items():
            at = self.count + (word == "OTHER")
            value = quote(found[at % len(found)]).encode()
            content = content.replace(word.encode(), value)
        path, _, rest = content.partition(b"\n")
        kind, _, fields = rest.partition(b"\n")
        fields += b"&form_key=" + self.form_key.encode()
        if kind.startswith(b"multipart"):
            head = b'--b\r\nContent-Disposition: form-data; name="'
            rows = (field.partition(b"=") for field in fields.split(b"&"))
            fields = b"".join(head + row[0] + b'"\r\n\r\n' + row[2] + b"\r\n" for row in rows)
            fields += b"--b--\r\n"
        name = quote(re.sub(rb"[?#].*", b"", path))
        headers = {**self.who, "Content-Type": re.sub(r"[^ -~]", "", kind.decode("latin-1"))}
        answer = await self.client.post(
            f"/edition/2025-05-20{name}", data=fields, headers=headers, allow_redirects=False
        )
        if answer.status >= 500:
            raise RuntimeError(f"{answer.status} to {path!r}")


WORDS = {
    "NAME": r'data-name="([^"]*)"', "OTHER": r'data-name="([^"]*)"',
    "VERSION": r'story-version="(\w+)"', "PART": r"line\?part=(\d+)", "INDEX": r"&amp;index=(\d+)",
    "KEY": r"&amp;key=(\w+)",
}  # fmt: skip
"""What stands for something in FORMS, and where it is found on the page."""


def refusing(*_words: object, **_more: object) -> None:
    """In place of making audio, which takes seconds."""
    raise EngineError("no audio here")


SCRIPT = """# 今日衢江 2025-05-20 播报稿\n\n<!-- 批注 -->\n\n## 1. 桥通车了\n
<!-- 第1版 要闻 · 记者 甲一 -->\n\n桥很长。\n\n### 一桥两岸\n\n路很平。\n""".encode()
SETTINGS = b"""paper = "p"\nbase_url = "https://example.cn/a/"\nminutes = 12\n
[sound]\nsting = -12.5\nbed = "off"\n"""
CORRECTIONS = """[[correction]]
story = "渡口的老船修好了"
wrong = "十二里山路"
right = "二十里山路"
kicker = "春水生"
\n[[correction]]
story = "石桥边开了书屋"
before = "渡口的老船修好了"
headline = "石桥边的书屋"
cut = "书屋的书都是大家捐的"
cut_headline = "书从哪里来"
\n[[correction]]
story = "渡口的老船修好了"
join = "石桥边的书屋"
page = 1\n""".encode()
PHRASES = """[opening]\ntitle = "开场"\nlines = ["《{paper}》有声版。", "今天是{day}，{weekday}。"]
[headlines]\nbefore = "提要："\nafter = ""\nseconds = 13\nmany = 1\nmost_pages = 4
by_page = "今天共{count}条：{pages}。"\nof_page = "{page}{count}条"
[sign_off]\nlines = ["《{paper!s}》{date:>4}，{lunar}，共{count}条。", "{{}}"]\n""".encode()
LOGS = [
    b'192.0.2.1 - - [20/May/2025:06:10:00 +0800] "GET /2025-05-20.mp3 HTTP/1.1" 206 9 "-" '
    b'"AntennaPod/3" "bytes=0-"\n',
    b'o b [20/May/2025:06:10:00 +0000] 2001:db8::1 - R REST.GET.OBJECT 2025-05-20.mp3 "GET '
    b'/2025-05-20.mp3 HTTP/1.1" 200 - 9 9 1 1 "-" "iTMS" -\n',
    b'{"ts":1747692600.5,"status":206,"size":9,"request":{"client_ip":"192.0.2.1","method":"GET",'
    b'"uri":"/2025-05-20.mp3","headers":{"User-Agent":["x"],"Range":["bytes=0-"]}}}\n',
]
HTML = """<html><head><meta charset="utf-8"><title>桥通车了</title></head><body>
<div class="title">桥通车了</div><founder-content><p>本报讯（记者 甲一）桥很长。</p><p>路很平。</p>
</founder-content></body></html>""".encode()


def small_pages(text: bytes) -> list[bytes]:
    """The masthead with one story each: ten times as many inputs as of whole pages."""
    head, *stories = text.split(b"\n# ")
    return [head + b"\n# " + story for story in stories]


def small_picture() -> bytes:
    """A grey page of 400 × 500 pixels as a PNG."""
    out = io.BytesIO()
    Image.linear_gradient("L").resize((400, 500)).save(out, "PNG")
    return out.getvalue()


def readers(folder: Path) -> dict[str, tuple[Callable[[bytes], object], list[bytes]]]:
    """Each reader with its seeds."""
    pages = ROOT / "tests" / "sources" / "pages"
    texts = [path.read_bytes() for path in (ROOT / "issues").rglob("page*.md")]
    texts += [seed for text in texts for seed in small_pages(text)]
    tools = {name: made().encode() for name, made in tool_samples.TEXTS.items()}
    return {
        "text": (as_page(".md", folder), texts),
        "pdf": (as_page(".pdf", folder), [path.read_bytes() for path in pages.glob("*.pdf")]),
        "html": (as_article, [HTML]),
        "lexicon": (as_lexicon, [LEXICON]),
        "cast": (as_toml, [CAST]),
        "record": (as_record, [RECORD]),
        "png": (as_picture, [small_picture()]),
        "script": (as_script, [SCRIPT]),
        "settings": (as_settings(folder), [SETTINGS]),
        "json": (as_tool_json, [seed for name, seed in tools.items() if name.endswith("json")]),
        "xml": (as_tool_xml, [tools["alto.xml"], tools["page.xml"], tools["day.hocr"]]),
        "tsv": (as_table, [TABLE]),
        "mail": (as_letter, [LETTER]),
        "docx": (as_document, [tool_samples.docx()]),
        "corrections": (as_corrections(folder), [CORRECTIONS]),
        "phrases": (
            as_phrases(folder),
            [PHRASES, PHRASES.replace(b"!s", b"").replace(b":>4", b"")],
        ),
        "log": (as_log(folder), [*LOGS, *map(gzip.compress, LOGS)]),
        "log_line": (audience._understood, LOGS),
        "desk": (Desk(folder), FORMS),
    }


def run(seconds: float, seed: int, folder: Path, only: str = "") -> int:
    """Share the time out among the readers; returns how many inputs broke one."""
    chance = random.Random(seed)  # noqa: S311 - chance, no secret
    all_readers = readers(folder)
    all_readers = {name: all_readers[name] for name in only.split(",") if only} or all_readers
    shares = sum(SHARES.get(name, 1) for name in all_readers)
    broken = 0
    for name, (read, seeds) in all_readers.items():
        with contextlib.suppress(QjaudioError):
            read(seeds[0])  # what is loaded once is not a time of an input
        until = time.monotonic() + seconds * SHARES.get(name, 1) / shares
        count = crashes = 0
        slowest = 0.0
        while time.monotonic() < until:
            content = damaged(chance.choice(seeds), chance)
            began = time.monotonic()
            try:
                read(content)
            except QjaudioError:
                pass
            except Exception as error:
                crashes += 1
                CRASHES.mkdir(exist_ok=True)
                (CRASHES / f"{name}-{seed}-{count}").write_bytes(content)
                print(f"{name} {count}: {error!r}"[:200])
            slowest = max(slowest, time.monotonic() - began)
            count += 1
        print(f"{name:11} {count:7} inputs, {crashes} crashes, slowest {slowest:.2f} s")
        broken += crashes
    return broken


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=float, default=120)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--only", default="", help="these readers, with commas between them")
    parser.add_argument("--repeats", type=int, default=1, help="runs, each with the next seed")
    words = parser.parse_args()
    with tempfile.TemporaryDirectory() as scratch:
        seeds = range(words.seed, words.seed + words.repeats)
        broken = sum(run(words.seconds, seed, Path(scratch), words.only) for seed in seeds)
        sys.exit(min(1, broken))
