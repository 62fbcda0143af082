"""The desk as a web application: which request does what, and who may ask for it."""

import asyncio
import hmac
import logging
from collections.abc import Awaitable, Callable
from importlib.resources import files
from typing import Any
from urllib.parse import urlsplit

from aiohttp import hdrs, web
from aiohttp.http_exceptions import HttpProcessingError

from qjaudio.config import Config
from qjaudio.desk.accounts import ADMIN, Account, Accounts, RefusedError, Visit
from qjaudio.desk.work import VISIT, EditionPages, form_of, wants_fragment
from qjaudio.errors import NoPaperError, QjaudioError
from qjaudio.language import CHINESE, translated
from qjaudio.pipeline.locking import BusyError
from qjaudio.web.addresses import is_own_host

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]

COOKIE = "qjaudio_desk"
MOST_BYTES = 400_000
"""Of a form: more than the longest story. Whoever pastes more is told so."""
_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; "
    "media-src 'self' blob:; connect-src 'self'; form-action 'self'; base-uri 'none'; "
    "frame-ancestors 'none'"
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
_STATIC = {"desk.css": "text/css", "desk.js": "text/javascript", "desk.svg": "image/svg+xml"}
_LOG = logging.getLogger(__name__)


def create_desk(
    config: Config, accounts: Accounts, *, host: str = "", tls: bool = False
) -> web.Application:
    """The application for a show, for whoever has an account.

    `host` is a name by which it is reached, beside numbers and names of the house; with `tls` it
    is reached by https alone, so that the cookie need not go otherwise.
    """
    return _Application(config, accounts, host, tls=tls).app


