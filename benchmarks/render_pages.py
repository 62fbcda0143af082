"""Render pages of a newspaper, described in a TOML file, to PDF and PNG: for tests, not for users.

    python benchmarks/render_pages.py tests/sources/pages/two_pages.toml out/

writes `two_pages.pdf` and `two_pages_1.png` … into `out/`. Needs Chromium on the path and a Chinese
font, both of the machine; `--dpi`, `--skew` (degrees) and `--noise` (grey steps) make it a scan.
"""

import argparse
import html
import shutil
import subprocess
import tempfile
import tomllib
from pathlib import Path
from typing import Any

CHROMIUM = (
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-extensions",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-pdf-header-footer",
)
PHOTO = (
    '<svg viewBox="0 0 120 60" preserveAspectRatio="none"><rect width="120" height="60" '
    'fill="#bbb"/><circle cx="80" cy="16" r="8" fill="#eee"/><path d="M0 60L30 22L55 45L85 15L120 '
    '60Z" fill="#777"/><path d="M0 60L20 40L60 55L100 35L120 60Z" fill="#444"/></svg>'
)
STYLE = """
@page {{ size: {width}px {height}px; margin: 0 }}
* {{ box-sizing: border-box; margin: 0; padding: 0 }}
body {{ font-family: '{font}'; font-size: {body}px; line-height: {leading} }}
.page {{ width: {width}px; height: {height}px; padding: 46px 52px; overflow: hidden;
  break-after: page }}
.row {{ display: flex; gap: {gap}px; padding: 12px 0; align-items: flex-start }}
.ruled {{ border-top: 1px solid #000 }}
.cell {{ min-width: 0 }}
.cell.sided {{ border-left: 1px solid #000; padding-left: {gap}px }}
.framed {{ border: 1px solid #000; padding: 12px }}
.tinted {{ background: #e6e6e6; padding: 12px }}
article {{ margin-bottom: 10px }}
p {{ text-indent: 2em; text-align: justify }}
p.flush {{ text-indent: 0 }}
h2 {{ line-height: 1.25; text-align: center; font-weight: 700; margin-bottom: 8px }}
h3 {{ font-size: 1.05em; text-align: center }}
.left h2, .left .kicker, .left .deck {{ text-align: left }}
.sans h2 {{ font-family: 'Noto Sans CJK SC', sans-serif }}
.kicker, .deck {{ text-align: center; font-size: 1.15em; margin-bottom: 4px;
  font-family: 'Noto Sans CJK SC', sans-serif }}
.vertical {{ display: flex; gap: 14px }}
.vertical.right {{ flex-direction: row-reverse }}
.vertical h2 {{ writing-mode: vertical-rl; text-align: left; letter-spacing: .1em }}
figure svg {{ width: 100%; display: block }}
figure {{ break-inside: avoid }}
figcaption {{ font-size: .85em; line-height: 1.4; text-indent: 0 }}
.head {{ border-bottom: 3px solid #000; margin-bottom: 6px }}
.name {{ font-size: 62px; letter-spacing: .5em; font-weight: 900; line-height: 1.2 }}
.facts, .folio, .foot {{ font-size: .88em; font-family: 'Noto Sans CJK SC', sans-serif }}
.folio {{ display: flex; justify-content: space-between; border-bottom: 2px solid #000 }}
.folio b {{ font-size: 1.7em }}
.foot {{ text-align: center; border-top: 2px solid #000; margin-top: 8px }}
.banner {{ text-align: center; font-size: 1.5em; font-weight: 700; padding: 6px }}
"""


def page_html(page: dict[str, Any], number: int) -> str:
    """One page of the description as HTML."""
    parts = [_top(page, number)]
    parts += [_row(row, page) for row in page["rows"]]
    if page.get("foot"):
        parts.append(f'<div class="foot">{html.escape(page["foot"])}</div>')
    return f'<div class="page">{"".join(parts)}</div>'


def _top(page: dict[str, Any], number: int) -> str:
    if "name" not in page:
        folio = page.get("folio", [f"第{number}版", ""])
        left, right = (html.escape(text) for text in folio)
        return f'<div class="folio"><b>{left}</b><span>{right}</span></div>'
    banner = f'<div class="banner">{page["banner"]}</div>' if page.get("banner") else ""
    return (
        f'<div class="head"><div class="name">{page["name"]}</div>'
        f'<div class="facts">{html.escape(page["facts"])}</div></div>{banner}'
    )


def _row(row: dict[str, Any], page: dict[str, Any]) -> str:
    cells = []
    for cell in row["cells"]:
        classes = " ".join(["cell", *cell.get("style", [])])
        inside = "".join(_article(article, page) for article in cell["articles"])
        share = cell.get("share", 1)
        cells.append(f'<div class="{classes}" style="flex:{share} 1 0">{inside}</div>')
    ruled = " ruled" if row.get("ruled", True) else ""
    return f'<div class="row{ruled}">{"".join(cells)}</div>'


