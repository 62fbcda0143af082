"""A small writer of PDF: text set character by character, curves, boxes, pictures.

The fonts are those of the package pylopdf-fonts-zh-cn, cut down with fontTools to what is written.
"""

import random
import zlib
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

BOLD = 0.035
"""Bold type is the same with a stroke of this share of its size around it."""
_ASCENT = 0.88
PARTS = ("broadsheet", "broadsheet_words", "broadsheet_traits")


@cache
def face(family: str) -> "Face":
    """A font by its family, `Serif` or `Sans`."""
    import pylopdf_fonts_zh_cn as noto

    return Face(family, Path(noto.__file__).with_name(f"Noto{family}SC-Regular.otf"))


class Face:
    """A font cut down to the words of the made-up pages."""

    def __init__(self, family: str, path: Path) -> None:
        """Cut it down."""
        from fontTools import subset

        here = Path(__file__)
        files = [here.with_name(f"{name}.py") for name in PARTS]
        words = "".join(file.read_text("utf-8") for file in files)
        text = {char for char in words if ord(char) > 0x20} | set(map(chr, range(0x21, 0x7F)))
        options = subset.Options(layout_features=[], notdef_outline=True, name_IDs=[])
        options.drop_tables += ["GSUB", "GPOS", "BASE", "VORG", "vhea", "vmtx"]
        self.family = family
        self.font = subset.load_font(str(path), options)
        cutter = subset.Subsetter(options)
        cutter.populate(text="".join(sorted(text)))
        cutter.subset(self.font)
        self.glyphs: dict[int, str] = self.font.getBestCmap()
        self.widths = self.font["hmtx"].metrics
        self.shapes = self.font.getGlyphSet()

    def code(self, char: str) -> int:
        """The number of a character's glyph in the font."""
        return int(self.glyphs[ord(char)].removeprefix("cid"))

    def width(self, char: str) -> float:
        """The width of a character in type sizes."""
        return float(self.widths[self.glyphs[ord(char)]][0]) / 1000 if char != " " else 0.5

    def outline(self, char: str, size: float, x: float, y: float) -> str:
        """A character as a path of PDF with its origin at a point."""
        from fontTools.pens.recordingPen import DecomposingRecordingPen

        pen = DecomposingRecordingPen(self.shapes)
        self.shapes[self.glyphs[ord(char)]].draw(pen)
        out, scale = [], size / 1000
        marks = {"moveTo": "m", "lineTo": "l", "curveTo": "c"}
        for step, points in pen.value:
            flat = " ".join(f"{x + px * scale:.2f} {y + py * scale:.2f}" for px, py in points)
            out.append(f"{flat} {marks[step]}" if step in marks else "h")
        return " ".join(out)

    def parts(self) -> list[bytes]:
        """The font's objects without their numbers: Type0, CIDFont, descriptor, file, map."""
        raw = zlib.compress(self.font.getTableData("CFF "))
        name = f"ABCDEF+Noto{self.family}SC".encode()
        widths = " ".join(
            f"{int(glyph.removeprefix('cid'))} [{self.widths[glyph][0]}]"
            for glyph in self.glyphs.values()
            if self.widths[glyph][0] != 1000
        )
        rows = [
            f"<{int(glyph.removeprefix('cid')):04x}> <{chr(code).encode('utf-16-be').hex()}>"
            for code, glyph in self.glyphs.items()
        ]
        blocks = [rows[at : at + 100] for at in range(0, len(rows), 100)]
        table = "\n".join(
            f"{len(block)} beginbfchar\n" + "\n".join(block) + "\nendbfchar" for block in blocks
        )
        cmap = (
            "/CIDInit /ProcSet findresource begin 12 dict begin begincmap /CMapName /x def "
            "/CMapType 2 def 1 begincodespacerange <0000> <ffff> endcodespacerange\n"
            f"{table}\nendcmap end end"
        ).encode()
        return [
            b"<</Type/Font/Subtype/Type0/BaseFont/%s/Encoding/Identity-H"
            b"/DescendantFonts[%%d 0 R]/ToUnicode %%d 0 R>>" % name,
            b"<</Type/Font/Subtype/CIDFontType0/BaseFont/%s/DW 1000/W[%s]/CIDSystemInfo"
            b"<</Registry(Adobe)/Ordering(Identity)/Supplement 0>>/FontDescriptor %%d 0 R>>"
            % (name, widths.encode()),
            b"<</Type/FontDescriptor/FontName/%s/Flags 4/FontBBox[-1000 -300 2000 1100]"
            b"/ItalicAngle 0/Ascent 880/Descent -120/CapHeight 730/StemV 80"
            b"/FontFile3 %%d 0 R>>" % name,
            _stream(b"/Subtype/CIDFontType0C/Filter/FlateDecode", raw),
            _stream(b"/Filter/FlateDecode", zlib.compress(cmap)),
        ]


