"""The states of an edition: drafted, signed, published, withdrawn, restored.

An edition of a date is 待审, then 一审, 二审 and 终审 as it is signed, 已发布, and 已撤回 after a
withdrawal. Commands and the desk call these functions; they know of no terminal and no browser.
"""

import contextlib
import datetime
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from typing import Any

from qjaudio import store
from qjaudio.config import REVIEWS, Config
from qjaudio.episode.model import Episode
from qjaudio.errors import NotAnIssueError, NotWritableError, QjaudioError, UsageError
from qjaudio.pipeline import catalogue, publishing
from qjaudio.pipeline.journal import Act, Journal, JournalEntry, content_hash, record
from qjaudio.pipeline.locking import BusyError, locked
from qjaudio.pipeline.making import Made, Order, make_day
from qjaudio.pipeline.reporting import Progress
from qjaudio.pipeline.scripting import SCRIPT, SCRIPT_JSON
from qjaudio.store import OutFolder

WAITING, PUBLISHED, WITHDRAWN = "待审", "已发布", "已撤回"
_LONGEST_NAME, _LONGEST_WHY = 60, 2_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Signature:
    """What somebody has put their name to: one exact content of an edition."""

    role: str
    """`一审`, `二审` or `终审`."""
    who: str
    at: str
    """ISO 8601."""
    content: str
    """The hash of what was signed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Edition:
    """An issue on its way to being an episode."""

    date: str
    """ISO 8601."""
    state: str
    """`待审`, `一审`, `二审`, `终审`, `已发布` or `已撤回`."""
    signatures: tuple[Signature, ...] = ()
    """Those that hold for the content as it is now."""
    roles_left: tuple[str, ...] = ()
    """As whom it is still to be signed, in order."""
    content: str = ""
    """The hash of the draft as it is now; empty where there is none."""
    changed: tuple[str, ...] = ()
    """What was changed after the draft was made: `script`, `corrections`, `lexicon`, `voices`,
    `audio`. Such a draft is made again before anybody signs it."""
    publish_at: str = ""
    """When it is to be published; empty = at once after the last signature."""
    why: str = ""
    """Why it was returned or withdrawn."""
    duration_ms: int = 0
    withdrawn_stories: tuple[str, ...] = ()
    is_public: bool = False
    """Whether an episode of the date is in the feed: also an older one, beside a new draft."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Withdrawal:
    """What a withdrawal has reached."""

    date: str
    story: str
    """The headline; empty = the whole edition."""
    removed: tuple[str, ...]
    """The files that are no longer public here."""
    target: str = ""
    """The target of the settings; empty = there is none."""
    removed_there: tuple[str, ...] = ()
    left_there: tuple[str, ...] = ()
    """Files of the edition that lie there, and that we do not know to be ours."""
    exports_removed: tuple[str, ...] = ()
    """What `export` had written of it."""
    exports_left: tuple[str, ...] = ()
    """Those of them that somebody has changed since, and that stay."""
    error: str = ""
    """Why the target could not be reached; `publish` tries again."""


@dataclass(slots=True)
class _History:
    """What the journal says of one edition."""

    signed: list[Signature] = field(default_factory=list)
    withdrawn: dict[str, JournalEntry] = field(default_factory=dict)
    parts: dict[str, str] = field(default_factory=dict)
    """The hashes of the last draft's parts."""
    publish_at: str = ""
    why: str = ""

    def take(self, row: JournalEntry) -> None:
        """Take the next row into account."""
        match row.act:
            case "signed":
                one = Signature(role=row.role, who=row.who, at=row.at, content=row.content)
                self.signed.append(one)
                self.why = ""
            case "scheduled":
                self.publish_at = str(row.facts.get("publish_at", ""))
            case "drafted":
                self.parts, self.why = dict(row.facts.get("parts", {})), ""
            case "published":
                self.publish_at = self.why = ""
            case "withdrawn":
                self.withdrawn[row.story] = row
            case "restored":
                self.withdrawn.pop(row.story, None)
        if row.act in ("returned", "restored") or (row.act == "withdrawn" and not row.story):
            self.signed, self.publish_at, self.why = [], "", row.why


