"""The edition as a book: an EPUB that is read along, and an M4B with chapters.

EPUB 3.3 with media overlays 3.3: each sentence of the pages names its stretch of the MP3.
"""

import datetime
import re
import zipfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import count, groupby
from pathlib import Path
from typing import Any

from qjaudio.episode.cover import shrink_cover
from qjaudio.episode.model import LABEL, Cue, chapter_title, disclosures, printable
from qjaudio.errors import IncompleteError
from qjaudio.feed.rss import publication_time
from qjaudio.machine import run_ffmpeg
from qjaudio.outlets import Finished, fill_template
from qjaudio.rules import phrases
from qjaudio.script.model import Line, Part

_STAMP = (1980, 1, 1, 0, 0, 0)
"""The time of every file in the book: the same episode gives the same bytes."""
_COVER_SIDE, _AUDIO_BOOK_SIDE = 1400, 600
_BIT_RATE = "96k"


@dataclass(frozen=True, slots=True, kw_only=True)
class Epub:
    """The settings of `[export.epub]`."""

    name: str = "{date}"

    def write(self, source: Finished, folder: Path, work: Path) -> Sequence[str]:  # noqa: ARG002
        """Write the book."""
        pages, words = list(_book_pages(source)), phrases("outlets")["epub"]
        contents = {"title": words["contents"], "contents": pages, "blocks": ()}
        texts = {name: fill_template(name) for name in ("container.xml", "book.css")}
        texts["nav.xhtml"] = fill_template("page.xhtml", **contents)
        for page in pages:
            texts[f"{page['name']}.xhtml"] = fill_template("page.xhtml", contents=(), **page)
            texts[f"{page['name']}.smil"] = fill_template("page.smil", seconds=_in_seconds, **page)
        texts["package.opf"] = _package(source, pages, words)
        with zipfile.ZipFile(folder / f"{source.name(self.name)}.epub", "w") as book:
            # The kind of file stands first and plain (OCF 3.3, section 4.3).
            book.writestr(zipfile.ZipInfo("mimetype", _STAMP), "application/epub+zip")
            for name, text in texts.items():
                place = "META-INF" if name == "container.xml" else "book"
                _add(book, f"{place}/{name}", text.encode())
            _add(book, "book/cover.jpg", shrink_cover(source.cover, _COVER_SIDE), plain=True)
            _add(book, "book/audio.mp3", source.audio.read_bytes(), plain=True)
        return ()


def _add(book: zipfile.ZipFile, name: str, content: bytes, *, plain: bool = False) -> None:
    kind = zipfile.ZIP_STORED if plain else zipfile.ZIP_DEFLATED
    book.writestr(zipfile.ZipInfo(name, _STAMP), content, compress_type=kind)


def _book_pages(source: Finished) -> Iterator[dict[str, Any]]:
    """One page for each part of the script, as its template takes it."""
    for number, (part, said) in enumerate(source.parts):
        if cues := [cue for _, cues in said for cue in cues]:
            names = "、".join((*part.byline, part.signoff)).strip("、")
            yield {
                "name": f"part{number:03}",
                "title": printable(part.title) or chapter_title(source.episode.chapters[0]),
                "names": printable(names) if part.kind == "story" else "",
                "cues": cues,
                "blocks": list(_blocks(part, said)),
                "duration_ms": sum(cue.end_ms - cue.start_ms for cue in cues),
            }


def _blocks(
    part: Part, said: Sequence[tuple[Line, tuple[Cue, ...]]]
) -> Iterator[tuple[str, list[tuple[int, str]]]]:
    """The paragraphs; each cue is an element of its own, which the overlay names by number."""
    numbers = count()
    for (_, kind), group in groupby(said, lambda pair: (pair[0].paragraph, pair[0].kind)):
        is_head = part.kind == "story" and kind == "headline"
        tag = "h1" if is_head else "h2" if kind == "crosshead" else "p"
        yield tag, [(next(numbers), printable(cue.text)) for _, cues in group for cue in cues]


def _package(source: Finished, pages: Sequence[dict[str, Any]], words: dict[str, Any]) -> str:
    episode = source.episode
    changed = replace(episode, published=episode.updated or episode.published)
    return fill_template(
        "package.opf",
        guid=source.maker.guid,
        title=printable(episode.title),
        paper=printable(episode.paper),
        date=episode.date,
        description="".join(disclosures(episode)),
        modified=publication_time(changed).astimezone(datetime.UTC),
        label=source.label("epub"),
        pages=pages,
        words=words,
        seconds=_in_seconds,
    )


def _in_seconds(milliseconds: int) -> str:
    return f"{milliseconds / 1000:.3f}s"


@dataclass(frozen=True, slots=True, kw_only=True)
class M4b:
    """The settings of `[export.m4b]`."""

    name: str = "{date}"

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
                "-b:a", _BIT_RATE, "-bitexact", "-movflags", "+faststart", "-f", "ipod",
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
