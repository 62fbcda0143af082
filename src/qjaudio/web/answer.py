"""Answers of the server: a file whole or in part, or a status with one plain line."""

import asyncio
import tomllib
from contextlib import closing
from functools import cache
from importlib.resources import files

from aiohttp import hdrs, web

from qjaudio.web.preconditions import Verdict, http_date, judge, range_applies
from qjaudio.web.ranges import RangeNotSatisfiable, Span, asked_span
from qjaudio.web.representation import Representation

CHUNK_BYTES = 64 * 1024
"""How much of a file is in memory for one client."""
STALL_SECONDS = 300.0
"""A client that takes nothing for so long is dropped; players come back with a range."""


@cache
def _sentences() -> dict[str, str]:
    words = files("qjaudio.web") / "words.toml"
    sentences: dict[str, str] = tomllib.loads(words.read_text(encoding="utf-8"))["status"]
    return sentences


def plain(status: int, headers: dict[str, str] | None = None) -> web.Response:
    """A status with one Chinese sentence that says what it means."""
    return web.Response(
        status=status,
        text=_sentences()[str(status)] + "\n",
        headers={hdrs.CACHE_CONTROL: "no-store", **(headers or {})},
    )


async def answer(request: web.Request, found: Representation) -> web.StreamResponse:
    """Send `found`, or the part of it that was asked for, or word that nothing has changed."""
    with closing(found.file):
        headers = _headers(found)
        verdict = judge(request.headers, found.validators)
        if verdict is Verdict.NOT_MODIFIED:
            return web.Response(status=304, headers=headers)
        if verdict is Verdict.FAILED:
            return plain(412)
        try:
            span = _span(request, found)
        except RangeNotSatisfiable:
            return plain(416, {**headers, hdrs.CONTENT_RANGE: f"bytes */{found.size}"})
        return await _send(request, found, span, headers)


def _span(request: web.Request, found: Representation) -> Span | None:
    # RFC 9110 14.2 defines ranges for GET alone.
    if request.method != hdrs.METH_GET or not range_applies(request.headers, found.validators):
        return None
    return asked_span(",".join(request.headers.getall(hdrs.RANGE, [])), found.size)


def _headers(found: Representation) -> dict[str, str]:
    headers: dict[str, str] = {
        hdrs.ETAG: found.validators.etag,
        hdrs.CACHE_CONTROL: found.medium.cache_control,
        hdrs.ACCEPT_RANGES: "bytes",
    }
    if found.validators.modified is not None:
        headers[hdrs.LAST_MODIFIED] = http_date(found.validators.modified)
    if found.medium.open_to_all:
        headers[hdrs.ACCESS_CONTROL_ALLOW_ORIGIN] = "*"
    return headers


async def _send(
    request: web.Request, found: Representation, span: Span | None, headers: dict[str, str]
) -> web.StreamResponse:
    response = web.StreamResponse(status=206 if span else 200, headers=headers)
    response.headers[hdrs.CONTENT_TYPE] = found.medium.media_type
    if span:
        response.headers[hdrs.CONTENT_RANGE] = f"bytes {span.start}-{span.stop - 1}/{found.size}"
    span = span or Span(0, found.size)
    response.content_length = span.length
    try:
        await response.prepare(request)
        if request.method == hdrs.METH_GET:
            await asyncio.to_thread(found.file.seek, span.start)
            await _copy(response, found, span.length)
    except (ConnectionError, TimeoutError):  # the client is gone, or as good as gone
        _hang_up(request, response)
    return response


async def _copy(response: web.StreamResponse, found: Representation, length: int) -> None:
    while length > 0:
        chunk = await asyncio.to_thread(found.file.read, min(CHUNK_BYTES, length))
        if not chunk:
            raise ConnectionAbortedError("the file became shorter while it was sent")
        async with asyncio.timeout(STALL_SECONDS):
            await response.write(chunk)
        length -= len(chunk)


def _hang_up(request: web.Request, response: web.StreamResponse) -> None:
    """Cut the connection: fewer bytes than promised must not look like a whole file."""
    response.force_close()
    if request.transport is not None:
        request.transport.abort()
