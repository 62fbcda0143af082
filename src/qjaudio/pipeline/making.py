"""`make`: from a date to a published episode."""

import contextlib
import datetime
import logging
import shutil
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, field, replace
from functools import cached_property
from pathlib import Path

from qjaudio import rules, store
from qjaudio.config import LOUDEST_DB, UNNAMED, Config
from qjaudio.engines.wrappers import ClipCache
from qjaudio.episode.mix import mix
from qjaudio.episode.model import Episode, lay_out, to_record
from qjaudio.episode.music import Levels, place_music
from qjaudio.episode.tag import write_tags
from qjaudio.errors import EngineError, IncompleteError, NoPaperError, NotAnIssueError, QjaudioError
from qjaudio.feed.rss import publication_time
from qjaudio.paper.model import Issue, doubt_lines
from qjaudio.pipeline import (
    branding,
    catalogue,
    listening,
    locking,
    publishing,
    reading,
    reporting,
    scripting,
    voicing,
)
from qjaudio.pipeline.freshness import fingerprint
from qjaudio.pipeline.journal import Journal, note_draft
from qjaudio.pipeline.lexicons import lexicon_path
from qjaudio.pipeline.reading import CORRECTIONS, issue_of
from qjaudio.pipeline.reporting import Progress
from qjaudio.pipeline.voicing import Speaker, Spoken, rehearse
from qjaudio.script.compose import lunar_date, weekday
from qjaudio.script.model import Script, script_json
from qjaudio.script.prepare import Scripted
from qjaudio.speech.plan import Cast
from qjaudio.store import OutFolder, Shelf

UNCHANGED = "the episode is finished already, and nothing has changed"
DRAFT = "a draft, which waits for its signatures"
_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """How a day is to be made: the options of `make` that are no settings."""

    origin: str | None = None
    """Where the pages are; None = as the settings say."""
    force: bool = False
    verify: bool = False
    dry_run: bool = False
    """Nothing is written; only what the episode would be is told."""
    may_lack: bool = False
    """A day without a paper is not an error."""
    expect_by: datetime.time | None = None
    """The same, until this time in China."""
    publish: bool = True
    """Whether to write feed and pages; else the caller does."""
    words: tuple[str, ...] = ("make",)
    """The command as typed, for the log."""

    @property
    def unwatched(self) -> bool:
        """Whether it may be a timer's: then what somebody is writing is left alone."""
        return self.may_lack or self.expect_by is not None


