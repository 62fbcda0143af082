r"""Draw the pictures of the player that the documentation shows.

    QJAUDIO_VOICE=silent QJAUDIO_SLOW=true qjaudio make 2025-05-20 \
        --from issues/2025-05-20 --out show
    python benchmarks/player_pictures.py show docs/images

Needs Chromium and playwright (the extra `test`); writes player-listen.png (a phone's first page and
an episode, in light and dark), player-desktop.png (both columns), player-landscape.png and
player-slow.png (an episode beside its slow edition, and that edition's first page), and, as text,
player-read-aloud.txt: the accessibility tree of both pages, as a screen reader goes through it.
"""

import argparse
import functools
import io
import shutil
import sys
from pathlib import Path
from typing import Any

from PIL import Image

from qjaudio.web.app import create_app

sys.path.insert(0, str(Path(__file__).parents[1] / "tests"))
from web.served import running

PAGE = "2025-05-20.html"
PHONE, DESKTOP, LANDSCAPE = (390, 844), (1280, 800), (844, 390)
GAP, BACKGROUND = 24, "#8a8378"


def shoot(browser: Any, url: str, size: tuple[int, int], scheme: str = "light") -> Image.Image:
    """The page in a window of this size; an episode plays its third story."""
    context = browser.new_context(
        viewport={"width": size[0], "height": size[1]}, color_scheme=scheme, locale="zh-CN"
    )
    page = context.new_page()
    page.goto(url)
    if url.endswith(PAGE):
        page.locator("#stories a[data-number]").nth(2).click()
        page.wait_for_timeout(1500)
        page.evaluate("scrollTo(0, 0)")
        if size[0] > size[1] > LANDSCAPE[1]:
            page.evaluate("document.querySelector('.columns').scrollIntoView()")
    page.mouse.move(1, 1)
    page.wait_for_timeout(700)
    picture = Image.open(io.BytesIO(page.screenshot()))
    context.close()
    return picture


def beside(pictures: list[Image.Image]) -> Image.Image:
    """The pictures in a row."""
    width = sum(one.width + GAP for one in pictures) + GAP
    whole = Image.new("RGB", (width, pictures[0].height + 2 * GAP), BACKGROUND)
    left = GAP
    for one in pictures:
        whole.paste(one, (left, GAP))
        left += one.width + GAP
    return whole


def read_aloud(browser: Any, url: str) -> str:
    """What a screen reader has to say of a page, line by line."""
    page = browser.new_page(locale="zh-CN")
    page.goto(url, wait_until="networkidle")
    lines = page.locator("body").aria_snapshot().splitlines()
    page.close()
    return "\n".join(line for line in lines if "/url:" not in line)


def draw(show: Path, target: Path) -> None:
    """Write the pictures of the show's pages into `target`."""
    from playwright.sync_api import sync_playwright

    chromium = shutil.which("chromium") or shutil.which("chromium-browser")
    words = ["--no-sandbox", "--autoplay-policy=no-user-gesture-required", "--mute-audio"]
    with running(create_app(show)) as port, sync_playwright() as engine:
        browser = engine.chromium.launch(executable_path=chromium, args=words)
        shot = functools.partial(shoot, browser)
        base = f"http://127.0.0.1:{port}/"
        episode = base + PAGE
        told = "\n\n".join(read_aloud(browser, one) for one in (base, episode))
        (target / "player-read-aloud.txt").write_text(told + "\n", encoding="utf-8")
        slow = [f"{base}slow/{name}" for name in (PAGE, "index.html")]
        phones = [shot(base, PHONE), shot(episode, PHONE), shot(episode, PHONE, "dark")]
        whole = {
            "player-listen": beside(phones),
            "player-desktop": beside([shot(base, DESKTOP), shot(episode, DESKTOP, "dark")]),
            "player-landscape": beside([shot(episode, LANDSCAPE)]),
            "player-slow": beside([shot(one, PHONE) for one in (episode, *slow)]),
        }  # fmt: skip
        browser.close()
    for name, picture in whole.items():
        picture.quantize(128).save(target / f"{name}.png", optimize=True)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=str(__doc__).partition("\n")[0])
    parser.add_argument("show", type=Path, help="the output folder of `make`")
    parser.add_argument("target", type=Path, help="where the pictures go")
    draw(**vars(parser.parse_args()))
