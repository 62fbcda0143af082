"""The desk as a web application: which request does what, and who may ask for it."""

import asyncio
import datetime
import hmac
import json
import logging
import time
from collections.abc import Awaitable, Callable, Iterator, Mapping
from functools import cached_property
from importlib.resources import files
from typing import TYPE_CHECKING, Any, TypeVar
from urllib.parse import urlsplit

from aiohttp import hdrs, web

from qjaudio.config import Config
from qjaudio.desk.accounts import (
    ADMIN,
    EDITOR,
    FINAL,
    FIRST,
    ROLES,
    SECOND,
    Accounts,
    RefusedError,
    Visit,
)
from qjaudio.desk.editions import Editions, OpenEdition, ShownStory, is_date
from qjaudio.desk.edits import (
    ConflictError,
    Desk,
    choices,
    homophone_of,
    said_as,
    syllables_of,
    words_of_line,
)
from qjaudio.desk.sound import Sounds
from qjaudio.errors import NoPaperError, QjaudioError
from qjaudio.paper.corrections import Correction
from qjaudio.paper.sentences import sentences
from qjaudio.pipeline import lexicons, locking
from qjaudio.web.addresses import is_own_host

if TYPE_CHECKING:
    from jinja2 import Environment

T = TypeVar("T")
Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]

COOKIE = "qjaudio_desk"
MOST_BYTES = 400_000
"""Of a form: more than the longest story. Whoever pastes more is told so."""
PATIENCE_S = 2.5
"""A page that is read for longer is waited for by the browser, not by the connection."""
SEEN_S = 60.0
"""Who has an edition open says so every 20 s."""
WORKING = (EDITOR, FIRST, SECOND, FINAL)
"""Who may put an edition right."""
_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; media-src 'self'; "
    "connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
_ALWAYS = {
    hdrs.SERVER: "qjaudio",
    "Content-Security-Policy": _POLICY,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "X-Robots-Tag": "noindex",
    "Cross-Origin-Opener-Policy": "same-origin",
    hdrs.CACHE_CONTROL: "no-store",
}
_OPEN = ("/login", "/invited/", "/static/")
"""What is answered before somebody has logged in."""
_STATIC = {"desk.css": "text/css", "desk.js": "text/javascript"}
_LOG = logging.getLogger(__name__)


def create_desk(
    config: Config, accounts: Accounts, *, host: str = "", tls: bool = False
) -> web.Application:
    """Make the application.

    Args:
        config: The settings of the show.
        accounts: Who may use it.
        host: A name by which it is reached, beside numbers and names of the house.
        tls: Whether it is reached by https alone, so that the cookie need not go otherwise.
    """
    return _Application(config, accounts, host, tls=tls).app