@dataclass(frozen=True, slots=True, kw_only=True)
class Made:
    """What a run has made, or found to be made already."""

    episode: Episode
    audio: Path
    feed: Path
    fresh: bool
    """Whether anything was spoken or mixed in this run."""
    draft: bool = False
    """Whether it waits for signatures: then nothing public shows it."""
    clips_spoken: int = 0
    doubts: Mapping[str, int] = field(default_factory=dict)
    """How many places are to be checked: those in `grave` doubt, and the `slight` ones."""
    listened: dict[str, int] | None = None
    """With `verify`: clips `listened` to, spoken `again`, and `better` for it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Rehearsed:
    """What a dry run has found: the episode as it would be, by timed silence."""

    episode: Episode
    remarks: tuple[str, ...] = ()
    """What the producer should know of the script."""


@dataclass(frozen=True, slots=True, kw_only=True)
class NotMade:
    """Why nothing was made, and that this is as it should be."""

    date: str
    reason: str
    withdrawn: bool = False


class LateError(NotAnIssueError):
    """The time by which a paper was expected is over, and there is none."""


_NO_NAME = 'the pages do not name their paper: write paper = "…" in qjaudio.toml'


def make_day(
    day: datetime.date, config: Config, order: Order, *, now: datetime.datetime, progress: Progress
) -> Made | NotMade | Rehearsed:
    """Make the episode of a day, or say why there is nothing to make.

    Raises:
        QjaudioError: it could not be made; what was published before is as it was.
    """
    out = config.output
    words, date = list(order.words), day.isoformat()
    with reporting.logged(out, date, config, now, words, dry_run=order.dry_run) as run:
        talk = reporting.Logged(progress, run)
        branding.check(config)
        with reporting.stage("reading"):
            issue = find_issue(day, config, order, now)
        if isinstance(issue, NotMade):
            return issue
        talk.say(f"{issue.masthead.paper} {day}: {len(issue.articles)} articles")
        with reporting.stage("script"):
            found = scripting.find_script(out, date, links_to=config.links_to)
            path = out.stage(date, scripting.SCRIPT)
            if order.unwatched and (wait := scripting.check_finished(found, path, now, config)):
                talk.say(wait)
                return NotMade(date=date, reason=wait)
            scripted = scripting.script_issue(issue, config, out, found)
        if config.strict:
            check_doubts(issue, scripted, day)
        silent = voicing.chain_of(config).engines == (voicing.SILENT,)
        rehearses = order.dry_run or (silent and not config.publishes_silence)
        see = "" if rehearses else str(out.stage(date, scripting.SCRIPT_JSON))
        remarks = [_NO_NAME] * (issue.masthead.paper == UNNAMED)
        for remark in (*remarks, *scripted.messages(see=see)):
            talk.say(remark)
        if rehearses:
            return _rehearsed(issue, scripted, config, now)
        job = EpisodeJob(
            issue=issue, scripted=scripted, config=config, out=out, progress=talk, now=now,
            found=found, verify=order.verify and not silent, publish=order.publish,
        )  # fmt: skip
        made = job.make()
        for one in config.editions[1:]:
            other = job.of_edition(one).make()
            talk.say(f"slow edition: {other.audio}, {other.episode.duration_ms / 60_000:.1f} min")
            made = replace(made, draft=made.draft or other.draft)
            if order.publish:
                publishing.publish_feed(out, config, tell=talk.say)
        note_if_drafted(date, config, now, talk.say)
        return made


def note_if_drafted(
    date: str, config: Config, now: datetime.datetime, tell: Callable[[str], None]
) -> None:
    """Note in the journal what a run has left to be signed, if anything."""
    out = config.output
    draft = catalogue.draft_of(out, config, date) if config.review != "none" else None
    if not draft:
        return
    files = {"corrections": out.stage(date, CORRECTIONS), "lexicon": lexicon_path(config)}
    files["script"] = out.stage(date, scripting.SCRIPT)

    def owner(part: str) -> str:
        with contextlib.suppress(OSError, KeyError, NotImplementedError):
            return files[part].owner()
        return ""

    note_draft(out, config, date, draft[1], now=now, tell=tell, owner=owner)


def check_doubts(issue: Issue, scripted: Scripted, day: datetime.date) -> None:
    """Raise IncompleteError where the pages or the script are in grave doubt."""
    told = [*zip(issue.doubts, doubt_lines(issue), strict=True)]
    told += [(doubt, f"“{doubt.what}”：{doubt.why}") for doubt in scripted.script.doubts]
    grave = [line for doubt, line in told if doubt.kind == "grave"]
    if grave:
        more = f"; and {len(grave) - _NAMED_DOUBTS} more" if len(grave) > _NAMED_DOUBTS else ""
        raise IncompleteError(
            f"strict: {len(grave)} in grave doubt: {'; '.join(grave[:_NAMED_DOUBTS])}{more}",
            hint=f"look at qjaudio read {day} --html; put them right, or write checked = true, in "
            f"{CORRECTIONS} of that date; or make it without --strict",
        )


_NAMED_DOUBTS = 3
"""So many are named in one error; the others are counted."""


def find_issue(
    day: datetime.date, config: Config, order: Order, now: datetime.datetime
) -> Issue | NotMade:
    """The issue of a day, or why there is nothing to make of it today, where that is not a failure.

    A finished episode needs nothing: then neither a site that is down nor one that has taken the
    issue away is a failure.

    Raises:
        LateError: there is neither paper nor episode on a day that should have one, too late.
        EngineError, NotAnIssueError: the site cannot be reached; what is there cannot be read.
    """
    date, out = day.isoformat(), config.output
    if gone := Journal(out).withdrawals().get(date, {}).get(""):
        reason = f"withdrawn by {gone.who} at {reading.time_in_china(gone.at)}: {gone.why}"
        reason = f"{reason} (qjaudio restore {date} takes that back)"
        return NotMade(date=date, reason=reason, withdrawn=True)
    try:
        return issue_of(day, order.origin, config, force=order.force)
    except (NoPaperError, EngineError) as error:
        if not order.unwatched:
            raise
        _log.info("no_paper", extra={"facts": {"kind": type(error).__name__, "reason": error}})
        if catalogue.finished_episode(out, date, config):
            reason = f"the episode is finished; its paper could not be read again: {error}"
            return NotMade(date=date, reason=reason)
        if isinstance(error, EngineError):
            raise
        if order.expect_by and reading.is_late(day, order.expect_by, now, config.paper_days):
            raise LateError(
                f"late: at {order.expect_by:%H:%M} in China there was no paper: {error}",
                hint=f"when it is out: {catalogue.make_command(out, date)}; "
                "days without one: days, no_paper in qjaudio.toml",
            ) from error
        is_expected = config.paper_days.has(day)
        expected = "" if is_expected else f"no paper is expected on {day:%A} {date}: "
        return NotMade(date=date, reason=f"{expected}{error}")


@dataclass(frozen=True, kw_only=True)
class EpisodeJob:
    """One episode to be made, with everything that it needs."""

    issue: Issue
    scripted: Scripted
    config: Config
    out: OutFolder
    progress: Progress
    now: datetime.datetime
    found: scripting.FoundScript
    """script.md as it was read."""
    verify: bool = False
    """Whether a recogniser has to listen to every clip, whatever the setting `verify` says."""
    publish: bool = True
    """Whether to write feed and pages; else the caller does, but while an episode is replaced."""

    def make(self) -> Made:
        """Speak, mix and publish. Nothing is published unless all of it was spoken.

        Raises:
            EngineError, IncompleteError: no engine could speak, or not all of it.
            NotWritableError: `out/` cannot be written.
            UsageError: another run is making the same date, or `out/` holds files of others.
        """
        is_ours = catalogue.is_show(self.out)
        names = (*publishing.SITE, self.out.published(self.date, ".mp3").name)
        publishing.check_replaces_nothing(self.out.root, names, is_ours=is_ours)
        with locking.locked(self.out, self.date, self.now):
            former = catalogue.recorded_episode(self.out, self.date)
            if former and self.is_fresh(former):
                made = self.refresh(former)
            elif self.config.review == "none":
                made = self.produce(former)
            else:
                made = self.draft(former)
            if not made.draft:
                catalogue.drop_episode(self.out.drafts, self.date)
            if self.publish and not made.draft:
                with reporting.stage("feed"):
                    publishing.publish_feed(self.out, self.config, tell=self.progress.say)
        if remark := publishing.insecure_remark(self.config):
            self.progress.say(remark)
        facts = {"fresh": made.fresh, "clips_spoken": made.clips_spoken, "feed": made.feed}
        reporting.log_episode(made.episode, facts)
        doubts = (*self.issue.doubts, *self.scripted.script.doubts)
        return replace(made, doubts=Counter(doubt.kind for doubt in doubts))

    def draft(self, former: catalogue.Recorded | None) -> Made:
        """Make what is to be signed, beside what is public; `former` is what that is."""
        shelf = replace(self, out=self.out.drafts)
        there = catalogue.recorded_episode(shelf.out, self.date)
        fresh = there and shelf.is_fresh(there)
        made = shelf.refresh(there) if there and fresh else shelf.produce(former)
        return replace(made, draft=True)

    def of_edition(self, config: Config) -> "EpisodeJob":
        """The job for another edition: the same script, without the headlines before the stories.

        Its feed is to be written together with the show's own.
        """
        script = self.scripted.script
        parts = tuple(part for part in script.parts if part.kind != "headlines")
        scripted = replace(self.scripted, script=replace(script, parts=parts))
        return replace(self, scripted=scripted, config=config, out=config.output, publish=False)

    @cached_property
    def cast(self) -> Cast:
        """The voices of the readers."""
        return voicing.cast_of(self.config, voicing.chain_of(self.config))

    @cached_property
    def listener(self) -> listening.ClipListener | None:
        """Who listens to the clips, if anybody does."""
        silent = voicing.chain_of(self.config).engines == (voicing.SILENT,)
        return None if silent else listening.listener_of(self.config, asked_for=self.verify)

    @property
    def date(self) -> str:
        """ISO 8601."""
        return self.scripted.script.date

    @property
    def weekday(self) -> str:
        """As the cover has it."""
        return weekday(datetime.date.fromisoformat(self.date))

    def is_fresh(self, former: catalogue.Recorded) -> bool:
        """Whether a finished episode is what this run would make.

        What an engine has said stays under `auto`, whichever would be taken today; but for timed
        silence, which nobody has said. Where that is asked for, all clips were listened to.
        """
        episode, engines = former.episode, voicing.chain_of(self.config).engines
        is_auto = self.config.voice == voicing.AUTO and episode.engine != voicing.SILENT
        if not (is_auto or episode.engine in engines) or episode.stem:
            return False
        try:
            if self.verify and self.listener and former.listened_by != self.listener.identity:
                return False
            if former.inputs != self.inputs(episode.engine):
                return False
        except QjaudioError as error:  # its engine is not installed (any more)
            _log.info("engine_gone", extra={"facts": {"engine": episode.engine, "reason": error}})
            return False
        return catalogue.is_same(self.out, self.date, episode)

    def inputs(self, engine: str) -> str:
        """The fingerprint of everything that shapes the audio."""
        return audio_fingerprint(self.scripted.script, self.cast, engine, self.config)

    def refresh(self, former: catalogue.Recorded) -> Made:
        """Leave a finished episode as it is, and write what is missing beside it."""
        publishing.restore_companions(self.out, former.episode, self.weekday, self.config)
        self._write_stages()
        return self._made(former.episode, fresh=False)

    def produce(self, former: catalogue.Recorded | None) -> Made:
        """Speak, mix, and put all files in their place; the record that makes them count last."""
        cache = ClipCache(self.config.clip_folder)
        speaker = Speaker(
            config=self.config, cast=self.cast, cache=cache, progress=self.progress,
            listener=self.listener,
        )  # fmt: skip
        with locking.workspace(self.out, self.date) as workspace:
            spoken = speaker.speak(self.scripted.script, workspace)
            first = former.episode.published if former else self._first_published()
            planned = planned_episode(self.issue, self.scripted, spoken, self.config, first)
            with self.progress.step("mixing", 1) as mixed:
                audio, cover = self._mix(spoken, planned, workspace)
                mixed()
            size, sha256 = audio.stat().st_size, store.sha256_of(audio)
            updated = planned.updated
            if former:
                same = former.episode.audio_sha256 == sha256  # made again what had been spoiled
                now = self.now.isoformat(timespec="seconds")
                updated = former.episode.updated if same else now
            episode = replace(planned, audio_bytes=size, audio_sha256=sha256, updated=updated)
            self._make_way(former)
            with reporting.stage("publishing"):
                self._put_in_place(episode, audio, cover)
        cache.prune()
        if spoken.listened and spoken.listened["listened"]:
            self.progress.say(listening.listening_summary(spoken.listened))
        made = self._made(episode, fresh=True)
        return replace(made, clips_spoken=spoken.clips_spoken, listened=spoken.listened)

    def _made(self, episode: Episode, *, fresh: bool) -> Made:
        audio = self.out.published(self.date, ".mp3")
        return Made(episode=episode, audio=audio, feed=self.out.feed, fresh=fresh)

    def _first_published(self) -> str:
        """The morning of the paper, or now if that is earlier; after the episode before it.

        A clock that is behind must not put today's episode below those of last year.
        """
        at = branding.publication_of(self.config).replace(tzinfo=reading.CHINA)
        morning = datetime.datetime.combine(datetime.date.fromisoformat(self.date), at)
        first = min(morning, self.now)
        before = catalogue.last_before(OutFolder(self.out.root), self.date)
        if before and first <= publication_time(before) < morning:
            first = publication_time(before) + datetime.timedelta(seconds=1)
        return first.isoformat(timespec="seconds")

    def _mix(self, spoken: Spoken, episode: Episode, workspace: Path) -> tuple[Path, bytes]:
        """The tagged MP3 in the workspace, and the picture that it shows."""
        audio = workspace / f"{self.date}.mp3"
        layers = place_music(episode, levels_of(self.config))
        mix(spoken.clips_of(), episode, audio, layers=layers)
        cover = publishing.cover_of(episode, self.weekday, self.config)
        show = publishing.show_of(self.config, episode.paper)
        text = "\n".join(line.text for part in self.scripted.script.parts for line in part.lines)
        maker = publishing.maker_of(self.out, self.config, episode)
        write_tags(audio, episode, album=show.title, cover=cover, script_text=text, maker=maker)
        return audio, cover

    def _make_way(self, former: catalogue.Recorded | None) -> None:
        """Have the feed name no file that is replaced now; a draft replaces none."""
        if isinstance(self.out, Shelf):
            return
        if former:
            publishing.make_way(self.out, self.config, former.episode, tell=self.progress.say)
        elif self.out.published(self.date, ".mp3").exists():
            publishing.publish_feed(self.out, self.config, tell=self.progress.say)

    def _put_in_place(self, episode: Episode, audio: Path, cover: bytes) -> None:
        publishing.write_companions(self.out, episode, cover)
        self._write_stages()
        with store.writing(self.out.published(self.date, ".mp3")) as beside:
            shutil.copyfile(audio, beside)
        hears_all = self.listener and self.listener.hears_all(voicing.is_online(episode.engine))
        listened_by = self.listener.identity if self.listener and hears_all else None
        more = {"inputs": self.inputs(episode.engine), "listened_by": listened_by}
        store.write_json(
            self.out.stage(self.date, catalogue.RECORD), {**to_record(episode), **more}
        )

    def _write_stages(self) -> None:
        if self.config.edition:  # issue and script.md are those of the show itself
            script = script_json(self.scripted.script)
            store.write_json(self.out.stage(self.date, scripting.SCRIPT_JSON), script)
            return
        for remark in scripting.write_stages(self.out, self.issue, self.scripted, self.found):
            self.progress.say(remark)


def audio_fingerprint(script: Script, cast: Cast, engine: str, config: Config) -> str:
    """The fingerprint of all that shapes an episode's audio; QjaudioError: no such engine."""
    identity = voicing.make_engine(engine, config).identity
    music, pauses = asdict(levels_of(config)), rules.phrases("pauses")
    return fingerprint("audio", asdict(script), cast, identity, pauses, music, config.pace)


