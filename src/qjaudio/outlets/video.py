"""The episode as MP4 for short-video platforms: its picture, headlines and burnt-in subtitles.

One picture is drawn for each subtitle, by Pillow: the same on every machine, whatever its ffmpeg
can draw. ffmpeg holds each for as long as it is heard.
"""

import io
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache, partial
from pathlib import Path

from PIL import Image

from qjaudio.episode.cover import GRID, Canvas, Style, drawable
from qjaudio.episode.model import LABEL, Chapter, chapter_title, disclosures, printable
from qjaudio.errors import IncompleteError, UsageError
from qjaudio.machine import run_ffmpeg
from qjaudio.outlets import Finished, check_choice
from qjaudio.rules import phrases

LABEL_MS = 4000
"""The picture with the label stays so long at least; GB 45438-2025 asks for 2 s."""
FPS = 15
"""Frames a second: nothing moves."""
HOLD_MS = 800
"""A subtitle stays for so long after its words, if no other comes."""
_PAPER, _INK, _RED, _GREY = "#F7F2E8", "#1E1B18", "#A3161B", "#5F574D"
_MOST_HEAD = 32_000_000
"""Where the tags stand in a file that can be played while it comes."""


@dataclass(frozen=True, slots=True, kw_only=True)
class VideoShape:
    """A format: where things stand, in units of `GRID` to its width, inside the safe margins."""

    width: int
    height: int
    """Pixels."""
    picture: tuple[int, int, int]
    """The cover on the first picture: left, top, side."""
    label: tuple[int, int, Style]
    """The label on the first picture, a twentieth of the shorter side high: its middle."""
    facts_y: int
    headline: tuple[int, int, range]
    """Middle and height of the box, and the sizes tried."""
    subtitle: tuple[int, int, range]
    mark_y: int
    """The small label on the other pictures."""