def _stream(head: bytes, raw: bytes) -> bytes:
    return b"<<%s/Length %d>>stream\n%s\nendstream" % (head, len(raw), raw)


@dataclass
class Sheet:
    """One sheet of paper; places are points from its top left corner."""

    width: float
    height: float
    steps: list[str] = field(default_factory=list)
    pictures: list[bytes] = field(default_factory=list)
    turned: bool = False
    """Whether the file holds it on its side, for a viewer to turn by 90 degrees."""
    margin: float = 0.0
    """What the file holds around it, outside the crop box."""

    def text(  # noqa: PLR0913  all that a line of type has
        self,
        text: str,
        x: float,
        top: float,
        size: float,
        *,
        family: str = "Serif",
        bold: bool = False,
        grey: float = 0.0,
        step: float | None = None,
        outlined: bool = False,
        apart: bool = False,
    ) -> None:
        """Set a line of text whose square begins at a point; `step` overrides the advance.

        `outlined` draws the edges only, `apart` shows each character by itself.
        """
        font = face(family)
        base = self.height - top - _ASCENT * size
        mode = 1 if outlined else 2 if bold else 0
        self.steps.append(
            f"q {grey:g} g {grey:g} G {size * BOLD:.2f} w BT /{family} {size:.2f} Tf {mode} Tr"
        )
        at, run = x, []
        for char in text:
            advance = font.width(char) * size + (step or 0.0)
            if char != " ":
                run.append((at, font.code(char)))
            at += advance
        for start in run if apart else run[:1]:
            here = [start] if apart else run
            self.steps.append(f"1 0 0 1 {here[0][0]:.2f} {base:.2f} Tm [")
            for number, (left, code) in enumerate(here):
                self.steps.append(f"<{code:04x}>")
                if number + 1 < len(here):
                    natural = self._natural(font, code) * size
                    off = (here[number + 1][0] - left - natural) / size * -1000
                    self.steps.append(f"{off:.0f}" if abs(off) >= 1 else "")
            self.steps.append("] TJ")
        self.steps.append("ET Q")

    @staticmethod
    def _natural(font: Face, code: int) -> float:
        return float(font.widths[f"cid{code:05d}"][0]) / 1000

    def curves(
        self, text: str, x: float, top: float, size: float, *, family: str, bold: bool, whole: bool
    ) -> None:
        """Draw a line of text as shapes: one for all of it, or one a character."""
        font, base = face(family), self.height - top - _ASCENT * size
        paths, at = [], x
        for char in text:
            if char != " ":
                paths.append(font.outline(char, size, at, base))
            at += font.width(char) * size
        paint = "B" if bold else "f"
        self.steps.append(f"q 0 g 0 G {size * BOLD:.2f} w")
        self.steps += [" ".join(paths) + " " + paint] if whole else [f"{p} {paint}" for p in paths]
        self.steps.append("Q")

    def box(
        self,
        left: float,
        top: float,
        right: float,
        bottom: float,
        *,
        fill: float | None = None,
        line: float = 0.0,
        grey: float = 0.0,
    ) -> None:
        """A rectangle, filled with a grey or drawn as a frame."""
        where = f"{left:.2f} {self.height - bottom:.2f} {right - left:.2f} {bottom - top:.2f} re"
        if fill is not None:
            self.steps.append(f"q {fill:g} g {where} f Q")
        if line:
            self.steps.append(f"q {grey:g} G {line:g} w {where} S Q")

    def rule(
        self, left: float, top: float, right: float, bottom: float, *, line: float = 0.7
    ) -> None:
        """A ruled line."""
        ends = f"{left:.2f} {self.height - top:.2f} m {right:.2f} {self.height - bottom:.2f} l"
        self.steps.append(f"q 0 G {line:g} w {ends} S Q")

    def picture(
        self, left: float, top: float, right: float, bottom: float, dice: random.Random
    ) -> None:
        """A photo: grey hills under a sky, an image of its own."""
        wide, tall = 90, 60
        hill = [dice.randint(20, 40) for _ in range(7)]
        rows = bytearray()
        for y in range(tall):
            for x in range(wide):
                part, at = divmod(x, 15)
                edge = hill[part] + (hill[part + 1] - hill[part]) * at / 15
                shade = 205 - y if y < edge else 60 + (x * 7 + y * 13) % 40
                rows.append(shade)
        head = (
            b"/Type/XObject/Subtype/Image/Width %d/Height %d/ColorSpace/DeviceGray"
            b"/BitsPerComponent 8/Filter/FlateDecode" % (wide, tall)
        )
        name = f"P{len(self.pictures)}"
        self.pictures.append(_stream(head, zlib.compress(bytes(rows))))
        self.steps.append(
            f"q {right - left:.2f} 0 0 {bottom - top:.2f} {left:.2f} "
            f"{self.height - bottom:.2f} cm /{name} Do Q"
        )


