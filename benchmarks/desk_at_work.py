"""Measure the desk, and draw the pictures of its guide.

    python benchmarks/desk_at_work.py [--pictures docs/images] [--voice kokoro]

Makes a four-page issue of the made-up broadsheets and a page with five faults, opens the desk, and
prints: how long the page of an edition takes (warm), a sentence from the cache, and what is heard
first of a new one (half of them take no longer than p50, 19 of 20 than p95); the same in seconds of
the processor, and how many it needs for one of speech; and how many clicks and seconds of waiting
it takes three people at one edition from five faults to the feed, and to take it back (these are
longer with --pictures). Needs Chromium, playwright and fontTools (the extras `test` and `bench`).
"""

import argparse
import io
import json
import os
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, ClassVar

sys.path.insert(0, str(Path(__file__).parents[1] / "tests"))
import broadsheet
from argon2 import PasswordHasher
from PIL import Image
from playwright.sync_api import sync_playwright

from desk import faulty_page
from desk.conftest import PASSWORD
from desk.test_browser import PUT_RIGHT, Seat
from player.conftest import CHROMIUM
from qjaudio import config as settings
from qjaudio.desk.accounts import FILE, Accounts
from qjaudio.desk.app import create_desk
from web.served import running

PAGES = (7, 3, 8, 9)
"""Seeds of the four pages: a front page and three inner ones."""
BROADSHEET, FAULTY = "2025-03-13", "2025-05-20"
TIMES, NEW = 15, 20
STEPS = {
    1: "desk-step-1-story", 2: "desk-step-2-headline", 4: "desk-step-3-cut",
    6: "desk-step-4-advert", 9: "desk-step-5-name", 11: "desk-step-6-number",
    12: "desk-step-7-sign", 14: "desk-step-8-publish", 16: "desk-step-9-withdraw",
}  # fmt: skip
"""Which clicks are photographed for the guide, one after the other."""
PEOPLE = (("王编辑", "编辑 一审"), ("李主任", "二审"), ("张总编", "终审"))


@contextmanager
def office(voice: str) -> Iterator[str]:
    """The address of a desk with three people and two issues."""
    with tempfile.TemporaryDirectory() as folder:
        os.chdir(folder)
        front = Path("issues", BROADSHEET)
        front.mkdir(parents=True)
        for number, seed in enumerate(PAGES, start=1):
            (front / f"{number}.pdf").write_bytes(broadsheet.draw(seed)[0])
        Path("issues", FAULTY).mkdir()
        Path("issues", FAULTY, "page1.md").write_text(faulty_page.PAGE, "utf-8")
        os.environ["QJAUDIO_VOICE"] = voice
        config = settings.load({"review": "three"})
        accounts = Accounts(config.out_folder / FILE, hasher=PasswordHasher(1, 8, 1))
        for name, roles in PEOPLE:
            accounts.accept(accounts.invite(name, roles.split()), name, PASSWORD)
        with running(create_desk(config, accounts)) as port:
            yield f"http://127.0.0.1:{port}"


def seat_of(
    browser: Any,
    base: str,
    name: str,
    size: tuple[int, int],
    kind: type[Seat] = Seat,
    **options: Any,
) -> Seat:
    """Somebody who is logged in."""
    context = browser.new_context(
        viewport={"width": size[0], "height": size[1]}, locale="zh-CN", **options
    )
    context.set_default_timeout(500_000)
    return kind(context.new_page(), base).log_in(name)


def open_day(seat: Seat, date: str) -> None:
    """Open an edition, however long its pages are read."""
    seat.page.goto(f"{seat.base}/edition/{date}")
    seat.page.wait_for_selector("#work")


def times_ms(ask: Callable[[], Any], times: int = TIMES) -> list[int]:
    """How long some answers take, the shortest first."""
    took = []
    for _ in range(times):
        began = time.perf_counter()
        ask()
        took.append(round((time.perf_counter() - began) * 1000))
    return sorted(took)


