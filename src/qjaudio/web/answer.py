"""Answers of the server: a file whole or in part, or a status with one plain line."""

import asyncio
import tomllib
from contextlib import closing
from functools import cache
from importlib.resources import files

from aiohttp import hdrs, web

from qjaudio.web.encoding import prefers_gzip
from qjaudio.web.guard import policy_of
from qjaudio.web.multipart import Parts, content_range, lay_out
from qjaudio.web.preconditions import Verdict, http_date, is_entity_tag, judge, range_applies
from qjaudio.web.ranges import RangeNotSatisfiable, Span, asked_spans
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
            spans = _spans(request, found)
        except RangeNotSatisfiable:
            return plain(416, {**headers, hdrs.CONTENT_RANGE: f"bytes */{found.size}"})
        return await _send(request, found, spans, headers)


def _spans(request: web.Request, found: Representation) -> tuple[Span, ...]:
    # RFC 9110 14.2 defines ranges for GET alone; they count the plain bytes.
    if request.method != hdrs.METH_GET or found.coding:
        return ()
    if not range_applies(request.headers, found.validators):
        return ()
    condition = request.headers.get(hdrs.IF_RANGE)
    dated = condition is not None and not is_entity_tag(condition)
    if dated and found.may_be_coded and prefers_gzip(accepted(request)):
        return ()  # the half that it has may be gzip: both codings have the same date
    return asked_spans(",".join(request.headers.getall(hdrs.RANGE, [])), found.size)


def accepted(request: web.Request) -> str:
    """What the request says about codings; empty where it says nothing."""
    return ",".join(request.headers.getall(hdrs.ACCEPT_ENCODING, []))


def _headers(found: Representation) -> dict[str, str]:
    headers: dict[str, str] = {
        hdrs.ETAG: found.validators.etag,
        hdrs.CACHE_CONTROL: found.medium.cache_control,
        hdrs.ACCEPT_RANGES: "bytes",
    }
    if found.validators.modified is not None:
        headers[hdrs.LAST_MODIFIED] = http_date(found.validators.modified)
    if found.may_be_coded:
        headers[hdrs.VARY] = hdrs.ACCEPT_ENCODING
    if found.medium.open_to_all:
        headers[hdrs.ACCESS_CONTROL_ALLOW_ORIGIN] = "*"
    return headers


async def _send(
    request: web.Request, found: Representation, spans: tuple[Span, ...], headers: dict[str, str]
) -> web.StreamResponse:
    media_type = found.medium.media_type
    response = web.StreamResponse(status=206 if spans else 200, headers=headers)
    response.headers[hdrs.CONTENT_TYPE] = media_type
    if not found.own_policy:
        response.headers.update(policy_of(media_type))
    if found.coding:
        response.headers[hdrs.CONTENT_ENCODING] = found.coding
    parts = lay_out(spans, found.size, media_type) if len(spans) > 1 else None
    if parts:
        response.headers[hdrs.CONTENT_TYPE] = parts.media_type
    elif spans:
        response.headers[hdrs.CONTENT_RANGE] = content_range(spans[0], found.size)
    spans = spans or (Span(0, found.size),)
    response.content_length = parts.length if parts else spans[0].length
    try:
        await response.prepare(request)
        if request.method == hdrs.METH_GET:
            await _copy_all(response, found, spans, parts)
    except (OSError, TimeoutError):  # the client is gone, or as good as gone, or the disk fails
        _hang_up(request, response)
    return response


async def _copy_all(
    response: web.StreamResponse,
    found: Representation,
    spans: tuple[Span, ...],
    parts: Parts | None,
) -> None:
    heads = parts.heads if parts else (b"",)
    for head, span in zip(heads, spans, strict=True):
        await _write(response, head)
        await asyncio.to_thread(found.file.seek, span.start)
        await _copy(response, found, span.length)
    await _write(response, parts.end if parts else b"")


async def _copy(response: web.StreamResponse, found: Representation, length: int) -> None:
    while length > 0:
        chunk = await asyncio.to_thread(found.file.read, min(CHUNK_BYTES, length))
        if not chunk:
            raise ConnectionAbortedError("the file became shorter while it was sent")
        await _write(response, chunk)
        length -= len(chunk)


async def _write(response: web.StreamResponse, chunk: bytes) -> None:
    if chunk:
        async with asyncio.timeout(STALL_SECONDS):
            await response.write(chunk)


def _hang_up(request: web.Request, response: web.StreamResponse) -> None:
    """Cut the connection: fewer bytes than promised must not look like a whole file."""
    response.force_close()
    if request.transport is not None:
        request.transport.abort()