class _Application:
    """The routes, and what they share."""

    def __init__(self, config: Config, accounts: Accounts, host: str, *, tls: bool) -> None:
        self.config, self.accounts, self.host, self.tls = config, accounts, host, tls
        self.editions, self.sounds = Editions(config), Sounds(config)
        self.present: dict[str, dict[str, float]] = {}
        self.opening: dict[str, asyncio.Task[OpenEdition]] = {}
        self.saving: dict[str, asyncio.Lock] = {}
        self.app = web.Application(middlewares=[self._guard], client_max_size=MOST_BYTES)
        day = r"/edition/{date:\d{4}-\d\d-\d\d}"
        self.app.add_routes(
            [
                web.get("/", self.today),
                web.get("/login", self.login),
                web.post("/login", self.log_in),
                web.post("/logout", self.log_out),
                web.get("/invited/{key}", self.invited),
                web.post("/invited/{key}", self.accept),
                web.get("/accounts", self.people),
                web.post("/accounts", self.change_people),
                web.get("/static/{name}", self.static),
                web.get(day, self.edition),
                web.get(day + r"/page/{number:\d{1,4}}.jpg", self.picture),
                web.get(day + "/line", self.line),
                web.get(day + "/story", self.story),
                web.get(day + "/reading", self.reading),
                web.get(day + "/persons", self.persons),
                web.get(day + "/sound", self.sound),
                web.get(day + "/say", self.say),
                web.get(day + "/seen", self.seen),
                web.post(day + "/change", self.change),
            ]
        )

    # --- what holds for every request ---

    @web.middleware
    async def _guard(self, request: web.Request, handler: Handler) -> web.StreamResponse:
        try:
            response = await self._answer(request, handler)
        except web.HTTPException as error:
            response = error
            if error.status >= 400:
                response = self._notice(request, error.status, _WORDS.get(error.status, "出错了"))
        except QjaudioError as error:
            response = self._notice(request, *_said_of(error))
        except Exception:
            _LOG.exception("a request failed")
            response = self._notice(request, 500, "程序出了问题，已记入日志")
        for name, value in _ALWAYS.items():
            response.headers.setdefault(name, value)
        return response

    async def _answer(self, request: web.Request, handler: Handler) -> web.StreamResponse:
        if not is_own_host(request.headers.get(hdrs.HOST), self.host and f"//{self.host}/"):
            raise web.HTTPMisdirectedRequest
        key = request.cookies.get(COOKIE, "")
        visit = await asyncio.to_thread(self.accounts.visit, key) if key else None
        request["visit"] = visit
        if request.method == hdrs.METH_POST:
            await self._check_form(request, visit)
        if visit is None and not request.path.startswith(_OPEN):
            if _wants_fragment(request) or request.method != hdrs.METH_GET:
                raise web.HTTPUnauthorized
            raise web.HTTPSeeOther("/login")
        return await handler(request)

    async def _check_form(self, request: web.Request, visit: Visit | None) -> None:
        """Make sure that a form was filled in on a page of ours, in this session."""
        origin = request.headers.get(hdrs.ORIGIN)
        if origin and urlsplit(origin).netloc != request.headers.get(hdrs.HOST):
            raise web.HTTPForbidden
        if request.headers.get("Sec-Fetch-Site", "same-origin") not in ("same-origin", "none"):
            raise web.HTTPForbidden
        form = await request.post()
        given = str(form.get("form_key", ""))
        if visit and not hmac.compare_digest(given.encode(), visit.form_key.encode()):
            raise web.HTTPForbidden

    @cached_property
    def _templates(self) -> "Environment":
        from jinja2 import Environment, PackageLoader, StrictUndefined

        made = Environment(
            loader=PackageLoader("qjaudio.desk"),
            autoescape=True,
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
        )
        made.filters.update(pinyin=_marked, clock=_clock)
        made.globals.update(
            roles=ROLES, admin=ADMIN, weekday=_day_of_week, told=_told, split=sentences
        )
        return made

    def _page(
        self, request: web.Request, template: str, *, status: int = 200, **facts: Any
    ) -> web.Response:
        visit: Visit | None = request.get("visit")
        text = self._templates.get_template(template).render(
            visit=visit,
            me=visit.account if visit else None,
            form_key=visit.form_key if visit else "",
            show=self.config.title or self.config.paper or "有声版",
            **facts,
        )
        return web.Response(text=text, status=status, content_type="text/html")

    def _notice(
        self, request: web.Request, status: int, message: str, more: str = ""
    ) -> web.Response:
        name = "notice.html" if _wants_fragment(request) else "message.html"
        return self._page(request, name, status=status, message=message, more=more)

    # --- who ---

    async def login(self, request: web.Request) -> web.StreamResponse:
        """The form to log in."""
        return self._page(request, "login.html", problem="", invited=None, name="")

    async def log_in(self, request: web.Request) -> web.StreamResponse:
        """Log in."""
        form = await request.post()
        name, password = str(form.get("name", "")), str(form.get("password", ""))
        try:
            key = await asyncio.to_thread(
                self.accounts.log_in, name, password, request.remote or ""
            )
        except RefusedError as error:
            status = 429 if "次数" in str(error) else 403
            found = self._page(
                request,
                "login.html",
                status=status,
                problem=str(error),
                invited=None,
                name=name[:20],
            )
            if status == 429:
                found.headers[hdrs.RETRY_AFTER] = "900"
            return found
        return self._enter(key)

    def _enter(self, key: str) -> web.StreamResponse:
        response = web.HTTPSeeOther("/")
        response.set_cookie(
            COOKIE, key, httponly=True, samesite="Strict", secure=self.tls, path="/"
        )
        return response

    async def log_out(self, request: web.Request) -> web.StreamResponse:
        """End the session."""
        await asyncio.to_thread(self.accounts.log_out, request.cookies.get(COOKIE, ""))
        response = web.HTTPSeeOther("/login")
        response.del_cookie(COOKIE, path="/")
        return response

    async def invited(self, request: web.Request) -> web.StreamResponse:
        """The form in which somebody who was invited chooses a password."""
        found = await asyncio.to_thread(self.accounts.invited, request.match_info["key"])
        if found is None:
            raise RefusedError("这个邀请链接已经用过或已过期，请管理员重新发一个")
        return self._page(request, "login.html", problem="", invited=found, name=found.name)

    async def accept(self, request: web.Request) -> web.StreamResponse:
        """Take the password of somebody who was invited, and let them in."""
        form, key = await request.post(), request.match_info["key"]
        name, password = str(form.get("name", "")), str(form.get("password", ""))
        found = await asyncio.to_thread(self.accounts.invited, key)
        try:
            if password != form.get("again"):
                raise RefusedError("两次输入的密码不一样")
            account = await asyncio.to_thread(self.accounts.accept, key, name, password)
        except RefusedError as error:
            if found is None:
                raise
            return self._page(
                request, "login.html", status=422, problem=str(error), invited=found, name=name[:20]
            )
        remote = request.remote or ""
        return self._enter(
            await asyncio.to_thread(self.accounts.log_in, account.name, password, remote)
        )

    async def people(self, request: web.Request, **more: Any) -> web.StreamResponse:
        """The accounts, for administrators."""
        self._require(request, ADMIN)
        everybody = await asyncio.to_thread(self.accounts.everybody)
        facts = {"link": "", "whose": "", "problem": "", **more}
        return self._page(request, "accounts.html", everybody=everybody, **facts)

    async def change_people(self, request: web.Request) -> web.StreamResponse:
        """Invite somebody, give other roles, or remove an account."""
        visit = self._require(request, ADMIN)
        form = await request.post()
        name, action = str(form.get("name", "")), form.get("action")
        roles = [str(role) for role in form.getall("role", ())]
        try:
            if action == "invite":
                if not name:
                    raise RefusedError("请写姓名")
                key = await asyncio.to_thread(self.accounts.invite, name, roles)
                link = f"{request.scheme}://{request.host}/invited/{key}"
                return await self.people(request, link=link, whose=name)
            if action == "change" and not roles:
                raise RefusedError("请至少选一个角色")
            wanted = roles if action == "change" else []
            await asyncio.to_thread(self.accounts.change, visit.account, name, wanted)
        except RefusedError as error:
            return await self.people(request, problem=str(error))
        raise web.HTTPSeeOther("/accounts")

    def _require(self, request: web.Request, *roles: str) -> Visit:
        visit: Visit | None = request["visit"]
        if visit is None or not visit.account.may(*roles):
            raise web.HTTPForbidden
        return visit

    async def static(self, request: web.Request) -> web.StreamResponse:
        """The style sheet and the script."""
        kind = _STATIC.get(request.match_info["name"])
        if kind is None:
            raise web.HTTPNotFound
        content = (files("qjaudio.desk") / "static" / request.match_info["name"]).read_bytes()
        return web.Response(
            body=content, content_type=kind, headers={hdrs.CACHE_CONTROL: "no-cache"}
        )

    # --- what is shown ---

    async def today(self, request: web.Request) -> web.StreamResponse:
        """The list of editions."""
        listed = await asyncio.to_thread(self.editions.dates)
        rows = [(one, self._others(one.date, "")) for one in listed]
        return self._page(request, "today.html", rows=rows)

    def _others(self, date: str, name: str) -> list[str]:
        """Who else has an edition open."""
        present, now = self.present.get(date, {}), time.monotonic()
        return sorted(one for one, at in present.items() if one != name and now - at < SEEN_S)

    async def _open(self, request: web.Request) -> OpenEdition:
        """The edition of the address; the browser comes again while its pages are still read."""
        date = request.match_info["date"]
        if not is_date(date):
            raise web.HTTPNotFound
        task = self.opening.get(date)
        if task is None:
            task = asyncio.create_task(asyncio.to_thread(self.editions.open, date))
            self.opening[date] = task
            task.add_done_callback(lambda _: self.opening.pop(date, None))
        done, _ = await asyncio.wait([task], timeout=PATIENCE_S)
        if not done:
            raise _StillReadingError
        edition = task.result()
        visit: Visit | None = request["visit"]
        if visit:
            self.present.setdefault(date, {})[visit.account.name] = time.monotonic()
        return edition

    async def edition(self, request: web.Request) -> web.StreamResponse:
        """An edition beside its pages."""
        try:
            edition = await self._open(request)
        except _StillReadingError:
            found = self._page(request, "reading_page.html", date=request.match_info["date"])
            found.headers["Refresh"] = "2"
            return found
        return await self._work(request, edition, "edition.html")

    async def _work(
        self, request: web.Request, edition: OpenEdition, name: str, message: str = ""
    ) -> web.Response:
        visit: Visit = request["visit"]
        readings = await asyncio.to_thread(self._desk(request).readings)
        return self._page(
            request,
            name,
            edition=edition,
            works=visit.account.may(*WORKING),
            others=self._others(edition.date, visit.account.name),
            readings=readings,
            message=message,
        )

    def _desk(self, request: web.Request) -> Desk:
        return Desk(self.editions, request.match_info["date"], request["visit"].account.name)

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
        key, part, index = _place_in(request.query)
        line = edition.line(key, part, index)
        if line is None:
            raise RefusedError("这句话刚刚被改过，请刷新")
        story = next((one for one in edition.stories if one.part == line.part), None)
        return self._page(request, "line.html", edition=edition, line=line, story=story)

    async def story(self, request: web.Request) -> web.StreamResponse:
        """The forms in which a story is changed."""
        edition = await self._open(request)
        story = _story_of(edition, request.query.get("name", ""))
        others = [one for one in edition.stories if one.name and one.name != story.name]
        at = edition.stories.index(story)
        near = [one.name for one in edition.stories if one.name and one.number]
        place = near.index(story.name) if story.name in near else -1
        above = near[place - 1] if place > 0 else ""
        below = near[place + 1] if 0 <= place < len(near) - 1 else ""
        return self._page(
            request, "story.html", edition=edition, story=story, others=others, above=above,
            below=below, at=at,
        )  # fmt: skip

    async def reading(self, request: web.Request) -> web.StreamResponse:
        """The words of a sentence with their readings, and one of them with all it could be."""
        edition = await self._open(request)
        key, part, index = _place_in(request.query)
        line = edition.line(key, part, index)
        if line is None:
            raise RefusedError("这句话刚刚被改过，请刷新")
        words = words_of_line(line.line)
        at = _number_in(request.query.get("at"), -1)
        number = _number_in(request.query.get("word"), -1)
        if number < 0 and at >= 0:
            here = (n for n, (word, start) in enumerate(words) if 0 <= at - start < len(word.text))
            number = next(here, -1)
        word = words[number][0] if 0 <= number < len(words) else None
        shown = choices(word.text, word.citation or word.pinyin) if word else ()
        return self._page(
            request, "reading.html", edition=edition, line=line, words=[one for one, _ in words],
            number=number, word=word, choices=shown,
        )  # fmt: skip

    async def persons(self, request: web.Request) -> web.StreamResponse:
        """The persons of the edition."""
        edition = await self._open(request)
        known = await asyncio.to_thread(lexicons.own_lexicon, self.config)
        return self._page(
            request,
            "persons.html",
            edition=edition,
            people=edition.scripted.people,
            known=known.entries,
        )

    async def sound(self, request: web.Request) -> web.StreamResponse:
        """A sentence as it will sound."""
        edition = await self._open(request)
        line = edition.line(*_place_in(request.query))
        if line is None:
            raise web.HTTPNotFound
        script = edition.scripted.script
        wav = await asyncio.to_thread(self.sounds.sentence, script, line.part, line.index)
        return _heard(wav)

    async def say(self, request: web.Request) -> web.StreamResponse:
        """A word, read in one way."""
        word, spoken = request.query.get("text", ""), request.query.get("reading", "")

        def said() -> bytes:
            lexicon = lexicons.lexicon_of(self.config, request.match_info["date"])
            return self.sounds.sentence(said_as(word, spoken, lexicon), 0, 0)

        return _heard(await asyncio.to_thread(said))

    async def seen(self, request: web.Request) -> web.StreamResponse:
        """Who else has the edition open, and whether what is shown is still what it is."""
        edition = await self._open(request)
        others = self._others(edition.date, request["visit"].account.name)
        stale = edition.version != request.query.get("version")
        return self._page(request, "seen.html", others=others, stale=stale)

    # --- what is changed ---

    async def change(self, request: web.Request) -> web.StreamResponse:
        """Put something right; the answer is the edition as it is then."""
        self._require(request, *WORKING)
        await self._open(request)
        form = {name: str(value) for name, value in (await request.post()).items()}
        desk = self._desk(request)
        wanted = _CHANGES.get(form.get("action", ""))
        if wanted is None:
            raise web.HTTPBadRequest
        async with self.saving.setdefault(desk.date, asyncio.Lock()):
            try:
                await asyncio.to_thread(wanted, desk, form)
            except ConflictError as error:
                return self._page(request, "conflict.html", status=409, error=error, form=form)
        if not _wants_fragment(request):
            raise web.HTTPSeeOther(f"/edition/{desk.date}")
        return await self._work(request, await self._open(request), "work.html", "已保存")