@dataclass(frozen=True, slots=True, kw_only=True)
class Review:
    """The editions of a show, as somebody looks at them or acts on them at one moment."""

    config: Config
    now: datetime.datetime
    """With its zone."""
    progress: Progress

    @property
    def out(self) -> OutFolder:
        """The output folder of the show."""
        return self.config.output

    def edition(self, date: str) -> Edition | None:
        """The edition of a date; None where there is neither a draft nor an episode."""
        return self._edition(date, Journal(self.out).entries(date))

    def editions(self, most: int = 30) -> tuple[Edition, ...]:
        """The newest editions, the newest first."""
        dates = {*self.out.dates(), *self._dates_to_sign(), *self.out.withdrawn.dates()}
        return tuple(filter(None, map(self.edition, sorted(dates, reverse=True)[:most])))

    def _dates_to_sign(self) -> set[str]:
        """The dates that have a draft."""
        return {date for one in self.config.editions for date in one.output.drafts.dates()}

    def _edition(self, date: str, rows: Iterable[JournalEntry]) -> Edition | None:
        history = _History()
        for row in rows:
            history.take(row)
        known = Edition(
            date=date,
            state=WITHDRAWN,
            signatures=tuple(history.signed),
            publish_at=history.publish_at,
            why=history.why,
            withdrawn_stories=tuple(filter(None, history.withdrawn)),
        )
        if "" in history.withdrawn:
            return known
        public = catalogue.finished_episode(self.out, date, self.config)
        if draft := catalogue.draft_of(self.out, self.config, date):
            return self._drafted(replace(known, is_public=bool(public)), *draft, history)
        if public is None:
            return None
        length = public.duration_ms
        return replace(known, state=PUBLISHED, is_public=True, duration_ms=length)

    def _drafted(
        self, known: Edition, draft: Episode, parts: dict[str, str], history: _History
    ) -> Edition:
        """What is known of an edition, with its draft as it is on the disk now."""
        content = content_hash(parts)
        valid = tuple(one for one in history.signed if one.content == content)
        roles = {one.role for one in valid}
        return replace(
            known,
            state=valid[-1].role if valid else WAITING,
            signatures=valid,
            roles_left=tuple(one for one in REVIEWS[self.config.review] if one not in roles),
            content=content,
            changed=tuple(name for name in parts if parts[name] != history.parts.get(name)),
            duration_ms=draft.duration_ms,
        )

    def approve(
        self, date: str, *, who: str, role: str = "", at: datetime.datetime | None = None
    ) -> Edition:
        """Sign the draft of a date as the next of the roles; the last signature publishes it.

        Nobody signs an edition twice, or as another than the next role. `at` is when to publish it,
        with the zone; None = as was said before, else at once.

        Raises:
            UsageError: there is nothing to sign, or not by this person, or not at this time.
            BusyError: it is being made at this moment.
            IncompleteError: somebody has tampered with the journal.
            QjaudioError: it is signed, and could not be published.
        """
        who = _clean(who, _LONGEST_NAME, "name")
        if at and at <= self.now:
            reason = f"the time to publish it has passed: {at:%Y-%m-%d %H:%M}"
            raise UsageError(reason, hint="give a later one, or none to publish it at once")
        with locked(self.out, date, self.now):
            Journal(self.out).check()
            signed = self._to_sign(date)
            if signed.roles_left:  # else a run that failed has left it signed and unpublished
                signed = self._signed(signed, who, role, at)
            if not self._is_due(signed):
                return signed
            self._publish(signed, who)
        self._send()
        return self.edition(date) or signed

    def _signed(
        self, edition: Edition, who: str, role: str, at: datetime.datetime | None
    ) -> Edition:
        following = edition.roles_left[0]
        if role not in ("", following):
            raise UsageError(f"the next signature is {following}, not {role}", hint="sign in order")
        signed_as = {one.who.casefold(): one.role for one in edition.signatures}
        if role := signed_as.get(who.casefold(), ""):
            reason = f"{who} has signed it already, as {role}"
            raise UsageError(reason, hint="somebody else has to sign next")
        if at:
            facts = {"publish_at": at.isoformat(timespec="seconds")}
            self._note(edition, "scheduled", who, facts=facts)
        self._note(edition, "signed", who, role=following)
        return self.edition(edition.date) or edition

    def _to_sign(self, date: str) -> Edition:
        """The edition of a date that may be signed or published now, or what stands in the way."""
        if self.config.review == "none":
            reason = "this show has no review: make publishes at once"
            raise UsageError(reason, hint='write review = "one" or "three" in qjaudio.toml')
        edition = self._with_draft(date)
        if edition.changed:
            changed = ", ".join(edition.changed)
            raise UsageError(
                f"after the draft of {date} was made this was changed: {changed}",
                hint=f"{catalogue.make_command(self.out, date)}, hear it, then sign",
            )
        if not (edition.roles_left or self._is_due(edition)):
            reason = f"{date} is signed, to be published at {edition.publish_at}"
            raise UsageError(reason, hint=f"to take it back: qjaudio return {date} --why …")
        return edition

    def _with_draft(self, date: str) -> Edition:
        """The edition of a date that has a draft."""
        edition = self.edition(date)
        state = edition.state if edition else ""
        if edition and edition.content and state not in (WITHDRAWN, PUBLISHED):
            return edition
        catalogue.refuse_withdrawn(self.out, date)
        if state == PUBLISHED:
            hint = f"to take it back: qjaudio withdraw {date}"
            raise NotAnIssueError(f"{date} is published already", hint=hint)
        hint = f"make one: {catalogue.make_command(self.out, date)}"
        raise NotAnIssueError(f"there is no draft of {date}", hint=hint)

    def send_back(self, date: str, *, who: str, why: str) -> Edition:
        """Return a draft with a reason; its signatures and time of publication are void."""
        who, why = _clean(who, _LONGEST_NAME, "name"), _clean(why, _LONGEST_WHY, "reason")
        with locked(self.out, date, self.now):
            edition = self._with_draft(date)
            self._note(edition, "returned", who, why=why)
        return self._with_draft(date)

    def publish_due(self) -> tuple[str, ...]:
        """Publish what has its last signature and whose time has come; returns the dates.

        Every `make`, `feed` and `publish` calls it, and so does a desk that runs. What a run that
        failed has left half done is taken up: signed and unpublished, withdrawn and public.

        Raises:
            QjaudioError: one could not be published.
        """
        done = []
        for date in sorted(self._dates_to_sign()) if self.config.review != "none" else ():
            rows = Journal(self.out).entries(date)
            signed = any(row.act == "signed" for row in rows)  # else no audio has to be hashed
            if not (signed and self._is_due(self._edition(date, rows))):
                continue
            with contextlib.suppress(BusyError), locked(self.out, date, self.now):
                Journal(self.out).check()
                edition = self.edition(date)  # another run may have published or returned it
                if edition and self._is_due(edition):
                    self._publish(edition, edition.signatures[-1].who)
                    done.append(date)
        gone = {date for date, of in Journal(self.out).withdrawals().items() if "" in of}
        late = {*self.out.withdrawn.dates()} - gone
        late |= {date for date in gone if self.out.published(date, ".mp3").exists()}
        try:
            if late:
                self._publish_feed()
            if done or late:
                self._send()
        except QjaudioError as error:
            self.progress.say(f"published here, and not there: {error}; run qjaudio publish")
        return tuple(done)

    def _is_due(self, edition: Edition | None) -> bool:
        """Whether all have signed what is there now, and the time of publication has come."""
        if not edition or not edition.signatures or edition.roles_left or edition.changed:
            return False
        at = edition.publish_at
        try:
            return not at or datetime.datetime.fromisoformat(at) <= self.now
        except (ValueError, TypeError):
            return False

    def _publish(self, edition: Edition, who: str) -> None:
        """Put a draft into the place of what is public; the feed names whole files all the time."""
        date, tell = edition.date, self.progress.say
        drafted = [one for one in self.config.editions if date in one.output.drafts.dates()]
        for one in drafted:
            if former := catalogue.recorded_episode(one.output, date):
                publishing.make_way(one.output, one, former.episode, tell=tell)
            catalogue.copy_episode(one.output.drafts, one.output, date)
        self._note(edition, "published", who)
        for one in drafted:
            catalogue.drop_episode(one.output.drafts, date)
        self._publish_feed()

    def _publish_feed(self) -> None:
        try:
            publishing.publish_feed(self.out, self.config, tell=self.progress.say)
        except (BusyError, NotWritableError) as error:
            again = "publish" if self.config.publish_to else "feed"
            reason = f"it is in the journal, and not carried out yet: {error}"
            raise type(error)(reason, hint=f"when that is put right: qjaudio {again}") from error

    def _send(self) -> publishing.Mirrored | None:
        """Bring the show to the target of the settings, if they have one."""
        if not self.config.publish_to:
            return None
        return publishing.mirror(
            target=None, config=self.config, out=self.out, progress=self.progress, now=self.now
        )

    def withdraw(
        self, date: str, *, who: str, why: str, story: str = "", origin: str | None = None
    ) -> Withdrawal:
        """Take an edition back, here and at the target of the settings, or one `story` of it.

        No run makes it again until it is restored. Without a story all that is public of it goes.
        With its headline the episode is made again without it, from `origin` if given, under the
        same guid; where more than that would be other than what was signed, the whole edition
        goes, and the new one waits for signatures.

        Raises:
            UsageError: name or reason are empty, or there is no such story.
            NotAnIssueError: there is no edition of that date.
            QjaudioError: the episode could not be made without the story, which is still in it.
        """
        who, why = _clean(who, _LONGEST_NAME, "name"), _clean(why, _LONGEST_WHY, "reason")
        edition = self.edition(date)
        if edition is None:
            reason = f"there is no edition of {date}"
            raise NotAnIssueError(reason, hint="qjaudio status lists them")
        if edition.state == WITHDRAWN:
            reason = f"{date} is withdrawn already"
            raise UsageError(reason, hint=f"qjaudio journal {date} says by whom")
        before, exported = self._public_files(date), catalogue.exports_of(self.out, date)
        facts = {"sentence": _longest_sentence(self.out, date, story)} if story else {}
        self._note(edition, "withdrawn", who, why=why, story=story, facts=facts)
        if story:
            self._remake(date, origin, who, why)
            catalogue.remove_exports(self.out, date)
        self._publish_feed()
        done = Withdrawal(
            date=date,
            story=story,
            removed=tuple(sorted(before - self._public_files(date))),
            exports_removed=tuple(str(path) for path in exported if not path.exists()),
            exports_left=tuple(str(path) for path in exported if path.exists()),
            target=self.config.publish_to,
        )
        try:
            sent = self._send()
        except QjaudioError as error:
            return replace(done, error=str(error))
        if sent is None:
            return done
        return replace(done, target=sent.target, removed_there=sent.removed, left_there=sent.left)

    def _public_files(self, date: str) -> set[str]:
        """The files of the episodes of a date that the world may see, of all editions."""
        roots = (one.output.root for one in self.config.editions)
        paths = (path for root in roots for path in root.glob(f"{date}.*"))
        return {path.relative_to(self.out.root).as_posix() for path in paths}

    def _remake(self, date: str, origin: str | None, who: str, why: str) -> None:
        """Make a date without a story; publish it if nothing in it is other than what was."""
        former = catalogue.recorded_episode(self.out, date)
        try:
            made = self._make(date, origin)
        except QjaudioError as error:
            raise type(error)(
                f"{error}; until it is made again the episode of {date} still has that story",
                hint=f"{error.hint}; or withdraw all of it: qjaudio withdraw {date} --why …",
            ) from error
        if former is None or not isinstance(made, Made) or not made.draft:
            return
        edition = self._with_draft(date)
        said = iter(cue.text for cue in former.episode.cues)
        if all(cue.text in said for cue in made.episode.cues):  # in the same order, nothing new
            with locked(self.out, date, self.now):
                self._publish(edition, who)
        else:
            self._note(edition, "withdrawn", who, why=why)

    def _make(self, date: str, origin: str | None) -> object:
        day, order = datetime.date.fromisoformat(date), Order(origin=origin, words=("make", date))
        return make_day(day, self.config, order, now=self.now, progress=self.progress)

    def restore(
        self, date: str, *, who: str, why: str = "", origin: str | None = None
    ) -> Edition | None:
        """Take a withdrawal back: that of the whole edition, else those of its stories.

        With a review it is a draft again, to be signed again; without one it is published.

        Raises:
            UsageError: nothing of that date is withdrawn.
            QjaudioError: it is restored, and could not be made or published.
        """
        who = _clean(who, _LONGEST_NAME, "name")
        withdrawn = Journal(self.out).withdrawals().get(date, {})
        if not withdrawn:
            raise UsageError(f"nothing of {date} is withdrawn", hint="qjaudio status lists what is")
        known, whole = Edition(date=date, state=WITHDRAWN), "" in withdrawn
        for story in [""] if whole else withdrawn:
            self._note(known, "restored", who, why=why[:_LONGEST_WHY], story=story)
        if not whole:
            self._make(date, origin)
        self._publish_feed()
        edition = self.edition(date)
        if edition and edition.is_public:
            self._send()
        return edition

    def _note(self, edition: Edition, act: Act, who: str, **more: Any) -> None:
        at = self.now.isoformat(timespec="seconds")
        entry = JournalEntry(
            at=at, date=edition.date, act=act, who=who, content=edition.content, **more
        )
        record(self.out, self.config, entry, self.progress.say)