SHAPES = {
    "9:16": VideoShape(
        width=1080,
        height=1920,
        picture=(250, 330, 1000),
        label=(750, 1450, Style("sans", 92, _RED)),
        facts_y=420,
        headline=(880, 640, range(136, 70, -6)),
        subtitle=(1790, 460, range(76, 50, -4)),
        mark_y=2110,
    ),
    "16:9": VideoShape(
        width=1920,
        height=1080,
        picture=(500, 60, 430),
        label=(750, 545, Style("sans", 54, _RED)),
        facts_y=110,
        headline=(320, 300, range(96, 50, -4)),
        subtitle=(675, 170, range(50, 34, -2)),
        mark_y=790,
    ),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Video:
    """The settings of `[export.video]`."""

    sizes: tuple[str, ...] = ("9:16", "16:9")
    name: str = "{date}-{shape}"
    """The name of a file, without its ending; {shape} is 9x16 or 16x9."""

    def __post_init__(self) -> None:
        """Refuse what cannot be made."""
        for size in self.sizes:
            check_choice("sizes", size, tuple(SHAPES))
        if len({*self.sizes}) > 1 and "{shape}" not in self.name:
            reason = f"name = {self.name[:80]!r} gives several videos one name"
            raise UsageError(reason, hint="put {shape} into it")

    def write(self, source: Finished, folder: Path, work: Path) -> Sequence[str]:
        """Write an MP4 for each size."""
        for size in self.sizes:
            name = source.name(self.name, shape=size.replace(":", "x"))
            pictures = list(_pictures(source, SHAPES[size], work))
            rows = [f"file '{path.name}'\nduration {ms / 1000:.3f}" for path, ms in pictures]
            rows.append(f"file '{pictures[-1][0].name}'")  # else the last one is not held
            (work / "pictures.txt").write_text("\n".join(rows) + "\n", encoding="utf-8")
            self._encode(source, size, work / "pictures.txt", folder / f"{name}.mp4")
        return ()

    def _encode(self, source: Finished, size: str, pictures: Path, path: Path) -> None:
        label = source.label(f"video-{size.replace(':', 'x')}")
        colours = "scale=out_range=tv:out_color_matrix=bt709,format=yuv420p"
        run_ffmpeg(
            [
                "-f", "concat", "-safe", "0", "-i", str(pictures), "-i", str(source.audio),
                "-map", "0:v", "-map", "1:a", "-map_metadata", "-1", "-map_chapters", "-1",
                "-vf", f"{colours},fps={FPS}", "-colorspace", "bt709",
                "-color_primaries", "bt709", "-color_trc", "bt709", "-color_range", "tv",
                "-c:v", "libx264", "-preset", "superfast", "-threads", "4", "-tune", "stillimage",
                "-crf", "21",
                "-g", str(FPS * 4), "-c:a", "aac", "-b:a", "96k", "-bitexact",
                "-t", f"{source.episode.duration_ms / 1000:.3f}",
                "-metadata", f"title={printable(source.episode.title)}",
                "-metadata", f"artist={printable(source.episode.paper)}",
                "-metadata", f"comment={''.join(disclosures(source.episode))}",
                "-metadata", f"{LABEL}={label}",
                # Without the second ffmpeg drops the label in silence.
                "-movflags", "+faststart+use_metadata_tags", "-f", "mp4", str(path),
            ]
        )  # fmt: skip
        with path.open("rb") as file:
            if label.encode("utf-8") not in file.read(_MOST_HEAD):
                raise IncompleteError(f"ffmpeg has left the {LABEL} label out of {path.name}")


def _scenes(source: Finished) -> Iterator[tuple[int, Chapter | None, str]]:
    """From which millisecond on which chapter and which subtitle are seen; None = the cover."""
    chapters = [one for one in source.episode.chapters if one.kind == "story"]
    cues = {cue.start_ms: cue for cue in reversed(source.episode.cues)}
    times = {0, LABEL_MS, *cues, *(one.start_ms for one in source.episode.chapters)}
    times |= {cue.end_ms + HOLD_MS for cue in source.episode.cues}
    text, ended = "", 0
    for time in sorted(one for one in times if one < source.episode.duration_ms):
        if cue := cues.get(time):
            text, ended = cue.text, cue.end_ms + HOLD_MS
        text = text if time < ended else ""
        story = next((one for one in chapters if one.start_ms <= time < one.end_ms), None)
        yield time, story if time >= LABEL_MS else None, text


def _pictures(source: Finished, shape: VideoShape, work: Path) -> Iterator[tuple[Path, int]]:
    """Each picture, drawn once, and for how many milliseconds it is seen."""
    scenes = list(_scenes(source))
    ends = [*(time for time, _, _ in scenes[1:]), source.episode.duration_ms]
    cover = Image.open(io.BytesIO(source.cover))
    ground_of = lru_cache(maxsize=1)(partial(_draw_ground, source, shape, cover))
    drawn: dict[tuple[Chapter | None, str], Path] = {}
    for (time, chapter, text), end in zip(scenes, ends, strict=True):
        path = drawn.get((chapter, text))
        if path is None:
            path = work / f"{shape.width}-{len(drawn):05}.jpg"
            picture = _add_subtitle(ground_of(chapter), shape, text)
            picture.save(path, "JPEG", quality=92, subsampling=0)
            drawn[chapter, text] = path
        yield path, end - time


def _draw_ground(
    source: Finished, shape: VideoShape, cover: Image.Image, chapter: Chapter | None
) -> Image.Image:
    """What stays for a whole chapter: all but the subtitle."""
    words = phrases("outlets")["video"]
    canvas = Canvas(shape.width, _PAPER, shape.height)
    if chapter is None:
        left, top, side = (round(one * shape.width / GRID) for one in shape.picture)
        canvas.image.paste(cover.resize((side, side), Image.Resampling.LANCZOS), (left, top))
        x, y, style = shape.label
        canvas.write(x, y, words["label"], style, "mm")
    else:
        facts = " · ".join(source.facts(chapter.page))
        small = Style("sans", 44, _GREY)
        canvas.fill(0, 0, GRID, 14, _RED)
        canvas.write(GRID / 2, shape.facts_y, drawable(printable(facts)), small, "mm")
        _write_box(canvas, chapter_title(chapter), Style("serif", 100, _INK), shape.headline)
        canvas.write(GRID / 2, shape.mark_y, words["label"], replace(small, size=36), "mm")
    return canvas.image


def _add_subtitle(ground: Image.Image, shape: VideoShape, text: str) -> Image.Image:
    canvas = Canvas(shape.width, _PAPER, shape.height)
    canvas.image.paste(ground)
    _write_box(canvas, text, Style("sans", 60, _INK, leading=1.4), shape.subtitle)
    return canvas.image


def _write_box(canvas: Canvas, text: str, style: Style, box: tuple[int, int, range]) -> None:
    """The text in the middle of a box, as large as it can be."""
    middle, height, sizes = box
    if plain := drawable(printable(text)):
        style, lines = canvas.fit_text(plain, style, GRID * 0.84, height, sizes)
        step = style.size * style.leading
        top = middle - step * (len(lines) - 1) / 2
        for number, line in enumerate(lines):
            canvas.write(GRID / 2, top + number * step, line, style, "mm")