class _StillReadingError(QjaudioError):
    """The pages of an edition are still read."""

    def __init__(self) -> None:
        super().__init__("正在识读版面，请稍候")


_WORDS = {
    400: "没有看懂这个请求",
    401: "请重新登录",
    403: "您没有这个权限，或页面放得太久：请刷新后再试",
    404: "这里没有您要找的页面",
    405: "这里不能这样操作",
    413: "内容太长了：一次最多保存一篇稿件的文字",
    421: "请用本机地址、局域网地址或设定的名称打开审稿台",
}


def _said_of(error: QjaudioError) -> tuple[int, str, str]:
    """The status of an error, what is said of it, and what else."""
    if isinstance(error, RefusedError):
        return 422, str(error), error.hint
    if isinstance(error, locking.BusyError):
        return 409, "这一天的文件正被另一个程序写入，请稍后再试", ""
    if isinstance(error, NoPaperError):
        return 404, "这一天没有报纸", str(error)
    return 422, "没有做成", f"{error} {error.hint}"


def _wants_fragment(request: web.Request) -> bool:
    return "X-Fragment" in request.headers


def _number_in(text: str | None, otherwise: int) -> int:
    return int(text) if text and text.isdecimal() and len(text) < 6 else otherwise


def _place_in(query: Mapping[str, str]) -> tuple[str, int, int]:
    """The key of a sentence, its part and its place there."""
    return query.get("key", ""), _number_in(query.get("part"), 0), _number_in(query.get("index"), 0)