def measure(seat: Seat) -> dict[str, Any]:
    """How long the page and its sentences take."""
    open_day(seat, BROADSHEET)
    get = seat.page.context.request.get
    address = f"{seat.base}/edition/{BROADSHEET}"
    links = seat.page.evaluate(
        "[...document.querySelectorAll('.line.body [data-sound]')].map((one) => one.dataset.sound)"
    )
    new, heard, processor = iter(links), [], []

    def hear() -> None:
        began = time.process_time()  # the desk is a thread of this process, the browser is not
        heard.append(get(seat.base + next(new)))
        processor.append(round((time.process_time() - began) * 1000))

    first = times_ms(hear, NEW)
    spoken_s = sum((len(one.body()) - 44) / 48_000 for one in heard)
    return {
        "page_ms": times_ms(lambda: get(address))[TIMES // 2],
        "new_sentence_p50_ms": first[NEW // 2],
        "new_sentence_p95_ms": first[NEW * 19 // 20],
        "the_same_of_the_processor": [
            sorted(processor)[NEW // 2],
            sorted(processor)[NEW * 19 // 20],
        ],
        "processor_s_for_one_of_speech": round(sum(processor) / 1000 / spoken_s, 2),
        "sentences_in_pieces": sum(
            "x-rest" in one.headers and one.headers["x-rest"] != "" for one in heard
        ),
        "cached_sentence_ms": times_ms(lambda: get(seat.base + links[0]))[TIMES // 2],
    }


class Photographed(Seat):
    """Somebody of whose clicks some are photographed, with a ring around what is clicked."""

    taken: ClassVar[dict[int, str]] = {}
    """The number of a click among those of all, and the name of its picture."""
    folder: ClassVar[Path | None] = None
    count: ClassVar[int] = 0

    def click(self, selector: str) -> None:
        """Click; before that, the picture."""
        type(self).count += 1
        name = self.taken.get(self.count)
        if name and self.folder:
            one = self.page.locator(selector).first
            one.scroll_into_view_if_needed()
            one.evaluate("(it) => { it.style.outline = '5px solid #e11d48'; }")
            shoot(self.page, self.folder / f"{name}.png")
            one.evaluate("(it) => { it.style.outline = ''; }")
        super().click(selector)


def work_through(browser: Any, base: str) -> dict[str, Any]:
    """Three people at one edition, from five faults to the feed, and back: clicks and seconds."""
    seats = [seat_of(browser, base, name, (1000, 640), kind=Photographed) for name, _ in PEOPLE]
    for seat in seats:
        open_day(seat, FAULTY)
        seat.page.on("dialog", lambda dialog: dialog.accept())
    first, second, last = seats
    began = time.perf_counter()
    for put_right, seat in zip(PUT_RIGHT, (first, second, last, first, second), strict=True):
        put_right(seat)
    faults_s = time.perf_counter() - began
    for seat, role in zip(seats, ("一审", "二审", "终审"), strict=True):
        seat.page.reload()
        seat.page.wait_for_selector(f"#sign button:has-text('{role}签发')")
        seat.click(f"#sign button:has-text('{role}签发')")
        seat.page.wait_for_selector(f"#sign :is(.now, .done-step):has-text('{role}')")
    clicks, signed_s = sum(seat.clicks for seat in seats), time.perf_counter() - began
    if Photographed.folder:
        draw_signing(browser, base, Photographed.folder)
    began = time.perf_counter()
    last.page.reload()
    last.click("#sign summary:has-text('撤稿')")
    last.page.fill("#sign form:has([name=story]) [name=why]", "来稿有误")
    last.click("#sign button:text('撤稿')")
    last.page.wait_for_selector("#sign .now:has-text('已撤回')")
    return {
        "clicks": clicks,
        "faults_s": round(faults_s, 1),
        "draft_and_signatures_s": round(signed_s - faults_s, 1),
        "withdrawal_s": round(time.perf_counter() - began, 1),
    }


def shoot(page: Any, path: Path) -> None:
    """A picture of the window in few colours."""
    page.wait_for_timeout(700)
    image = Image.open(io.BytesIO(page.screenshot())).convert("RGB")
    image.quantize(64, dither=Image.Dither.NONE).save(path, optimize=True)


def draw(browser: Any, base: str, folder: Path) -> None:
    """The pictures of the guide."""
    seat = seat_of(browser, base, "王编辑", (1280, 800))
    page = seat.page
    page.on("dialog", lambda dialog: dialog.accept())  # what was written may be lost
    open_day(seat, BROADSHEET)
    for _ in range(7):
        page.keyboard.press("n")
        page.wait_for_timeout(100)
    shoot(page, folder / "desk-edition.png")
    open_day(seat, FAULTY)
    line = f".line:has-text('{faulty_page.NUMBER[0]}')"
    page.click(f"{line} >> text=改")
    page.fill("#panel textarea", page.input_value("#panel textarea").replace("52", "25"))
    shoot(page, folder / "desk-sentence.png")
    page.keyboard.press("Escape")
    page.click(f".line:has-text('{faulty_page.NAME}') >> text=音")
    page.click(f"#panel .words a:has-text('{faulty_page.NAME}')")
    page.wait_for_selector("#panel form")
    shoot(page, folder / "desk-reading.png")
    page.keyboard.press("Escape")
    phone = seat_of(browser, base, "李主任", (390, 800), has_touch=True, is_mobile=True)
    open_day(phone, FAULTY)
    phone.page.evaluate("document.querySelector('#s2').scrollIntoView()")
    shoot(phone.page, folder / "desk-phone.png")


def draw_signing(browser: Any, base: str, folder: Path) -> None:
    """The picture of an edition that was signed and published."""
    seat = seat_of(browser, base, "张总编", (1280, 800))
    open_day(seat, FAULTY)
    seat.page.click("#sign summary:has-text('审核记录')")
    seat.page.evaluate("document.querySelector('#sign').scrollIntoView()")
    shoot(seat.page, folder / "desk-sign.png")


def main() -> None:
    """Measure, and draw where it is wished."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--pictures", type=Path)
    parser.add_argument("--voice", default="silent")
    chosen = parser.parse_args()
    pictures = chosen.pictures and chosen.pictures.resolve()
    with office(chosen.voice) as base, sync_playwright() as engine:
        browser = engine.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        found = measure(seat_of(browser, base, "王编辑", (1440, 900)))
        if pictures:
            draw(browser, base, pictures)
            Photographed.folder, Photographed.taken = pictures, STEPS
        found |= work_through(browser, base)
        browser.close()
    sys.stdout.write(json.dumps(found, indent=1) + "\n")


if __name__ == "__main__":
    main()
