"""What makes the pages an app on a phone: manifest and icons."""

import io
import json

from qjaudio.episode.titles import printable, shortened
from qjaudio.feed.model import Show
from qjaudio.player.templating import words

MANIFEST = "player.webmanifest"
APPLE_ICON_SIDE = 180
LARGE_ICON_SIDE = 512
_MOST_SHORT_CHARS = 12  # home screens cut longer names
_RED = (163, 22, 27)
_CREAM = (255, 251, 242)


def manifest(show: Show) -> str:
    """The web manifest of the show; all addresses are relative, so that any folder will do."""
    name = printable(show.title) or words()["site"]["app"]
    members = {
        "name": shortened(name, 60),
        "short_name": shortened(printable(show.paper) or name, _MOST_SHORT_CHARS),
        "lang": "zh-CN",
        "dir": "ltr",
        "start_url": "index.html",
        "scope": "./",
        "display": "standalone",
        "theme_color": "#a3161b",
        "background_color": "#f7f2e8",
        "categories": ["news"],
        "icons": [
            {"src": "icon.svg", "type": "image/svg+xml", "sizes": "any"},
            {"src": "icon-512.png", "type": "image/png", "sizes": "512x512",
             "purpose": "any maskable"},
        ],
    }  # fmt: skip
    return json.dumps(members, ensure_ascii=False, indent=1) + "\n"


def icon(side: int) -> bytes:
    """The drawing of icon.svg as a PNG: a sheet of paper that can be played.

    `side` is in pixels. All that matters lies inside the circle that Android leaves of an icon.
    """
    from PIL import Image, ImageDraw

    picture = Image.new("RGB", (2 * side, 2 * side), _RED)
    draw = ImageDraw.Draw(picture)
    scale = 2 * side / 512

    def scaled(*points: tuple[int, int]) -> list[tuple[float, float]]:
        return [(x * scale, y * scale) for x, y in points]

    draw.rectangle(scaled((136, 108), (376, 404)), fill=_CREAM)
    draw.rectangle(scaled((164, 140), (348, 180)), fill=_RED)
    draw.polygon(scaled((212, 216), (212, 356), (324, 286)), fill=_RED)
    small = picture.resize((side, side), Image.Resampling.LANCZOS).quantize(16)
    file = io.BytesIO()
    small.save(file, "PNG", optimize=True)
    return file.getvalue()