def written(sheets: list[Sheet]) -> bytes:
    """The sheets as a PDF file."""
    objects: list[bytes] = [b"", b""]

    def add(raw: bytes) -> int:
        objects.append(raw)
        return len(objects)

    fonts = []
    for family in ("Serif", "Sans"):
        whole, cid, descriptor, file, cmap = face(family).parts()
        file_at, map_at = add(file), add(cmap)
        cid_at = add(cid % add(descriptor % file_at))
        fonts.append(b"/%s %d 0 R" % (family.encode(), add(whole % (cid_at, map_at))))
    kids = [_sheet(sheet, add, b"".join(fonts)) for sheet in sheets]
    objects[0] = b"<</Type/Catalog/Pages 2 0 R>>"
    objects[1] = b"<</Type/Pages/Count %d/Kids[%s]>>" % (
        len(kids),
        b" ".join(b"%d 0 R" % kid for kid in kids),
    )
    out, places = b"%PDF-1.7\n", []
    for number, raw in enumerate(objects, 1):
        places.append(len(out))
        out += b"%d 0 obj%s\nendobj\n" % (number, raw)
    count = len(objects) + 1
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    table = b"xref\n0 %d\n0000000000 65535 f \n%s" % (count, table)
    end = b"trailer<</Size %d/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF\n" % (count, len(out))
    return out + table + end


def _sheet(sheet: Sheet, add: Any, fonts: bytes) -> int:
    pictures = b"".join(b"/P%d %d 0 R" % (n, add(raw)) for n, raw in enumerate(sheet.pictures))
    wide, high = (sheet.height, sheet.width) if sheet.turned else (sheet.width, sheet.height)
    turn = [f"0 1 -1 0 {sheet.height:g} 0 cm"] * sheet.turned
    stream = zlib.compress("\n".join([*turn, *sheet.steps]).encode())
    contents = add(_stream(b"/Filter/FlateDecode", stream))
    return int(
        add(
            b"<</Type/Page/Parent 2 0 R/MediaBox[%.2f %.2f %.2f %.2f]/CropBox[0 0 %.2f %.2f]"
            b"/Rotate %d/Contents %d 0 R/Resources<</Font<<%s>>/XObject<<%s>>>>>>"
            % (
                *(-sheet.margin, -sheet.margin, wide + sheet.margin, high + sheet.margin),
                *(wide, high, 90 * sheet.turned, contents, fonts, pictures),
            )
        )
    )