def _story_of(edition: OpenEdition, name: str) -> ShownStory:
    story = edition.story(name)
    if story is None:
        raise RefusedError("这一条刚刚被改过，请刷新")
    return story


def _heard(wav: bytes) -> web.Response:
    headers = {hdrs.CACHE_CONTROL: "private, max-age=60"}
    return web.Response(body=wav, content_type="audio/wav", headers=headers)


def _correct(*keys: str, **fixed: Any) -> Callable[[Desk, dict[str, str]], None]:
    """A change that is a correction of a story: fields of the form, and what is given."""

    def change(desk: Desk, form: dict[str, str]) -> None:
        row = {key: " ".join(form[key].split()) for key in keys if key in form}
        for key in ("join", "before", "after"):  # these name another story as corrections do
            if key in row:
                row[key] = _first_of(row[key])
        for key in ("headline", "kicker", "deck", "byline"):
            if key in row and row[key] == form.get(f"old_{key}"):
                del row[key]
        if not row and not fixed:
            raise RefusedError("没有改动")
        desk.correct_story(form.get("name", ""), form.get("version", ""), {**row, **fixed})

    return change


def _first_of(name: str) -> str:
    """The words in the name of a story."""
    try:
        return str(json.loads(name)[0])
    except (ValueError, IndexError, TypeError) as error:
        raise RefusedError("没有这一条") from error