def stories_of(out: OutFolder, date: str) -> tuple[str, ...]:
    """The headlines of the stories of a date, in the order in which they are told."""
    return tuple(str(part["title"]) for part in _told_parts(out, date))


def _told_parts(out: OutFolder, date: str) -> list[dict[str, Any]]:
    parts = (store.read_json(out.stage(date, SCRIPT_JSON)) or {}).get("parts", [])
    return [part for part in parts if part["kind"] == "story"]


def _longest_sentence(out: OutFolder, date: str, story: str) -> str:
    """The sentence by which a story is known again under another headline."""
    parts = _told_parts(out, date)
    found = next((part for part in parts if part["title"] == story), None)
    if found is None:
        reason = f"{date} has no story “{story}”"
        raise UsageError(reason, hint=f"they stand in {out.stage(date, SCRIPT)}")
    if len(parts) == 1:
        hint = f"qjaudio withdraw {date} --why … takes all of it"
        raise UsageError(f"{date} has no other story", hint=hint)
    texts = (str(line["text"]) for line in found["lines"] if line["kind"] == "body")
    return max(texts, key=len, default="")


def _clean(text: str, most: int, what: str) -> str:
    """A name or a reason as the journal keeps it."""
    known = " ".join(unicodedata.normalize("NFKC", text).split())
    if not known or len(known) > most or not known.isprintable():
        reason = f"the {what} is empty, longer than {most} characters or cannot be shown"
        raise UsageError(reason, hint=f"give another {what}")
    return known