def _article(article: dict[str, Any], page: dict[str, Any]) -> str:
    if "photo" in article and not article.get("paragraphs"):
        return f"<article>{_figure(article)}</article>"
    size = article.get("type", 26)
    title = article["headline"].replace("|", "<br>")
    style = " ".join(article.get("style", []))
    heads = "".join(
        (
            _line("kicker", article),
            f'<h2 style="font-size:{size}px">{title}</h2>',
            _line("deck", article),
        )
    )
    if not article["headline"]:
        heads = ""
    rule = "column-rule:1px solid #888;" if article.get("column_rule") else ""
    columns = (
        f"column-count:{article.get('columns', 1)};column-gap:{page.get('gutter', 18)}px;{rule}"
    )
    paragraphs = [_paragraph(text, article, at) for at, text in enumerate(article["paragraphs"])]
    before = after = ""
    if article.get("photo") == "in":
        paragraphs.insert(max(1, len(paragraphs) // 2), _figure(article))
    elif article.get("photo") == "over":
        before = _figure(article)
    elif article.get("photo") == "under":
        after = _figure(article)
    text = f'{before}<div style="{columns}">{"".join(paragraphs)}</div>{after}'
    if "vertical" in style:
        return f'<article class="{style}"><div>{heads}</div><div>{text}</div></article>'
    return f'<article class="{style}">{heads}{text}</article>'


def _line(kind: str, article: dict[str, Any]) -> str:
    text = html.escape(article.get(kind, ""))
    return f'<div class="{kind}">{text}</div>' if text else ""


def _paragraph(text: str, article: dict[str, Any], at: int) -> str:
    if text.startswith("## "):
        return f"<h3>{html.escape(text[3:])}</h3>"
    flush = ' class="flush"' if at == 0 and article.get("continued") else ""
    return f"<p{flush}>{html.escape(text)}</p>"


def _figure(article: dict[str, Any]) -> str:
    caption = html.escape(article.get("caption", ""))
    photo = PHOTO.replace("<svg", "<svg height=100%", 1)
    tall = article.get("photo_height", 110)
    return (
        f'<figure><div style="height:{tall}px">{photo}</div>'
        f"<figcaption>{caption}</figcaption></figure>"
    )


def document(described: dict[str, Any]) -> str:
    """The whole description as one HTML document."""
    pages = "".join(page_html(page, at) for at, page in enumerate(described["pages"], 1))
    values: dict[str, Any] = {"width": 1100, "height": 1550, "body": 13, "leading": 1.4, "gap": 26}
    values["font"] = "Noto Serif CJK SC"
    style = STYLE.format(**{**values, **described.get("sheet", {})})
    return f'<!doctype html><html lang="zh-CN"><meta charset="utf-8"><style>{style}</style>{pages}'


def render_pdf(described: dict[str, Any], target: Path) -> None:
    """Print a description to a PDF file."""
    chromium = shutil.which("chromium") or shutil.which("google-chrome")
    if chromium is None:
        raise SystemExit("Chromium is not on the path")
    with tempfile.TemporaryDirectory() as folder:
        source = Path(folder) / "pages.html"
        source.write_text(document(described), encoding="utf-8")
        command = [
            chromium,
            *CHROMIUM,
            f"--user-data-dir={folder}/profile",
            f"--print-to-pdf={target}",
            source.as_uri(),
        ]
        subprocess.run(command, check=True, capture_output=True, timeout=120)


def render_png(pdf: Path, *, dpi: int, skew: float, noise: float) -> list[Path]:
    """Turn each page of a PDF into a scan: grey, askew, with grain."""
    import numpy as np
    import pypdfium2
    from PIL import Image

    grain = np.random.default_rng(7)
    paths = []
    with pypdfium2.PdfDocument(pdf) as file:
        for number, page in enumerate(file, 1):
            image = page.render(scale=dpi / 72, grayscale=True).to_pil().convert("L")
            image = image.rotate(skew, Image.Resampling.BICUBIC, fillcolor=255)
            grey = np.asarray(image, dtype=np.float32) * 0.92
            grey += grain.normal(0, noise, grey.shape) if noise else 0
            path = pdf.with_name(f"{pdf.stem}_{number}.png")
            # Sixteen greys are what a scan needs, and a third of the bytes.
            steps = (grey.clip(0, 255) / 17).round() * 17
            Image.fromarray(steps.astype(np.uint8)).save(path, optimize=True)
            paths.append(path)
    return paths


def main() -> None:
    """Render the description named on the command line."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("description", type=Path)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--dpi", type=int, default=160)
    parser.add_argument("--skew", type=float, default=0.5)
    parser.add_argument("--noise", type=float, default=6.0)
    chosen = parser.parse_args()
    chosen.folder.mkdir(parents=True, exist_ok=True)
    target = chosen.folder.resolve() / f"{chosen.description.stem}.pdf"
    render_pdf(tomllib.loads(chosen.description.read_text(encoding="utf-8")), target)
    print(target)
    for path in render_png(target, dpi=chosen.dpi, skew=chosen.skew, noise=chosen.noise):
        print(path)


if __name__ == "__main__":
    main()