def _change_line(method: str, *, drop: bool = False) -> Callable[[Desk, dict[str, str]], None]:
    def change(desk: Desk, form: dict[str, str]) -> None:
        text = "" if drop else form.get("text", "")
        getattr(desk, method)(*_place_in(form), text, form.get("seen", ""))

    return change


def _add_reading(*, show: bool) -> Callable[[Desk, dict[str, str]], None]:
    def change(desk: Desk, form: dict[str, str]) -> None:
        chosen = " ".join(form[name] for name in _choices_in(form, "choice"))
        word, spoken = form.get("word", "").strip(), form.get("reading", "").strip() or chosen
        homophone = form.get("homophone", "").strip()
        if not homophone and form.get("propose"):
            homophone = homophone_of(word, syllables_of(spoken).split())
        desk.add_reading(word, spoken, homophone, show=show)

    return change


def _choices_in(form: Mapping[str, str], name: str) -> Iterator[str]:
    at = 0
    while f"{name}{at}" in form:
        yield f"{name}{at}"
        at += 1


def _confirm(desk: Desk, form: dict[str, str]) -> None:
    """Keep the readings of the persons that were chosen."""
    for field, value in form.items():
        if field.startswith("person ") and value:
            desk.add_reading(field.removeprefix("person "), value, "", show=True)


