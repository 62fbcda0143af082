"""What the desk answers about one edition: its pages, its forms, its sound, and its signatures."""

import asyncio
import datetime
import logging
import time
from collections.abc import AsyncIterator, Callable, Mapping
from dataclasses import dataclass
from functools import cached_property, lru_cache, partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from aiohttp import hdrs, web

from qjaudio.config import REVIEWS, Config
from qjaudio.desk import edits
from qjaudio.desk.accounts import ADMIN, EDITOR, FINAL, FIRST, ROLES, SECOND, RefusedError, Visit
from qjaudio.desk.editions import Editions, OpenEdition, ShownLine
from qjaudio.desk.sound import Drafts, Sounds
from qjaudio.errors import QjaudioError
from qjaudio.language import CHINESE, translated
from qjaudio.paper.sentences import sentences
from qjaudio.pipeline import lexicons
from qjaudio.pipeline.journal import Journal, JournalEntry
from qjaudio.pipeline.reading import CHINA, is_date, time_in_china
from qjaudio.pipeline.reporting import Quiet
from qjaudio.pipeline.review import WITHDRAWN, Edition, Review
from qjaudio.script.model import Script
from qjaudio.store import OutFolder

if TYPE_CHECKING:
    from jinja2 import Environment

LONGEST_READING_S = 2.5
"""A page that is read for longer is waited for by the browser, not by the connection."""
SEEN_S = 60.0
"""Who has an edition open says so every 20 s."""
PAUSE_S = 5.0
"""After the last change, before the audio is made ahead."""
WORKING = (EDITOR, FIRST, SECOND, FINAL)
"""Who may put an edition right."""
RETURNING = (FIRST, SECOND, FINAL)
VISIT = web.RequestKey("visit", Visit)
"""Who asks."""
WATCH_S = 30.0
_LOG = logging.getLogger(__name__)


def wants_fragment(request: web.Request) -> bool:
    """Whether our script asks, which puts the answer into the page that is there."""
    return "X-Fragment" in request.headers


async def form_of(request: web.Request) -> dict[str, str]:
    """The fields of a form that was sent."""
    return {name: str(value) for name, value in (await request.post()).items()}


