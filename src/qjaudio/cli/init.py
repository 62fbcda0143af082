"""`qjaudio init`."""

import contextlib
import datetime
import json
import re
import sys
from pathlib import Path
from typing import NamedTuple

import click

from qjaudio import config as settings
from qjaudio import store
from qjaudio.cli import options
from qjaudio.errors import QjaudioError, UsageError
from qjaudio.language import language, translated


class Question(NamedTuple):
    """A setting that is asked for, and stands in the file."""

    name: str
    asked: str
    """What is asked, and the comment above the line."""
    example: str
    """The line's value where there is no answer; it is commented out then."""


QUESTIONS = (
    Question("paper", "the paper's name, as its masthead has it", "今日某某"),
    Question("title", "the show's title; without it, the paper's name and 有声版", "某某早新闻"),
    Question("author", "who publishes the show", "某某县融媒体中心"),
    Question("email", "an address that Apple and listeners may write to", "radio@example.cn"),
    Question(
        "base_url", "where the files will be reached; needed to publish", "https://example.cn/qj/"
    ),
    Question(
        "epaper",
        "the first page of a day on the paper's site; without it, put pages into issues/DATE",
        "http://example.cn/html/{year}-{month}/{day}/node_1.htm",
    ),
    Question("days", "days on which the paper appears; without it, every day", "mon-fri"),
    Question("review", "whose signatures an edition needs: none, one or three", "three"),
    Question("voice", "auto, or one voice: qjaudio voices lists them", "kokoro:zm_yunxi"),
    Question("publish_to", "a folder, sftp://user@host/path or s3://bucket/folder", "/srv/www/qj"),
)
BRAND = (
    Question(
        "footer", "a line at the foot of every page, such as the ICP number", "某ICP备00000000号"
    ),
    Question("copyright", "who owns the show", "© 某某县融媒体中心"),
    Question("colour", "the colour of pages and covers; white letters stand on it", "#0b5c4a"),
    Question("logo", "a PNG or JPEG for pages and covers", "logo.png"),
    Question("cover", "the show's picture: square, 1,400 to 3,000 pixels", "cover.png"),
    Question("sting_file", "opening music of your own, 1 to 12 seconds", "opening.wav"),
    Question("bed_file", "music under the headlines, 4 to 300 seconds", "bed.mp3"),
    Question("phrases", "your own words for opening and sign-off", "phrases.toml"),
)


PLACES = Question(
    "places", "place names of the region that may be read wrongly, with commas between", ""
)


@click.command("init")
@click.argument("folder", metavar="[DIR]", default=".")
@click.option("--paper", metavar="NAME", help="The paper's name, as its masthead has it.")
@click.option("--title", metavar="TEXT", help="The show's title.")
@click.option("--author", metavar="TEXT", help="Who publishes the show.")
@click.option("--email", metavar="ADDRESS", help="An address to write to.")
@click.option("--base-url", metavar="URL", help="Where the files will be reached.")
@click.option("--epaper", metavar="URL", help="The first page of a day on the paper's site.")
@click.option("--days", metavar="DAYS", help="Days on which the paper appears: mon-fri.")
@click.option(
    "--review", metavar="KIND", help="Signatures that an edition needs: none, one, three."
)
@click.option("--voice", metavar="NAME", help="The voice: auto, an engine, or one voice.")
@click.option("--publish-to", metavar="TARGET", help="Where publish brings the show.")
@click.option(
    "--lang",
    type=click.Choice(["zh", "en"]),
    metavar="LANG",
    help="The language of messages: zh or en.",
)
@click.option("--places", metavar="NAMES", help="Place names of the region, with commas between.")
@click.option("--yes", is_flag=True, help="Ask nothing; leave blank what no option gives.")
def command(folder: str, places: str | None, yes: bool, lang: str | None, **given: str) -> int:
    """Begin a show in DIR: settings to fill in, folders, a first lexicon; then check.

    Asks for what no option says, and overwrites nothing.

    Example: qjaudio init radio --paper 今日衢江 --places 廿里,上方镇
    """
    root = Path(folder)
    path = root / settings.FILE
    if path.exists():
        raise UsageError(
            f"{path} is there already: nothing is overwritten",
            hint="edit it, or begin in another folder: qjaudio init DIR",
        )
    asking = not yes and sys.stdin.isatty()
    answers = {one.name: _answer_to(one, given.get(one.name), asking=asking) for one in QUESTIONS}
    answers["places"] = _answer_to(PLACES, places, asking=asking)
    answers["lang"] = lang or language()[:2]
    _write(root, answers, _check_answers(answers))
    options.answer(f"written  {path}")
    from qjaudio.cli.check import inspect_show

    with contextlib.chdir(root):
        return inspect_show(None, datetime.datetime.now(datetime.UTC), as_json=False)


def _answer_to(question: Question, given: str | None, *, asking: bool) -> str:
    """The option, else what is typed, asked for until it will do; empty where nothing is."""
    if given is not None or not asking:
        return given or ""
    example = f"  ({question.example})" if question.example else ""
    while True:
        typed = click.prompt(
            f"{translated(question.asked)}{example}", default="", show_default=False, err=True
        )
        try:
            _check_answers({question.name: typed.strip()})
        except QjaudioError as error:
            options.tell_error(translated(str(error)), translated(error.hint))
        else:
            return str(typed).strip()


def _check_answers(answers: dict[str, str]) -> str:
    """Look at answers as `check` does, and raise as it does; returns the lexicon's text."""
    from qjaudio.pipeline import checking  # late, as all that is heavy

    given = {name: answer for name, answer in answers.items() if answer and name != "places"}
    checking.prove_settings(settings.load_without_file(given, {}))
    return _lexicon([one.strip() for one in re.split("[,，、]", answers.get("places", ""))])


def _write(root: Path, answers: dict[str, str], words: str) -> None:
    """All files of a new show; those that are there stay as they are."""
    try:
        for folder in (root, root / "issues"):
            folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise store.not_writable(root, error) from error
    if not (lexicon := root / settings.LEXICON).exists():
        store.write_text(lexicon, words)
    store.write_text(root / settings.FILE, _settings_text(answers))


def _settings_text(answers: dict[str, str]) -> str:
    """The text of qjaudio.toml: what was answered, and the rest as comments to fill in."""
    asked = [*QUESTIONS, Question("lang", "the language of messages: zh or en", "zh")]
    wish = answers["lang"]
    lines = [
        f"# {translated('The settings of this show; more are in docs/reference/config.md', wish)}"
    ]
    for heading, rows in (("show", asked), ("brand", BRAND)):
        lines += ["", f"[{heading}]"]
        for one in rows:
            value = answers.get(one.name, "")
            shown = f"{one.name} = {json.dumps(value or one.example, ensure_ascii=False)}"
            lines += [f"# {translated(one.asked, wish)}", shown if value else f"# {shown}"]
    return "\n".join(lines) + "\n"


def _lexicon(places: list[str]) -> str:
    """A first lexicon: each place with the reading that we would take, to be looked at."""
    from qjaudio.script.lexicon import default_lexicon, parse_lexicon
    from qjaudio.script.pronounce import read_words

    rows = [f"# {translated(_LEXICON)}"]
    for place in filter(None, places):
        words = read_words(place, default_lexicon())
        reading = " ".join(one for word in words for one in word.chosen.reading)
        rows.append(f"{place}\t{reading}\t\t{translated('please check')}")
    text = "\n".join(rows) + "\n"
    parse_lexicon(text, "--places")
    return text


_LEXICON = "word<TAB>pinyin with tone digits<TAB>homophone for the online voice<TAB>note"