_CHANGES: Mapping[str, Callable[[Desk, dict[str, str]], None]] = {
    "head": _correct("headline", "kicker", "deck", "byline"),
    "silence": _correct(spoken=False),
    "advert": _correct(advert=True),
    "checked": _correct(checked=True),
    "join": _correct("join", "join_headline"),
    "cut": _correct("cut", "cut_headline"),
    "before": _correct("before"),
    "after": _correct("after"),
    "reword": _change_line("reword"),
    "rewrite": _change_line("rewrite"),
    "drop": _change_line("rewrite", drop=True),
    "say": lambda desk, form: desk.say_too(form.get("name", ""), form.get("text", "")),
    "undo": lambda desk, form: desk.undo(_number_in(form.get("line"), 0)),
    "recompose": lambda desk, _: desk.recompose(),
    "follow": lambda desk, _: desk.follow_page(),
    "here": _add_reading(show=False),
    "everywhere": _add_reading(show=True),
    "forget": lambda desk, form: desk.remove_reading(
        form.get("word", ""), show=bool(form.get("show"))
    ),
    "confirm": _confirm,
}


_TOLD = {
    "headline": "标题改为", "kicker": "引题改为", "deck": "副题改为", "byline": "记者改为",
    "join": "合并", "cut": "从这里分开", "before": "移到其前", "after": "移到其后",
}  # fmt: skip


def _told(entry: Correction) -> str:
    """A correction in words."""
    said = [f"{_TOLD[name]}“{value}”" for name in _TOLD if (value := getattr(entry, name))]
    said += [f"“{entry.wrong}”改为“{entry.right}”"] if entry.right is not None else []
    marks = ((entry.advert, "是广告"), (not entry.spoken, "不播"), (entry.checked, "已核对"))
    return "，".join([*said, *(word for is_so, word in marks if is_so)]) or "清空"


def _marked(syllables: Any) -> str:
    """Pinyin with its tone marks."""
    from pypinyin.contrib.tone_convert import to_tone  # late: it takes a tenth of a second

    found = syllables.split() if isinstance(syllables, str) else syllables
    return " ".join(to_tone(one) for one in found)


def _clock(seconds: float) -> str:
    return f"{round(seconds) // 60}:{round(seconds) % 60:02d}"


def _day_of_week(date: str) -> str:
    return "一二三四五六日"[datetime.date.fromisoformat(date).weekday()]