class EditionPages:
    """The answers, and what they share."""

    def __init__(self, config: Config) -> None:
        self.config = config
        self.editions, self.sounds, self.drafts = Editions(config), Sounds(config), Drafts(config)
        self._present: dict[str, dict[str, float]] = {}
        self._opening: dict[str, asyncio.Task[OpenEdition]] = {}
        self._saving: dict[str, asyncio.Lock] = {}

    @cached_property
    def _templates(self) -> "Environment":
        from jinja2 import Environment, PackageLoader, StrictUndefined

        made = Environment(
            loader=PackageLoader("qjaudio.desk"), undefined=StrictUndefined, autoescape=True,
            trim_blocks=True, lstrip_blocks=True,
        )  # fmt: skip
        made.filters.update(pinyin=_marked, clock=_clock, moment=time_in_china)
        made.filters["chinese"] = partial(translated, wish=CHINESE)
        made.globals.update(
            roles=ROLES, admin=ADMIN, weekday=_day_of_week, told=edits.in_words, split=sentences
        )
        return made

    def page(
        self, request: web.Request, template: str, *, status: int = 200, **facts: Any
    ) -> web.Response:
        """What a template makes of some facts."""
        visit = request.get(VISIT)
        me, form_key = (visit.account, visit.form_key) if visit else (None, "")
        show = self.config.title or self.config.paper or "有声版"
        facts |= {"visit": visit, "me": me, "form_key": form_key, "show": show}
        text = self._templates.get_template(template).render(facts)
        return web.Response(text=text, status=status, content_type="text/html")

    def notice(
        self, request: web.Request, status: int, message: str, more: str = ""
    ) -> web.Response:
        """A message in words."""
        name = "notice.html" if wants_fragment(request) else "message.html"
        return self.page(request, name, status=status, message=message, more=more)

    def require(self, request: web.Request, *roles: str) -> Visit:
        """Who asks, if they have one of these roles; else the request is refused."""
        visit: Visit | None = request.get(VISIT)
        if visit is None or not visit.account.may(*roles):
            raise web.HTTPForbidden
        return visit

    async def today(self, request: web.Request) -> web.StreamResponse:
        """The list of editions."""
        listed = await asyncio.to_thread(self.editions.dates)
        found = {one.date: one for one in await asyncio.to_thread(self._review().editions)}
        rows = [(one, self._others(one.date, ""), found.get(one.date)) for one in listed]
        return self.page(request, "today.html", rows=rows)

    def _others(self, date: str, name: str) -> list[str]:
        """Who else has an edition open."""
        present, now = self._present.get(date, {}), time.monotonic()
        return sorted(one for one, at in present.items() if one != name and now - at < SEEN_S)

    def _reading(self, date: str) -> "asyncio.Task[OpenEdition]":
        """The one task that reads an edition, for all who ask for it."""
        if not is_date(date):
            raise web.HTTPNotFound
        if date not in self._opening:
            task = asyncio.create_task(asyncio.to_thread(self.editions.open, date))
            self._opening[date] = task
            task.add_done_callback(lambda done: self._read(date, done))
        return self._opening[date]

    def _read(self, date: str, done: "asyncio.Task[OpenEdition]") -> None:
        """Forget the task that has read an edition; whoever waits for it gets its error."""
        self._opening.pop(date, None)
        if not done.cancelled():
            done.exception()

    async def _open(self, request: web.Request) -> OpenEdition:
        """The edition of the address."""
        edition = await asyncio.shield(self._reading(request.match_info["date"]))
        who = request[VISIT].account.name
        self._present.setdefault(edition.date, {})[who] = time.monotonic()
        return edition

    async def edition(self, request: web.Request) -> web.StreamResponse:
        """An edition beside its pages; while they are read, the browser comes again."""
        date = request.match_info["date"]
        done, _ = await asyncio.wait([self._reading(date)], timeout=LONGEST_READING_S)
        if not done:
            page = self.page(request, "reading_page.html", date=date)
            page.headers["Refresh"] = "2"
            return page
        return await self._work(request, await self._open(request), "edition.html")

    async def _work(
        self, request: web.Request, edition: OpenEdition, name: str, message: str = ""
    ) -> web.Response:
        account = request[VISIT].account
        readings = await asyncio.to_thread(self._editor(request).readings)
        standing = await asyncio.to_thread(self._standing, edition.date)
        works = account.may(*WORKING) and not standing.is_locked
        others = self._others(edition.date, account.name)
        return self.page(
            request, name, edition=edition, works=works, others=others, readings=readings,
            message=message, standing=standing,
        )  # fmt: skip

    def _review(self) -> Review:
        now = datetime.datetime.now(datetime.UTC)
        return Review(config=self.config, now=now, progress=Quiet())

    def _standing(self, date: str) -> "_Standing":
        return _Standing(
            date=date,
            edition=self._review().edition(date),
            roles=REVIEWS[self.config.review],
            share=self.drafts.share(date),
            failure=translated(self.drafts.failures.get(date, ""), CHINESE),
            rows=tuple(reversed(Journal(self.config.output).entries(date))),
            faults=tuple(translated(one, CHINESE) for one in _faults_of(self.config.output)),
        )

    def _editor(self, request: web.Request) -> edits.Editor:
        return edits.Editor(self.editions, request.match_info["date"], request[VISIT].account.name)

    async def picture(self, request: web.Request) -> web.StreamResponse:
        """The picture of a page."""
        picture = (await self._open(request)).pictures.get(int(request.match_info["number"]))
        if picture is None:
            raise web.HTTPNotFound
        headers = {hdrs.CACHE_CONTROL: "private, max-age=3600"}
        return web.Response(body=picture.jpeg, content_type="image/jpeg", headers=headers)

    async def line(self, request: web.Request) -> web.StreamResponse:
        """The form in which a sentence is changed."""
        edition = await self._open(request)
        line = _asked_line(edition, request)
        story = next((one for one in edition.stories if one.part == line.part), None)
        return self.page(request, "line.html", edition=edition, line=line, story=story)

    async def story(self, request: web.Request) -> web.StreamResponse:
        """The forms in which a story is changed."""
        edition = await self._open(request)
        story = edition.story(request.query.get("name", ""))
        if story is None:
            raise RefusedError("这一条刚刚被改过，请刷新")
        others = [one for one in edition.stories if one.name and one.name != story.name]
        at = edition.stories.index(story)
        near = ["", *(one.name for one in edition.stories if one.name and one.number), ""]
        place = near.index(story.name) if story.name in near else 0
        above, below = (near[place - 1], near[place + 1]) if place else ("", "")
        return self.page(
            request, "story.html", edition=edition, story=story, others=others, above=above,
            below=below, at=at,
        )  # fmt: skip

    async def reading(self, request: web.Request) -> web.StreamResponse:
        """The words of a sentence with their readings, and one of them with all it could be."""
        edition = await self._open(request)
        line = _asked_line(edition, request)
        words = edits.words_of_line(line.line)
        at = edits.number_in(request.query.get("at"), -1)
        here = (n for n, (word, start) in enumerate(words) if 0 <= at - start < len(word.text))
        number = edits.number_in(request.query.get("word"), next(here, -1) if at >= 0 else -1)
        word = words[number][0] if 0 <= number < len(words) else None
        shown = edits.choices(word.text, word.citation or word.pinyin) if word else ()
        return self.page(
            request, "reading.html", edition=edition, line=line, words=[one for one, _ in words],
            number=number, word=word, choices=shown,
        )  # fmt: skip

    async def persons(self, request: web.Request) -> web.StreamResponse:
        """The persons of the edition."""
        edition = await self._open(request)
        known = (await asyncio.to_thread(lexicons.own_lexicon, self.config)).entries
        people = edition.scripted.people
        return self.page(request, "persons.html", edition=edition, people=people, known=known)

    async def sound(self, request: web.Request) -> web.StreamResponse:
        """A sentence as it will sound."""
        edition = await self._open(request)
        line = edition.line(*edits.line_named(request.query))
        if line is None:
            raise web.HTTPNotFound
        return await self._heard(request, edition.scripted.script, line.part, line.index)

    async def say(self, request: web.Request) -> web.StreamResponse:
        """A word, read in one way."""
        word, spoken = request.query.get("text", ""), request.query.get("reading", "")

        def said() -> Script:
            lexicon = lexicons.lexicon_of(self.config, request.match_info["date"])
            return edits.said_as(word, spoken, lexicon)

        return await self._heard(request, await asyncio.to_thread(said), 0, 0)

    async def _heard(
        self, request: web.Request, script: Script, part: int, line: int
    ) -> web.Response:
        """The sound of a sentence, or of a piece of it and the address of the next one."""
        piece, most = (edits.number_in(request.query.get(name), 0) for name in ("piece", "most"))
        asked = (script, part, line, piece, most)
        wav, more = await asyncio.to_thread(self.sounds.sentence, *asked)
        rest = str(request.rel_url.update_query(piece=piece + 1, most=more)) if more else ""
        kept = "no-store" if piece or more else "private, max-age=60"  # soon it is heard whole
        headers = {"Cache-Control": kept, "X-Rest": rest}
        return web.Response(body=wav, content_type="audio/wav", headers=headers)

    async def seen(self, request: web.Request) -> web.StreamResponse:
        """Who else has the edition open, and whether what is shown is still what it is."""
        edition = await self._open(request)
        others = self._others(edition.date, request[VISIT].account.name)
        stale = edition.version != request.query.get("version")
        return self.page(request, "seen.html", others=others, stale=stale)

    async def change(self, request: web.Request) -> web.StreamResponse:
        """Put something right; the answer is the edition as it is then."""
        self.require(request, *WORKING)
        await self._open(request)
        form, editor = await form_of(request), self._editor(request)
        wanted = edits.CHANGES.get(form.get("action", ""))
        if wanted is None:
            raise web.HTTPBadRequest
        async with self._saving.setdefault(editor.date, asyncio.Lock()):
            standing = await asyncio.to_thread(self._standing, editor.date)
            if standing.is_locked:
                raise RefusedError("已经有人签发，文字锁定了；要改请先退回")
            try:
                await asyncio.to_thread(wanted, editor, form)
            except edits.ConflictError as error:
                return self.page(
                    request, "conflict.html", status=409, error=error, form=form, date=editor.date
                )
            edition = await asyncio.to_thread(self.editions.open, editor.date)
        if self.config.review != "none":
            self.drafts.plan(editor.date, after_s=PAUSE_S)
        if not wants_fragment(request):
            raise web.HTTPSeeOther(f"/edition/{editor.date}")
        return await self._work(request, edition, "work.html", "已保存")

    async def signing(self, request: web.Request) -> web.StreamResponse:
        """How far the edition is: its draft, its signatures, its journal."""
        edition = await self._open(request)
        standing = await asyncio.to_thread(self._standing, edition.date)
        return self.page(request, "sign.html", edition=edition, standing=standing)

    async def episode(self, request: web.Request) -> web.StreamResponse:
        """The audio of the draft, else that which is public."""
        date, out = request.match_info["date"], self.config.output
        paths = (shelf.published(date, ".mp3") for shelf in (out.drafts, out))
        path = next(filter(Path.is_file, paths), None) if is_date(date) else None
        if path is None:
            raise web.HTTPNotFound
        return web.FileResponse(path)

    async def sign(self, request: web.Request) -> web.StreamResponse:
        """Sign, return, make, publish, withdraw or restore."""
        edition = await self._open(request)
        form = await form_of(request)
        act, roles = _ACTS.get(form.get("action", ""), (None, ()))
        if not roles:
            raise web.HTTPBadRequest
        visit, date = self.require(request, *roles), edition.date
        if act is None:
            if form["action"] == "make" and self.config.review == "none":
                raise RefusedError("本节目不设审核：制作就是发布，请点“发布”")
            self.drafts.plan(date)
        else:
            standing = await asyncio.to_thread(self._standing, date)
            if standing.share is not None and not (
                form["action"] in ("withdraw", "restore") and standing.is_for_all(form)
            ):
                raise RefusedError("音频正在制作，做好以后再来；整期撤稿不用等")
            await asyncio.to_thread(act, self._review(), standing, visit, form)
        if not wants_fragment(request):
            raise web.HTTPSeeOther(f"/edition/{date}#sign")
        now = await asyncio.to_thread(self.editions.open, date)
        return await self._work(request, now, "work.html", "已完成")

    async def keep_watch(self, _app: web.Application) -> AsyncIterator[None]:
        """While the application runs: have the voices ready, and publish what is due."""
        task = asyncio.create_task(self._watch())
        yield
        task.cancel()

    async def _watch(self) -> None:
        while True:
            for work in (self.sounds.get_ready, self._review().publish_due):
                try:
                    await asyncio.to_thread(work)
                except QjaudioError as error:
                    _LOG.warning("%s", error)
                except Exception:
                    _LOG.exception("what is done every half minute failed")
            await asyncio.sleep(WATCH_S)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Standing:
    """How far an edition is."""

    date: str
    edition: Edition | None
    roles: tuple[str, ...]
    """As whom it is signed, in order; empty = this show has no review."""
    share: float | None
    """How far its audio is, where it is being made."""
    failure: str
    rows: tuple[JournalEntry, ...]
    faults: tuple[str, ...]

    @property
    def state(self) -> str:
        """Where it is."""
        return self.edition.state if self.edition else "未制作"

    @property
    def is_fresh(self) -> bool:
        """Whether there is a draft, made of what is there now."""
        return bool(self.edition and self.edition.content and not self.edition.changed)

    @property
    def is_locked(self) -> bool:
        """Whether somebody has signed what is not public yet."""
        return bool(self.edition and self.edition.content and self.edition.signatures)

    def is_for_all(self, form: Mapping[str, str]) -> bool:
        """Whether a withdrawal, or taking one back, is of the whole edition: it makes no audio."""
        return not form.get("story") if form["action"] == "withdraw" else self.state == WITHDRAWN

    @property
    def following(self) -> str:
        """As whom it is signed next; empty where it cannot be signed now."""
        left = self.edition.roles_left if self.edition and self.is_fresh else ()
        return left[0] if left and self.share is None else ""


