"""`qjaudio status`, `approve`, `return`, `withdraw`, `restore` and `journal`."""

import datetime
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

import click

from qjaudio import config as settings
from qjaudio.cli import options
from qjaudio.cli.export import export_published
from qjaudio.cli.options import Talk
from qjaudio.errors import EngineError, IncompleteError, NotAnIssueError, UsageError
from qjaudio.language import translated

if TYPE_CHECKING:
    from qjaudio.pipeline.journal import JournalEntry
    from qjaudio.pipeline.review import Edition, Review, Withdrawal

_date_argument = click.argument("date")
_as_option = click.option(
    "--as", "who", metavar="NAME", help="Who does it; default: the system's user."
)
_why_option = click.option(
    "--why", required=True, help="The reason, for the journal and the webhook."
)


def _open_review(out: str | None) -> "Review":
    from qjaudio.pipeline.review import Review  # late, as all that is heavy

    now = datetime.datetime.now(datetime.UTC)
    return Review(config=settings.load({"out": out}), now=now, progress=Talk())


def _day_of(review: "Review", word: str) -> str:
    from qjaudio.pipeline.reading import parse_date

    return parse_date(word, review.now).isoformat()


def _name(given: str | None) -> str:
    from qjaudio.pipeline.journal import system_user

    return given if given is not None else system_user()


@click.command("status")
@click.argument("date", required=False)
@options.all_of(options.out_option, options.json_option)
def status(date: str | None, out: str | None, as_json: bool) -> None:
    """Show the states of the newest editions, or of that of DATE.

    Example: qjaudio status 2025-05-20
    """
    review = _open_review(out)
    day = _day_of(review, date) if date else ""
    found = [*filter(None, [review.edition(day)])] if day else review.editions()
    if day and not found:
        raise NotAnIssueError(f"there is no edition of {day}", hint="qjaudio status lists them")
    if as_json:
        options.print_json([asdict(edition) for edition in found])
        return
    for edition in found:
        options.answer(_edition_line(edition))
    if not found:
        options.answer("there is no edition yet; make one: qjaudio make today")


def _edition_line(edition: "Edition") -> str:
    """Date, state and length of an edition, who has signed it, and what it waits for."""
    from qjaudio.pipeline.reading import time_in_china

    length = options.clock_text(edition.duration_ms)
    signed = "、".join(f"{one.role} {one.who}" for one in edition.signatures)
    waits = {
        "signed": signed,
        "next": edition.roles_left[0] if edition.roles_left else "",
        "changed since the draft": ", ".join(map(translated, edition.changed)),
        "to be published": time_in_china(edition.publish_at),
        "why": edition.why,
        "withdrawn": "、".join(edition.withdrawn_stories),
    }
    told = "  ".join(f"{translated(name)}: {value}" for name, value in waits.items() if value)
    return f"{edition.date}  {edition.state}  {length}  {told}".rstrip()


def _print_edition(edition: "Edition | None", *, as_json: bool) -> None:
    if as_json:
        options.print_json(asdict(edition) if edition else None)
    elif edition:
        options.answer(_edition_line(edition))


@click.command("approve")
@_date_argument
@click.option("--as", "who", metavar="NAME", required=True, help="Who signs.")
@click.option("--role", help="The role: 一审, 二审 or 终审; default: the next.")
@click.option(
    "--at", metavar="TIME", help="When to publish it, in China: HH:MM or YYYY-MM-DDTHH:MM."
)
@options.all_of(options.out_option, options.json_option)
def approve(
    date: str, who: str, role: str | None, at: str | None, out: str | None, as_json: bool
) -> None:
    """Sign the draft of DATE as the next in order; the last signature publishes it.

    A signature is for one exact content: script, corrections, readings, voices and audio. What is
    changed later has to be signed again. With --at it is published by the first run of make, feed
    or publish after that time, or by a desk.

    Example: qjaudio approve 2025-05-20 --as 王编辑 --at 07:00
    """
    review = _open_review(out)
    when = _moment_of(at, review.now) if at else None
    edition = review.approve(_day_of(review, date), who=who, role=role or "", at=when)
    _print_edition(edition, as_json=as_json)
    if not edition.roles_left and edition.is_public:
        export_published(review.config, (edition.date,), review.now)


def _moment_of(text: str, now: datetime.datetime) -> datetime.datetime:
    """A time of today in China, or a day with its time."""
    from qjaudio.pipeline.reading import CHINA

    today = now.astimezone(CHINA).date()
    try:
        moment = datetime.datetime.fromisoformat(text if "-" in text else f"{today}T{text}")
    except ValueError as error:
        reason = f"--at {text!r} is not a time"
        raise UsageError(reason, hint="write --at 07:00 or --at 2025-05-21T07:00") from error
    return moment if moment.tzinfo else moment.replace(tzinfo=CHINA)


@click.command("return")
@_date_argument
@options.all_of(_as_option, _why_option, options.out_option, options.json_option)
def send_back(date: str, who: str | None, why: str, out: str | None, as_json: bool) -> None:
    """Send the draft of DATE back with a reason; its signatures are void.

    Example: qjaudio return 2025-05-20 --why 第三条标题有误
    """
    review = _open_review(out)
    edition = review.send_back(_day_of(review, date), who=_name(who), why=why)
    _print_edition(edition, as_json=as_json)