class _Application(EditionPages):
    """The routes, and what they share."""

    def __init__(self, config: Config, accounts: Accounts, host: str, *, tls: bool) -> None:
        super().__init__(config)
        self.accounts, self.host, self.tls = accounts, host, tls
        self.app = web.Application(middlewares=[self._guard], client_max_size=MOST_BYTES)
        self.app.cleanup_ctx.append(self.keep_watch)
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
                web.get(day + "/sign", self.signing),
                web.get(day + "/episode.mp3", self.episode),
                web.post(day + "/sign", self.sign),
                web.post(day + "/change", self.change),
            ]
        )

    # --- what holds for every request ---

    @web.middleware
    async def _guard(self, request: web.Request, handler: Handler) -> web.StreamResponse:
        try:
            response = await self._answer(request, handler)
        except web.HTTPException as error:
            if error.status >= 400:
                response = self.notice(request, error.status, _WORDS.get(error.status, "出错了"))
            else:
                response = web.Response(status=error.status, headers=error.headers)
        except QjaudioError as error:
            response = self.notice(request, *_said_of(error))
        except Exception:
            _LOG.exception("a request failed")
            response = self.notice(request, 500, "程序出了问题，已记入日志")
        for name, value in _ALWAYS.items():
            response.headers.setdefault(name, value)
        return response

    async def _answer(self, request: web.Request, handler: Handler) -> web.StreamResponse:
        if not is_own_host(request.headers.get(hdrs.HOST), self.host and f"//{self.host}/"):
            raise web.HTTPMisdirectedRequest
        key = request.cookies.get(COOKIE, "")
        visit = await asyncio.to_thread(self.accounts.visit, key) if key else None
        if visit:
            request[VISIT] = visit
        if request.method == hdrs.METH_POST:
            await self._check_form(request, visit)
        if visit is None and not request.path.startswith(_OPEN):
            if wants_fragment(request) or request.method != hdrs.METH_GET:
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
        try:
            form = await request.post()
        except (ValueError, LookupError, HttpProcessingError) as error:  # it is no form
            raise web.HTTPBadRequest from error
        given = str(form.get("form_key", ""))
        if visit and not hmac.compare_digest(given.encode(), visit.form_key.encode()):
            raise web.HTTPForbidden

    # --- who ---

    async def login(self, request: web.Request) -> web.StreamResponse:
        """The form to log in."""
        return self._form(request)

    def _form(
        self, request: web.Request, name: str = "", *, invited: Account | None = None,
        status: int = 200, problem: object = "",
    ) -> web.StreamResponse:  # fmt: skip
        """The form with name and password; `problem` says what was wrong with the last one."""
        facts = {"problem": str(problem), "invited": invited, "name": name[:20]}
        return self.page(request, "login.html", status=status, **facts)

    async def log_in(self, request: web.Request) -> web.StreamResponse:
        """Log in."""
        form = await form_of(request)
        name = form.get("name", "")
        try:
            return await self._enter(request, name, form.get("password", ""))
        except RefusedError as error:
            late = "次数" in str(error)
            found = self._form(request, name, status=429 if late else 403, problem=error)
            found.headers.update({hdrs.RETRY_AFTER: "900"} if late else {})
            return found

    async def _enter(self, request: web.Request, name: str, password: str) -> web.StreamResponse:
        """Begin a session."""
        remote = request.remote or ""
        key = await asyncio.to_thread(self.accounts.log_in, name, password, remote)
        response = web.Response(status=303, headers={hdrs.LOCATION: "/"})
        response.set_cookie(COOKIE, key, httponly=True, samesite="Strict", secure=self.tls)
        return response

    async def log_out(self, request: web.Request) -> web.StreamResponse:
        """End the session."""
        await asyncio.to_thread(self.accounts.log_out, request.cookies.get(COOKIE, ""))
        response = web.Response(status=303, headers={hdrs.LOCATION: "/login"})
        response.del_cookie(COOKIE, path="/")
        return response

    async def invited(self, request: web.Request) -> web.StreamResponse:
        """The form in which somebody who was invited chooses a password."""
        found = await asyncio.to_thread(self.accounts.invited, request.match_info["key"])
        if found is None:
            raise RefusedError("这个邀请链接已经用过或已过期，请管理员重新发一个")
        return self._form(request, found.name, invited=found)

    async def accept(self, request: web.Request) -> web.StreamResponse:
        """Take the password of somebody who was invited, and let them in."""
        form, key = await form_of(request), request.match_info["key"]
        name, password = form.get("name", ""), form.get("password", "")
        found = await asyncio.to_thread(self.accounts.invited, key)
        try:
            if password != form.get("again"):
                raise RefusedError("两次输入的密码不一样")
            account = await asyncio.to_thread(self.accounts.accept, key, name, password)
        except RefusedError as error:
            if found is None:
                raise
            return self._form(request, name, invited=found, status=422, problem=error)
        return await self._enter(request, account.name, password)

    async def people(self, request: web.Request, **more: Any) -> web.StreamResponse:
        """The accounts, for administrators."""
        self.require(request, ADMIN)
        everybody = await asyncio.to_thread(self.accounts.everybody)
        invited = await asyncio.to_thread(self.accounts.invitations)
        saved = "saved" in request.query and request.method == hdrs.METH_GET
        facts = {"link": "", "whose": "", "problem": "", "name": "", "saved": saved, **more}
        facts |= {"everybody": everybody, "invitations": invited}
        return self.page(request, "accounts.html", **facts)

    async def change_people(self, request: web.Request) -> web.StreamResponse:
        """Invite somebody or take that back, give other roles, or remove an account."""
        visit = self.require(request, ADMIN)
        form = await request.post()
        name, action = str(form.get("name", "")), form.get("action")
        roles = [str(role) for role in form.getall("role", ())]
        try:
            if action in ("invite", "reset"):
                if not name:
                    raise RefusedError("请写姓名")
                new = action == "invite"
                key = await asyncio.to_thread(self.accounts.invite, name, roles, new=new)
                link = f"{request.scheme}://{request.host}/invited/{key}"
                return await self.people(request, link=link, whose=name)
            if action == "change" and not roles:
                raise RefusedError("请至少选一个角色")
            wanted = roles if action == "change" else []
            if action == "uninvite":
                await asyncio.to_thread(self.accounts.take_back, name)
            else:
                await asyncio.to_thread(self.accounts.change, visit.account, name, wanted)
        except RefusedError as error:
            return await self.people(
                request, problem=str(error), name=name if action == "invite" else ""
            )
        raise web.HTTPSeeOther("/accounts?saved=1")

    async def static(self, request: web.Request) -> web.StreamResponse:
        """The style sheet and the script."""
        kind = _STATIC.get(request.match_info["name"])
        if kind is None:
            raise web.HTTPNotFound
        content = (files("qjaudio.desk") / "static" / request.match_info["name"]).read_bytes()
        headers = {hdrs.CACHE_CONTROL: "no-cache"}
        return web.Response(body=content, content_type=kind, headers=headers)


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
        return 422, str(error), translated(error.hint, CHINESE)
    if isinstance(error, BusyError):
        return 409, "这一天的文件正被另一个程序写入，请稍后再试", ""
    if isinstance(error, NoPaperError):
        return 404, "这一天没有报纸", translated(str(error), CHINESE)
    return 422, "没有做成", "；".join(translated(one, CHINESE) for one in (str(error), error.hint))