def _faults_of(out: OutFolder) -> tuple[str, ...]:
    """What is wrong with the journal: it is read whole once after each change, not for each page.

    Whoever signs has it read again.
    """
    try:
        now = Journal(out).path.stat()
    except OSError:  # there is none yet, or it is gone
        return Journal(out).faults()
    # Times that somebody has put back do not hide a change: that of the entry tells of it.
    return _faults_in(out, (now.st_ino, now.st_size, now.st_mtime_ns, now.st_ctime_ns))


@lru_cache(maxsize=4)
def _faults_in(out: OutFolder, _looks: tuple[int, ...]) -> tuple[str, ...]:
    return Journal(out).faults()


def _approve(review: Review, standing: _Standing, visit: Visit, form: Mapping[str, str]) -> None:
    role, edition = standing.following, standing.edition
    if not role or edition is None:
        raise RefusedError("现在没有可签的：先把音频草稿做好")
    if not visit.account.may(role):
        raise RefusedError(f"下一步是{role}，要由有“{role}”角色的人签")
    if any(one.who == visit.account.name for one in edition.signatures):
        raise RefusedError("您已经签过这一期：每一审由不同的人签")
    if form.get("content") != edition.content:
        raise RefusedError("您看的时候，内容又变了：请刷新、看过再签")
    at = None
    if form.get("at"):
        try:
            at = datetime.datetime.fromisoformat(form["at"]).replace(tzinfo=CHINA)
        except ValueError as error:
            raise RefusedError("发布时间没有看懂") from error
    review.approve(standing.date, who=visit.account.name, role=role, at=at)


