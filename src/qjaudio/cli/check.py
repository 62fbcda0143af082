"""`qjaudio check`."""

import datetime
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

import click

from qjaudio import config as settings
from qjaudio.cli import options
from qjaudio.errors import IncompleteError, UsageError
from qjaudio.language import padded, translated

if TYPE_CHECKING:
    from qjaudio.pipeline.checking import Proof
    from qjaudio.pipeline.listening import Heard, Listening

_WORST = 8


@click.command("check")
@click.argument("date", required=False)
@click.option("--listen", is_flag=True, help="Also transcribe it with Whisper and compare.")
@options.all_of(options.out_option, options.json_option)
def command(date: str | None, listen: bool, out: str | None, as_json: bool) -> int:
    """Check the installation, or prove that the episode of DATE says all of its script.

    Example: qjaudio check 2025-05-20
    """
    now = datetime.datetime.now(datetime.UTC)
    if date:
        from qjaudio.pipeline.reading import parse_date  # late, as all that is heavy

        day = parse_date(date, now).isoformat()
        return _prove(settings.load({"out": out}), day, listen=listen, as_json=as_json)
    if listen:
        raise UsageError("--listen needs a date", hint="qjaudio check 2025-05-20 --listen")
    return inspect_show(out, now, as_json=as_json)


def inspect_show(out: str | None, now: datetime.datetime, *, as_json: bool) -> int:
    """Print the findings; returns the exit code that says whether tomorrow morning will work."""
    from qjaudio.pipeline import checking

    fault = None
    try:
        config = settings.load({"out": out})
    except UsageError as error:  # a finding like others: the rest is looked at all the same
        config, fault = settings.load_without_file({"out": out}), error
    findings = list(checking.installation(config, now, fault))
    if as_json:
        options.print_json([asdict(finding) for finding in findings])
    for finding in [] if as_json else findings:
        mark = "ok" if finding.good else "NO" if finding.needed else "-"
        hint = f" ({translated(finding.hint)})" if finding.hint else ""
        what = padded(translated(finding.what), 14)
        click.echo(f"{padded(translated(mark), 3)} {what} {translated(finding.found)}{hint}")
    return checking.exit_code(findings)


def _prove(config: settings.Config, date: str, *, listen: bool, as_json: bool) -> int:
    """Print the proof and what was heard; returns 3 when too little was."""
    from qjaudio.pipeline import checking, listening

    out = config.output
    proof = checking.prove(out, date)
    others = [one.output for one in config.editions[1:]]
    slow = [checking.prove(one, date) for one in others if date in one.dates()]
    heard = listening.listen_to_episode(out, date, config) if listen else None
    if as_json:
        more: dict[str, Any] = {"listening": _as_answer(heard)} if heard else {}
        more |= {"slow": asdict(slow[0])} if slow else {}
        options.print_json(asdict(proof) | more)
    else:
        _print(proof)
        for one in slow:
            options.answer("slow edition")
            _print(one)
        if heard:
            _print_heard(heard)
    return IncompleteError.exit_code if heard and not heard.good else 0


def _print(proof: "Proof") -> None:
    options.answer(f"coverage  {proof.spoken_chars} of {proof.selected_chars} characters spoken")
    options.answer(f"length    {proof.duration_ms / 1000:.1f} s")
    options.answer(f"to check  {proof.doubts} places, {proof.grave_doubts} of them grave")
    options.answer(f"loudness  {proof.lufs:.1f} LUFS, true peak {proof.true_peak:.1f} dBTP")


def _print_heard(heard: "Listening") -> None:
    from qjaudio.speech.recognition import RATE_LIMIT

    options.answer(f"heard     {heard.rate:.1%} of syllables wrong, {RATE_LIMIT:.0%} is the limit")
    options.answer(f"dropped   {len(heard.dropped)} of {len(heard.heard)} cues")
    for one in heard.worst[:_WORST]:
        if one.comparison.errors:
            mark = " DROPPED" if one.comparison.dropped else ""
            time = f"{one.stretch.start_ms / 1000:8.1f} s"
            click.echo(f"{time}  {one.comparison.rate:4.0%}  {one.stretch.text}{mark}")


def _as_answer(heard: "Listening") -> dict[str, Any]:
    """The same for a program: everything dropped, and the worst."""
    from qjaudio.speech.recognition import RATE_LIMIT

    return {
        "good": heard.good,
        "rate": round(heard.rate, 4),
        "limit": RATE_LIMIT,
        "cues": len(heard.heard),
        "dropped": [_cue(one) for one in heard.dropped],
        "worst": [_cue(one) for one in heard.worst[:_WORST]],
    }


def _cue(one: "Heard") -> dict[str, Any]:
    return {
        "start_s": one.stretch.start_ms / 1000,
        "rate": round(one.comparison.rate, 4),
        "text": one.stretch.text,
        "heard": one.text,
    }