@click.command("withdraw")
@_date_argument
@click.option("--story", type=click.IntRange(1), metavar="N", help="Only its story N, as numbered.")
@options.all_of(
    _as_option, _why_option, options.from_option, options.out_option, options.json_option
)
def withdraw(
    date: str,
    story: int | None,
    who: str | None,
    why: str,
    origin: str | None,
    out: str | None,
    as_json: bool,
) -> int:
    """Take the episode of DATE back, here and at the target of the settings, or one story of it.

    Audio, page, transcripts, picture and the place in the feed go; no run makes it again until it
    is restored. Without story N the episode is made again under the same guid.

    Example: qjaudio withdraw 2025-05-20 --why 来稿有误
    """
    from qjaudio.pipeline.review import stories_of

    review = _open_review(out)
    day = _day_of(review, date)
    stories = stories_of(review.out, day) if story else ()
    if story and story > len(stories):
        raise UsageError(f"{day} has {len(stories)} stories", hint="give --story one of them")
    headline = stories[story - 1] if story else ""
    done = review.withdraw(day, who=_name(who), why=why, story=headline, origin=origin)
    if as_json:
        options.print_json(asdict(done))
    else:
        options.answer("\n".join(_told(done)))
    return EngineError.exit_code if done.error or done.left_there or done.exports_left else 0


def _told(done: "Withdrawal") -> list[str]:
    """What was reached, what was not, and what cannot be."""
    what = f"story “{done.story}” of {done.date}" if done.story else done.date
    again = "the episode is made again without it" if done.story else ""
    lines = [f"withdrawn  {what}", f"here       {again or f'{len(done.removed)} files removed'}"]
    if done.exports_removed:
        lines.append(f"exports    {len(done.exports_removed)} files removed")
    if done.exports_left:
        lines.append(f"NOT here   remove these by hand: {', '.join(done.exports_left)}")
    if done.target and not done.error:
        count = len(done.removed_there)
        there = f"{done.target}: {again}" if again else f"{count} files removed from {done.target}"
        lines.append(f"there      {there}")
    if done.error:
        lines.append(f"NOT there  {done.target}: {done.error}; run qjaudio publish")
    if done.left_there:
        lines.append(f"NOT there  remove these by hand: {', '.join(done.left_there)}")
    return [*lines, "beyond us  what apps and listeners have downloaded; caches of others"]


@click.command("restore")
@_date_argument
@click.option("--why", default="", help="The reason, for the journal.")
@options.all_of(_as_option, options.from_option, options.out_option, options.json_option)
def restore(
    date: str, why: str, who: str | None, origin: str | None, out: str | None, as_json: bool
) -> None:
    """Undo the withdrawal of DATE, or those of its stories.

    With a review it is a draft again, to be signed; without one it is published at once.

    Example: qjaudio restore 2025-05-20
    """
    review = _open_review(out)
    edition = review.restore(_day_of(review, date), who=_name(who), why=why, origin=origin)
    _print_edition(edition, as_json=as_json)


@click.command("journal")
@click.argument("date", required=False)
@click.option("--csv", "as_csv", is_flag=True, help="Print all columns for a spreadsheet.")
@click.option("--test-webhook", is_flag=True, help="Send the webhook a test message.")
@options.all_of(options.out_option, options.json_option)
def journal(
    date: str | None, as_csv: bool, test_webhook: bool, out: str | None, as_json: bool
) -> int:
    """Show what has happened to the edition of DATE, or to all.

    It is kept in .journal.sqlite in the output folder: back that up with the audio.

    Example: qjaudio journal 2025-05-20
    """
    from qjaudio.pipeline.journal import Journal, journal_csv

    review = _open_review(out)
    if test_webhook:
        return _test_webhook(review)
    there = Journal(review.out)
    found, faults = there.entries(_day_of(review, date) if date else ""), there.faults()
    if as_json:
        options.print_json({"entries": [asdict(entry) for entry in found], "faults": faults})
    elif as_csv:
        click.echo("\ufeff" + journal_csv(found), nl=False)
    else:
        for row in found:
            click.echo(_journal_line(row))
    for fault in faults:
        options.tell(f"the journal was tampered with: {fault}")
    return IncompleteError.exit_code if faults else 0


def _journal_line(row: "JournalEntry") -> str:
    """A row for a person: when it was in China, what was done, by whom, and why."""
    from qjaudio.pipeline.reading import time_in_china

    more = ", ".join(map(translated, row.facts.get("changed", ())))
    more += f" ({'、'.join(row.facts['by'])})" if more and row.facts.get("by") else ""
    changed = more and translated(f"changed: {more}")
    at = time_in_china(row.at, "%Y-%m-%d %H:%M:%S")
    words = (at, row.date, translated(row.act), row.role, row.who, row.story, row.why, changed)
    return "  ".join(filter(None, words))


def _test_webhook(review: "Review") -> int:
    from qjaudio.pipeline.journal import call_webhook

    if not review.config.webhook:
        raise UsageError("there is no webhook", hint='write webhook = "https://…" in qjaudio.toml')
    signed = "signed" if review.config.webhook_secret else "without a secret, so not signed"
    message: dict[str, Any] = {"act": "test", "at": review.now.isoformat(timespec="seconds")}
    options.answer(f"the webhook answered {call_webhook(review.config, message)} ({signed})")
    return 0


OF_REVIEW = {
    "status": status,
    "approve": approve,
    "return": send_back,
    "withdraw": withdraw,
    "restore": restore,
    "journal": journal,
}