def _reason_of(form: Mapping[str, str]) -> str:
    why = form.get("why", "").strip()
    if not why:
        raise RefusedError("请写明原因")
    return why


def _return(review: Review, standing: _Standing, visit: Visit, form: Mapping[str, str]) -> None:
    review.send_back(standing.date, who=visit.account.name, why=_reason_of(form))


def _withdraw(review: Review, standing: _Standing, visit: Visit, form: Mapping[str, str]) -> None:
    story, why = form.get("story", ""), _reason_of(form)
    done = review.withdraw(standing.date, who=visit.account.name, why=why, story=story)
    if done.error:
        raise RefusedError(f"这里已撤下；{done.target} 还没有撤掉，会再试", hint=done.error)
    if done.exports_left:
        left = "、".join(done.exports_left)
        raise RefusedError("节目已撤下；导出后被人改过的文件还在，请自己删", hint=left)


def _restore(review: Review, standing: _Standing, visit: Visit, form: Mapping[str, str]) -> None:
    review.restore(standing.date, who=visit.account.name, why=form.get("why", ""))


_Act = Callable[[Review, _Standing, Visit, Mapping[str, str]], None]
_ACTS: Mapping[str, tuple[_Act | None, tuple[str, ...]]] = {
    "approve": (_approve, RETURNING),
    "return": (_return, RETURNING),
    "make": (None, WORKING),
    "publish": (None, (FINAL,)),
    "withdraw": (_withdraw, (FINAL,)),
    "restore": (_restore, (FINAL,)),
}
"""What a button does, and for whom; None = the audio is made in the background."""


def _asked_line(edition: OpenEdition, request: web.Request) -> ShownLine:
    line = edition.line(*edits.line_named(request.query))
    if line is None:
        raise RefusedError("这句话刚刚被改过，请刷新")
    return line


def _marked(syllables: Any) -> str:
    """Pinyin with its tone marks."""
    from pypinyin.contrib.tone_convert import to_tone  # late: it takes a tenth of a second

    found = syllables.split() if isinstance(syllables, str) else syllables
    return " ".join(to_tone(one) for one in found)


def _clock(seconds: float) -> str:
    return f"{round(seconds) // 60}:{round(seconds) % 60:02d}"


def _day_of_week(date: str) -> str:
    return "一二三四五六日"[datetime.date.fromisoformat(date).weekday()]
