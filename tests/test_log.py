"""One line an event, safe to send to a stranger."""

import logging
import re

import pytest

from qjaudio import log
from qjaudio.config import Config


def line(event: str, /, secrets: tuple[str, ...] = (), **facts: object) -> str:
    """An event as it is written."""
    record = logging.LogRecord(
        "qjaudio.engines.wrappers", logging.WARNING, "x.py", 1, event, None, None
    )
    record.facts = facts
    return log.EventFormatter(secrets).format(record)


def test_a_line_is_time_level_place_event_and_facts() -> None:
    """Values with spaces or quotes are quoted, so that the line can be taken apart again."""
    found = line("retry", wait_s=1.5, reason='it said "no"', empty="", chars="甲乙")
    when, rest = found.split(" ", 1)
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}[+-]\d\d:\d\d", when)
    assert (
        'warning engines.wrappers retry wait_s=1.500 reason="it said \\"no\\"" empty="" chars=甲乙'
    ) == rest


@pytest.mark.parametrize("bad", ["\x1b[31m", "a\nb", "\r", "\x00", "\u2028", "\u202e", "\x9b2J"])
def test_no_page_steers_the_terminal(bad: str) -> None:
    """Escapes, line breaks, NUL and reversed text are spaces in event and facts."""
    found = line(f"said {bad}", text=f"page {bad} end")
    assert found.isprintable()
    assert len(found.splitlines()) == 1


def test_a_traceback_stays_behind_its_bar() -> None:
    """Each of its lines is marked, so that nothing in it can look like an event or a run."""
    try:
        raise ValueError("one\n=== 2026 two\x1b[2J")
    except ValueError as error:
        trace = (type(error), error, error.__traceback__)
    record = logging.LogRecord("qjaudio", logging.ERROR, "x.py", 1, "bug", None, trace)
    _, *rest = log.EventFormatter().format(record).splitlines()
    assert "  | Traceback (most recent call last):" == rest[0]
    assert all(row.startswith("  | ") and row.isprintable() for row in rest)


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("http://me:pa55@proxy:8080/x", "http://***@proxy:8080/x"),
        ("see https://t0ken@host/ now", "see https://***@host/ now"),
        ("http://h/feed.xml?key=abc&page=2", "http://h/feed.xml?key=***&page=2"),
        ("http://h/?id=3&access_token=abc", "http://h/?id=3&access_token=***"),
        ("editor@example.cn", "editor@example.cn"),
        ("http://h/node_1.htm?id=3", "http://h/node_1.htm?id=3"),
    ],
)
def test_passwords_in_addresses_are_taken_out(text: str, wanted: str) -> None:
    """What stands before the @ and keys in the query; the rest of the address stays."""
    assert wanted == log.without_passwords(text)
    assert wanted in line("x", reason=text)


def test_secrets_of_the_settings_are_in_no_line() -> None:
    """A password that a library quotes without its address is hidden too."""
    config = Config(engines={"edge": {"proxy": "http://me:pa55word@proxy:1"}}, title="")
    assert ("pa55word",) == log.secrets_of(config)
    assert "pa55word" not in line("x", log.secrets_of(config), reason="proxy refused pa55word")
    assert "pa55word" not in line("settings", **log.settings_of(config))
    assert {"voice", "engines"} <= set(log.settings_of(config))
    assert "title" not in log.settings_of(config)


def test_long_values_are_cut() -> None:
    """A headline of 100,000 characters is not a log."""
    assert 2 * log.MOST_CHARS > len(line("x", text="长" * 100_000))


def test_nobody_hears_without_asking(capsys: pytest.CaptureFixture[str]) -> None:
    """Silent by default, every event once after `speak_up`, silent again after `fall_silent`."""
    logger = logging.getLogger("qjaudio.somewhere")
    logger.warning("before")
    assert not logger.isEnabledFor(logging.INFO)
    log.speak_up()
    log.speak_up()
    logger.debug("during")
    log.fall_silent()
    logger.warning("after")
    said = capsys.readouterr().err
    assert (0, 1, 0) == (said.count("before"), said.count("during"), said.count("after"))