def levels_of(config: Config) -> Levels:
    """The music of the settings."""
    own_sting, own_bed = branding.music_of(config)
    levels = {name: getattr(config, name) for name in LOUDEST_DB}
    return Levels(**levels, own_sting=own_sting, own_bed=own_bed)


def planned_episode(
    issue: Issue, scripted: Scripted, spoken: Spoken, config: Config, published: str
) -> Episode:
    """The episode as it is to be mixed: all but its file."""
    script, masthead, levels = scripted.script, issue.masthead, levels_of(config)
    day = datetime.date.fromisoformat(script.date)
    lead, tail = levels.lead_ms, levels.tail_ms
    utterances, lengths = spoken.utterances, spoken.durations_ms
    return replace(
        lay_out(script, utterances, lengths, lead_ms=lead, tail_ms=tail),
        title=publishing.episode_title(script),
        engine=spoken.engine,
        offline=spoken.offline,
        lunar_date=masthead.lunar_date or lunar_date(day),
        issue_number=masthead.issue_number,
        published=published,
    )


def _rehearsed(
    issue: Issue, scripted: Scripted, config: Config, now: datetime.datetime
) -> Rehearsed:
    cast = voicing.cast_of(config, voicing.chain_of(config))
    spoken = rehearse(scripted.script, cast, config.pace)
    published = now.isoformat(timespec="seconds")
    episode = planned_episode(issue, scripted, spoken, config, published)
    return Rehearsed(episode=episode, remarks=scripted.messages())
