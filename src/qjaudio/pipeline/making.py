"""`make`: from a date to a published episode."""

import datetime
import json
import logging
import shutil
from dataclasses import asdict, dataclass, replace
from pathlib import Path

from qjaudio import __version__, rules, store
from qjaudio.config import Config
from qjaudio.engines.cached import ClipCache
from qjaudio.engines.wrappers import Breaker
from qjaudio.episode.mix import ClipFile, mix
from qjaudio.episode.model import Episode, to_record
from qjaudio.episode.music import Levels, place_music
from qjaudio.episode.tag import write_tags
from qjaudio.episode.timeline import lay_out
from qjaudio.feed.rss import publication_time
from qjaudio.paper.model import Issue, issue_json
from qjaudio.pipeline import catalogue, listening, locking, publishing, reporting, voicing
from qjaudio.pipeline.days import CHINA
from qjaudio.pipeline.reporting import Progress
from qjaudio.pipeline.scripting import digest_of, former_hash
from qjaudio.script.compose import lunar_date, weekday
from qjaudio.script.model import Script
from qjaudio.script.prepare import Scripted
from qjaudio.speech.cast import Cast
from qjaudio.speech.plan import plan
from qjaudio.store import OutFolder

_log = logging.getLogger(__name__)
MORNING = datetime.time(6, 0, tzinfo=CHINA)
"""An episode made later is dated to the morning of its paper, so that feeds stay in order."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Made:
    """What a run has made, or found to be made already."""

    episode: Episode
    audio: Path
    feed: Path
    fresh: bool
    """Whether anything was spoken or mixed in this run."""
    clips_spoken: int = 0
    listened: dict[str, int] | None = None
    """With `verify`: clips `listened` to, spoken `again`, and `better` for it."""


def make(  # noqa: PLR0913 - all by name
    *,
    issue: Issue,
    scripted: Scripted,
    config: Config,
    out: OutFolder,
    progress: Progress,
    now: datetime.datetime,
    verify: bool = False,
    publish: bool = True,
) -> Made:
    """Speak, mix and publish a script. Nothing is published unless all of it was spoken.

    With `verify` a recogniser listens to every clip, and what it does not understand is said again.
    `publish=False` leaves feed and pages to the caller, except while an episode is replaced.

    Raises:
        EngineError: no engine could speak.
        IncompleteError: something could not be spoken whole.
        NotWritableError: `out/` cannot be written.
        UsageError: another run is making the same date, or `out/` holds somebody else's pages.
    """
    publishing.check_replaces_nothing(out.root, publishing.SITE, is_ours=catalogue.is_show(out))
    chain = voicing.chain_of(config)
    listens = listening.Ear(config) if verify else None
    job = _Job(
        issue, scripted, voicing.cast_of(config, chain), config, out, progress, listens, publish
    )
    with locking.locked(out, scripted.script.date, now):
        return _made(job, chain, now)


def _made(job: "_Job", chain: voicing.EngineChain, now: datetime.datetime) -> Made:
    """What is there already, or what the engine of the chain makes that can speak."""
    out, date = job.out, job.scripted.script.date
    former = catalogue.published_episode(out, date)
    is_there = former and not former.stem and catalogue.is_same(out, date, former)
    stays = job.config.voice == voicing.AUTO or (former and former.engine in chain.engines)
    if former and is_there and stays and _unchanged(former, job):
        publishing.mend_companions(out, former, job.weekday())
        write_stages(out, job.issue, job.scripted)
        job.publish_feed()
        return Made(episode=former, audio=out.published(date, ".mp3"), feed=out.feed, fresh=False)

    def attempt(name: str) -> Made:
        offline = name != chain.engines[0] and not voicing.is_online(name)
        return job.run(name, now, former, offline=offline)

    return voicing.speak_with_first(chain, attempt, job.progress.say, "the whole episode")


def _unchanged(former: Episode, job: "_Job") -> bool:
    """Whether what shapes the audio is what it was when `former` was made."""
    record = store.read_json(job.out.stage(former.date, "episode.json")) or {}
    inputs = inputs_of(job.scripted.script, job.cast, former.engine, job.config)
    is_heard = job.ear is None or record.get("listened_by") == job.ear.identity
    return record.get("inputs") == inputs and is_heard


def inputs_of(script: Script, cast: Cast, engine: str, config: Config) -> str:
    """One hash of everything that shapes the audio of an episode."""
    identity = voicing.make_engine(engine, config).identity
    parts = [__version__, asdict(script), repr(cast), identity, rules.phrases("pauses")]
    parts.append(asdict(levels_of(config)))
    return digest_of(json.dumps(parts, ensure_ascii=False, default=str))


def levels_of(config: Config) -> Levels:
    """The music of the settings."""
    return Levels(sting=config.sting, bed=config.bed, chime=config.chime, closing=config.closing)


@dataclass(frozen=True, slots=True)
class _Job:
    """One run with everything it needs but the engine."""

    issue: Issue
    scripted: Scripted
    cast: Cast
    config: Config
    out: OutFolder
    progress: Progress
    ear: listening.Ear | None = None
    publish: bool = True

    def publish_feed(self) -> None:
        """Write feed and pages, unless the caller does."""
        if self.publish:
            with reporting.stage("feed"):
                publishing.publish_feed(self.out, self.config)

    def run(
        self,
        engine_name: str,
        now: datetime.datetime,
        former: Episode | None,
        *,
        offline: bool = False,
    ) -> Made:
        """Speak with one engine, then mix and publish."""
        script = self.scripted.script
        cache = ClipCache(self.out.cache / "clips")
        breaker = Breaker()
        readers = self.cast.assigned(script)
        engine = voicing.engine_for(engine_name, self.config, cache, breaker, readers)
        heard = self.ear.listened(engine, cache) if self.ear else None
        utterances = plan(script, self.cast, engine, rules.phrases("pauses"))
        with locking.workspace(self.out, script.date) as workspace:
            reel = ClipFile(workspace / "reel.pcm")
            title = f"speaking with {engine_name}"
            with self.progress.step(title, len(utterances)) as spoke:
                reel.record(voicing.spoken(utterances, heard or engine, spoke, breaker))
            levels = levels_of(self.config)
            music = {"lead_ms": levels.lead_ms, "tail_ms": levels.tail_ms}
            episode = lay_out(script, utterances, reel.durations_ms, **music)
            episode = self._described(episode, engine_name, former, now, offline=offline)
            with self.progress.step("mixing", 1) as mixed:
                audio, cover = self._mixed(reel, episode, levels, workspace)
                mixed()
            episode = replace(
                episode, audio_bytes=audio.stat().st_size, audio_sha256=store.sha256_of(audio)
            )
            if former:
                publishing.make_way(self.out, self.config, former)
            elif self.out.published(episode.date, ".mp3").exists():
                publishing.publish_feed(self.out, self.config)  # it may name what is replaced now
            with reporting.stage("publishing"):
                self._publish(episode, audio, cover, engine_name)
        self.publish_feed()
        cache.prune()
        if heard:
            self.progress.say(listening.summary(heard.counts))
        return Made(
            episode=episode,
            audio=self.out.published(episode.date, ".mp3"),
            feed=self.out.feed,
            fresh=True,
            clips_spoken=engine.misses,
            listened=heard.counts if heard else None,
        )

    def _mixed(
        self, reel: ClipFile, episode: Episode, levels: Levels, workspace: Path
    ) -> tuple[Path, bytes]:
        """The tagged MP3 in the workspace, and the picture that it shows."""
        audio = workspace / f"{episode.date}.mp3"
        mix(reel.clips(), episode, audio, layers=place_music(episode, levels))
        cover = publishing.cover_of(episode, self.weekday())
        album = publishing.show_of(self.config, episode.paper).title
        text = _plain(self.scripted.script)
        write_tags(audio, episode, album=album, cover=cover, script_text=text)
        return audio, cover

    def _described(
        self,
        episode: Episode,
        engine_name: str,
        former: Episode | None,
        now: datetime.datetime,
        *,
        offline: bool,
    ) -> Episode:
        day = datetime.date.fromisoformat(episode.date)
        first = former.published if former else _first_published(self.out, episode.date, now)
        return replace(
            publishing.titled(episode),
            engine=engine_name,
            offline=offline,
            lunar_date=self.issue.masthead.lunar_date or lunar_date(day),
            issue_number=self.issue.masthead.issue_number,
            published=first,
        )

    def weekday(self) -> str:
        """The day of the week, as the picture shows it."""
        return weekday(datetime.date.fromisoformat(self.scripted.script.date))

    def _publish(self, episode: Episode, audio: Path, cover: bytes, engine_name: str) -> None:
        """All files of the episode; the record that makes it count comes last."""
        publishing.write_companions(self.out, episode, cover)
        write_stages(self.out, self.issue, self.scripted)
        with store.writing(self.out.published(episode.date, ".mp3")) as beside:
            shutil.copyfile(audio, beside)
        inputs = inputs_of(self.scripted.script, self.cast, engine_name, self.config)
        store.write_json(
            self.out.stage(episode.date, "episode.json"),
            {**to_record(episode), "inputs": inputs, "listened_by": self.ear and self.ear.identity},
        )


def _first_published(out: OutFolder, date: str, now: datetime.datetime) -> str:
    """The morning of the paper, or now if that is earlier; after the episode before it.

    A clock that is behind must not put today's episode below those of last year.
    """
    morning = datetime.datetime.combine(datetime.date.fromisoformat(date), MORNING)
    first = min(morning, now)
    before = catalogue.last_before(out, date)
    if before and first <= publication_time(before) < morning:
        first = publication_time(before) + datetime.timedelta(seconds=1)
    return first.isoformat(timespec="seconds")


def write_stages(out: OutFolder, issue: Issue, scripted: Scripted) -> Path:
    """issue.json, script.json and script.md of a date; returns the path of script.md.

    script.json goes first and knows both texts, the new one and that which it replaces: whichever
    of them a run that dies leaves behind is not taken for an editor's.
    """
    date = scripted.script.date
    markdown = out.stage(date, "script.md")
    store.write_json(out.stage(date, "issue.json"), issue_json(issue))
    ours = None if scripted.edited else digest_of(scripted.markdown)
    former = None if scripted.edited else former_hash(out, date, digest_of(scripted.markdown))
    store.write_json(
        out.stage(date, "script.json"),
        {"markdown_sha256": ours, "former_sha256": former, **asdict(scripted.script)},
    )
    if not scripted.edited:
        store.write_text(markdown, scripted.markdown)
    return markdown


def _plain(script: Script) -> str:
    """The script as plain text, for the lyrics frame."""
    return "\n".join(line.text for part in script.parts for line in part.lines)
