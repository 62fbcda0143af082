"""The edition as a book: an EPUB that is read along, and an M4B with chapters.

EPUB 3.3 with media overlays 3.3: each sentence of the pages names its stretch of the MP3.
"""

import datetime
import re
import zipfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from html import escape
from itertools import groupby
from pathlib import Path
from typing import Any

from qjaudio.episode.cover import shrink_cover
from qjaudio.episode.model import LABEL, Cue, chapter_title, disclosures, printable
from qjaudio.errors import IncompleteError
from qjaudio.feed.rss import publication_time
from qjaudio.machine import run_ffmpeg
from qjaudio.outlets import BIT_RATES, Finished, check_choice
from qjaudio.rules import phrases
from qjaudio.script.model import Line, Part

_STAMP = (1980, 1, 1, 0, 0, 0)
"""The time of every file in the book: the same episode gives the same bytes."""
_COVER_SIDE, _AUDIO_BOOK_SIDE = 1400, 600
_XML = '<?xml version="1.0" encoding="UTF-8"?>\n'
_CONTAINER = f"""{_XML}<container version="1.0"
 xmlns="urn:oasis:names:tc:opendocument:xmlns:container"><rootfiles>
<rootfile full-path="book/package.opf" media-type="application/oebps-package+xml"/>
</rootfiles></container>
"""
_XHTML = f"""{_XML}<!DOCTYPE html>
<html xmlns="http://www.w3.org/1999/xhtml" xmlns:epub="http://www.idpf.org/2007/ops"
 lang="zh-CN" xml:lang="zh-CN">
<head><title>{{title}}</title><link rel="stylesheet" type="text/css" href="book.css"/></head>
<body id="all">
{{body}}
</body></html>
"""
_BOOK_STYLE = """body { line-height: 1.8; }
h1 { font-size: 1.3em; line-height: 1.4; }
.note { color: #5f574d; font-size: 0.9em; }
.-epub-media-overlay-active { background: #f6dfb8; }
"""
_PACKAGE = f"""{_XML}<package xmlns="http://www.idpf.org/2007/opf" version="3.0"
 unique-identifier="id" xml:lang="zh-CN"
 prefix="TC260: http://www.tc260.org.cn/ns/AIGC/1.0/">
<metadata xmlns:dc="http://purl.org/dc/elements/1.1/">
{{metadata}}
</metadata>
<manifest>
{{manifest}}
</manifest>
<spine>
{{spine}}
</spine>
</package>
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Epub:
    """The settings of `[export.epub]`."""

    name: str = "{date}"

    def write(self, source: Finished, folder: Path, work: Path) -> Sequence[str]:  # noqa: ARG002
        """Write the book."""
        pages = list(_book_pages(source))
        words = phrases("outlets")["epub"]
        texts = {"book.css": _BOOK_STYLE, "nav.xhtml": _contents(pages, words["contents"])}
        for page in pages:
            texts |= {f"{page.name}.xhtml": page.text, f"{page.name}.smil": page.overlay}
        texts["package.opf"] = _package(source, pages)
        with zipfile.ZipFile(folder / f"{source.name(self.name)}.epub", "w") as book:
            # The kind of file stands first and plain (OCF 3.3, section 4.3).
            book.writestr(zipfile.ZipInfo("mimetype", _STAMP), "application/epub+zip")
            _add(book, "META-INF/container.xml", _CONTAINER.encode())
            for name, text in texts.items():
                _add(book, f"book/{name}", text.encode())
            _add(book, "book/cover.jpg", shrink_cover(source.cover, _COVER_SIDE), plain=True)
            _add(book, "book/audio.mp3", source.audio.read_bytes(), plain=True)
        return ()


def _add(book: zipfile.ZipFile, name: str, content: bytes, *, plain: bool = False) -> None:
    kind = zipfile.ZIP_STORED if plain else zipfile.ZIP_DEFLATED
    book.writestr(zipfile.ZipInfo(name, _STAMP), content, compress_type=kind)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Page:
    """One part of the script in the book."""

    name: str
    title: str
    text: str
    overlay: str
    duration_ms: int


def _book_pages(source: Finished) -> Iterator[_Page]:
    for number, (part, said) in enumerate(source.parts):
        cues = [cue for _, cues in said for cue in cues]
        if not cues:
            continue
        name = f"part{number:03}"
        title = printable(part.title) or chapter_title(source.episode.chapters[0])
        yield _Page(
            name=name,
            title=title,
            text=_XHTML.format(title=escape(title), body="\n".join(_body(part, title, said))),
            overlay=_overlay(name, cues),
            duration_ms=sum(cue.end_ms - cue.start_ms for cue in cues),
        )


def _body(part: Part, title: str, said: Sequence[tuple[Line, tuple[Cue, ...]]]) -> Iterator[str]:
    """The paragraphs; each cue is an element of its own, which the overlay names."""
    count, has_title = 0, False
    for (_, kind), group in groupby(said, lambda pair: (pair[0].paragraph, pair[0].kind)):
        cues = enumerate((cue for _, cues in group for cue in cues), count)
        spans = [f'<span id="c{at}">{escape(printable(cue.text))}</span>' for at, cue in cues]
        count += len(spans)
        is_head = part.kind == "story" and kind == "headline"
        if not has_title and not is_head:
            yield f"<h1>{escape(title)}</h1>"
        has_title = True
        name = "h1" if is_head else "h2" if kind == "crosshead" else "p"
        yield f"<{name}>{''.join(spans)}</{name}>"
        if is_head and (names := "、".join((*part.byline, part.signoff)).strip("、")):
            yield f'<p class="note">{escape(printable(names))}</p>'


def _overlay(name: str, cues: Sequence[Cue]) -> str:
    rows = "\n".join(
        f'<par id="p{at}"><text src="{name}.xhtml#c{at}"/><audio src="audio.mp3" '
        f'clipBegin="{_in_seconds(cue.start_ms)}" clipEnd="{_in_seconds(cue.end_ms)}"/></par>'
        for at, cue in enumerate(cues)
    )
    return (
        f'{_XML}<smil xmlns="http://www.w3.org/ns/SMIL" xmlns:epub="http://www.idpf.org/2007/ops" '
        f'version="3.0">\n<body><seq id="all" epub:textref="{name}.xhtml#all">\n{rows}\n'
        "</seq></body></smil>\n"
    )


def _contents(pages: Sequence[_Page], title: str) -> str:
    rows = (f'<li><a href="{one.name}.xhtml">{escape(one.title)}</a></li>' for one in pages)
    body = '<nav epub:type="toc"><h1>{}</h1><ol>\n{}\n</ol></nav>'.format(title, "\n".join(rows))
    return _XHTML.format(title=title, body=body)


def _package(source: Finished, pages: Sequence[_Page]) -> str:
    episode = source.episode
    changed = replace(episode, published=episode.updated or episode.published)
    modified = publication_time(changed).astimezone(datetime.UTC)
    dublin = {
        'identifier id="id"': f"urn:qjaudio:{source.maker.guid}",
        "title": printable(episode.title),
        "language": "zh-CN",
        "creator": printable(episode.paper),
        "date": episode.date,
        "description": "".join(disclosures(episode)),
    }
    metas = {
        "dcterms:modified": f"{modified:%Y-%m-%dT%H:%M:%SZ}",
        "media:active-class": "-epub-media-overlay-active",
        "media:narrator": phrases("outlets")["epub"]["narrator"],
        "media:duration": _in_seconds(sum(one.duration_ms for one in pages)),
        f"TC260:{LABEL}": source.label("epub"),
        "schema:accessMode": "textual",
        "schema:accessModeSufficient": "textual",
        "schema:accessibilityFeature": "synchronizedAudioText",
        "schema:accessibilityHazard": "none",
    }
    rows = [f"<dc:{tag}>{escape(text)}</dc:{tag.split()[0]}>" for tag, text in dublin.items()]
    rows += [f'<meta property="{name}">{escape(text)}</meta>' for name, text in metas.items()]
    rows += [
        f'<meta property="media:duration" refines="#{one.name}-smil">'
        f"{_in_seconds(one.duration_ms)}</meta>"
        for one in pages
    ]
    items = [
        '<item id="css" href="book.css" media-type="text/css"/>',
        '<item id="nav" href="nav.xhtml" media-type="application/xhtml+xml" properties="nav"/>',
        '<item id="cover" href="cover.jpg" media-type="image/jpeg" properties="cover-image"/>',
        '<item id="audio" href="audio.mp3" media-type="audio/mpeg"/>',
    ]
    for one in pages:
        items += [
            f'<item id="{one.name}" href="{one.name}.xhtml" media-type="application/xhtml+xml" '
            f'media-overlay="{one.name}-smil"/>',
            f'<item id="{one.name}-smil" href="{one.name}.smil" '
            'media-type="application/smil+xml"/>',
        ]
    spine = (f'<itemref idref="{name}"/>' for name in ("nav", *(one.name for one in pages)))
    return _PACKAGE.format(
        metadata="\n".join(rows), manifest="\n".join(items), spine="\n".join(spine)
    )


def _in_seconds(milliseconds: int) -> str:
    return f"{milliseconds / 1000:.3f}s"


@dataclass(frozen=True, slots=True, kw_only=True)
class M4b:
    """The settings of `[export.m4b]`."""

    name: str = "{date}"
    bit_rate: int = 96
    """In kbit/s."""

    def __post_init__(self) -> None:
        """Refuse what cannot be made."""
        check_choice("bit_rate", self.bit_rate, BIT_RATES)

    def write(self, source: Finished, folder: Path, work: Path) -> Sequence[str]:
        """Write the audio book: AAC with chapters, picture and label."""
        import mutagen.mp4

        mp4: Any = mutagen.mp4  # it calls itself typed and is not
        path, listing = folder / f"{source.name(self.name)}.m4b", work / "chapters.txt"
        listing.write_text(_ffmetadata(source), encoding="utf-8")
        run_ffmpeg(
            [
                "-i", str(source.audio), "-f", "ffmetadata", "-i", str(listing), "-map", "0:a",
                "-map_metadata", "1", "-map_chapters", "1", "-c:a", "aac",
                "-b:a", f"{self.bit_rate}k", "-bitexact", "-movflags", "+faststart", "-f", "ipod",
                "-brand", "M4B ", str(path),
            ]
        )  # fmt: skip
        label = source.label("m4b").encode()
        book = mp4.MP4(path)
        picture = shrink_cover(source.cover, _AUDIO_BOOK_SIDE)
        book["covr"] = [mp4.MP4Cover(picture, mp4.MP4Cover.FORMAT_JPEG)]
        book[f"----:com.apple.iTunes:{LABEL}"] = [mp4.MP4FreeForm(label)]
        book.save()
        if label not in path.read_bytes():
            raise IncompleteError(f"the {LABEL} label is not in {path.name}")
        return ()


def _ffmetadata(source: Finished) -> str:
    """ffmpeg's own form of metadata: title and chapters."""
    episode = source.episode
    fields = {
        "title": episode.title,
        "artist": episode.paper,
        "album": source.title,
        "date": episode.date,
        "genre": "Podcast",
        "comment": "".join(disclosures(episode)),
    }
    rows = [";FFMETADATA1", *(f"{name}={_for_ffmpeg(text)}" for name, text in fields.items())]
    for one in episode.chapters:
        times = f"TIMEBASE=1/1000\nSTART={one.start_ms}\nEND={one.end_ms}"
        rows.append(f"[CHAPTER]\n{times}\ntitle={_for_ffmpeg(chapter_title(one))}")
    return "\n".join(rows) + "\n"


def _for_ffmpeg(text: str) -> str:
    return re.sub(r"([=;#\\])", r"\\\1", printable(text))
