"""The desk in a real browser: five faults put right, three signatures, and the feed."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest

from commands import unmixed  # noqa: F401 - a fixture
from desk import faulty_page as faults
from desk.conftest import DATE, DAY, PASSWORD, Office, until
from player.conftest import PATIENCE_S, browser  # noqa: F401 - a fixture
from player.test_access import RULES, axe  # noqa: F401 - a fixture

DESKTOP, SMALL = (1440, 900), (360, 740)


class Seat:
    """Somebody at a browser of their own; what they click is counted."""

    def __init__(self, page: Any, base: str) -> None:
        self.page, self.base, self.clicks = page, base, 0
        self.complaints: list[str] = []
        page.on("pageerror", lambda error: self.complaints.append(str(error)))
        page.on(
            "console",
            lambda line: self.complaints.append(line.text) if line.type == "error" else None,
        )

    def log_in(self, name: str) -> "Seat":
        """Log in, and see the list of the days."""
        self.page.goto(f"{self.base}/login")
        self.page.fill("[name=name]", name)
        self.page.fill("[name=password]", PASSWORD)
        self.page.click("button.main")
        self.page.wait_for_selector(".days")
        return self

    def enter(self, name: str) -> "Seat":
        """Log in, and open the edition of the day."""
        self.log_in(name).page.click(f"a[href='{DAY}']")
        self.page.wait_for_selector("#work")
        self.page.wait_for_load_state()  # the script of the page comes after its text
        return self

    def click(self, selector: str) -> None:
        """Click, and count."""
        self.clicks += 1
        self.page.locator(selector).first.click()

    def save(self, selector: str) -> None:
        """Click what saves, and wait for the answer."""
        self.click(selector)
        self.page.wait_for_selector("#panel:not([open]):empty", state="attached")
        assert not self.page.evaluate("written(document)")  # who leaves now is not asked

    def story(self, headline: str) -> str:
        """The selector of a story."""
        return f".story:has(h2:text('{headline}'))"


def reviewed(office_of: Callable[..., Office]) -> Office:
    """An office of three reviewers, with the page of five faults."""
    office = office_of(review="three")
    page = office.folder / "issues" / DATE / "page1.md"
    page.write_text(faults.PAGE, "utf-8")
    for name, roles in (("王编辑", "编辑 一审"), ("李主任", "二审"), ("张总编", "终审 管理员")):
        office.person(name, *roles.split())
    return office


@pytest.fixture
def seats(office_of: Callable[..., Office], browser: Any) -> Iterator[Callable[..., Seat]]:  # noqa: F811
    """Seats in an office of three reviewers, with the page of five faults."""
    office = reviewed(office_of)
    contexts = []

    def make(name: str, size: tuple[int, int] = DESKTOP, **options: Any) -> Seat:
        usual = {"viewport": {"width": size[0], "height": size[1]}, "locale": "zh-CN"}
        context = browser.new_context(bypass_csp=True, **{**usual, **options})
        context.set_default_timeout(PATIENCE_S * 1000)
        contexts.append(context)
        return Seat(context.new_page(), f"http://127.0.0.1:{office.port}").enter(name)

    make.office = office  # type: ignore[attr-defined]
    yield make
    for context in contexts:
        context.close()


@contextmanager
def quiet(*seats: Seat) -> Iterator[None]:
    """Nothing goes wrong in these browsers."""
    yield
    assert [] == [one for seat in seats for one in seat.complaints]


def _headline(seat: Seat) -> None:
    seat.click(f"{seat.story(faults.HEADLINE[0])} >> text=改这一条")
    seat.page.fill("#panel [name=headline]", faults.HEADLINE[1])
    seat.save("#panel >> text=保存")


def _merged(seat: Seat) -> None:
    page = seat.page
    seat.click(f"{seat.story(faults.MERGED)} >> text=改这一条")
    sentence = page.locator("#panel [name=cut] option").filter(has_text=faults.CUT)
    page.select_option("#panel [name=cut]", sentence.get_attribute("value"))
    page.fill("#panel [name=cut_headline]", faults.CUT_HEADLINE)
    seat.save("#panel >> text=分成两条")


def _advert(seat: Seat) -> None:
    seat.click(f"{seat.story(faults.ADVERT)} >> text=改这一条")
    seat.save("#panel >> text=这是广告")


def _name(seat: Seat) -> None:
    seat.click("text=本期人名")
    seat.click(f"#panel .person:has-text('{faults.NAME}') >> label:has-text('{faults.READING}')")
    seat.save("#panel >> text=保存选好的读音")


def _number(seat: Seat) -> None:
    page = seat.page
    seat.click(f".line:has-text('{faults.NUMBER[0]}') >> text=改")
    text = page.input_value("#panel textarea")
    page.fill("#panel textarea", text.replace(*faults.NUMBER))
    seat.save("#panel >> text=报上就是这样印的")


PUT_RIGHT = (_headline, _merged, _advert, _name, _number)
"""The five faults, each put right by clicks alone, as the guide says."""


@pytest.mark.usefixtures("unmixed")
def test_five_faults_three_signatures_and_the_feed(seats: Callable[..., Seat]) -> None:
    """Three people at once, from the morning's draft to the feed, and back again.

    Each has had the page open since before the others began, and none loses a word.
    """
    office: Office = seats.office  # type: ignore[attr-defined]
    first, second, last = map(seats, ("王编辑", "李主任", "张总编"))
    last.page.on("dialog", lambda dialog: dialog.accept())
    with quiet(first, second, last):
        for put_right, seat in zip(PUT_RIGHT, (first, second, last, first, second), strict=True):
            put_right(seat)
        script = office.script()
        assert faults.ADVERT not in script
        assert f"- {faults.HEADLINE[1]}" in script
        assert f"- {faults.CUT_HEADLINE}" in script
        assert faults.NUMBER[1] in script
        assert f"{faults.NAME}\txie4 xiao3 zeng1" in (office.folder / "lexicon.tsv").read_text()
        for seat, role in ((first, "一审"), (second, "二审"), (last, "终审")):
            seat.page.reload()
            button = f"#sign button:has-text('{role}签发')"
            seat.page.wait_for_selector(button)
            seat.page.press(button, "Enter")  # without a mouse, as all else can be done
            seat.clicks += 1
            seat.page.wait_for_selector(f"#sign .steps :is(.done-step, .now):has-text('{role}')")
        feed = office.folder / "out" / "feed.xml"
        until(lambda: feed.exists() and DATE in feed.read_text("utf-8"))
        assert first.clicks + second.clicks + last.clicks <= 16
        last.page.reload()
        last.click("#sign summary:has-text('撤稿')")
        last.page.fill("#sign form:has([name=story]) [name=why]", "来稿有误")
        last.click("#sign button:text('撤稿')")
        last.page.wait_for_selector("#sign .now:has-text('已撤回')")
        assert f"{DATE}.mp3" not in feed.read_text("utf-8")


def test_the_keyboard_is_enough(seats: Callable[..., Seat]) -> None:
    """From doubt to doubt, from story to story, to play, to change, to move: without a mouse."""
    seat = seats("王编辑")
    page, keys = seat.page, seat.page.keyboard
    with quiet(seat):
        keys.press("p")
        page.wait_for_selector("[data-doubt]:focus")
        last, most = page.text_content("#status").split(" ")[1].split("：")[0].split("/")
        assert last == most
        keys.press("n")
        assert page.text_content("#status").startswith("存疑 1/")
        for _ in range(3):
            keys.press("j")
        keys.press("e")
        page.wait_for_selector("#panel[open] [name=headline]:focus")
        keys.press("Escape")
        page.wait_for_selector("#panel:not([open])", state="attached")
        heads = page.locator("[data-name] h2")
        first = heads.nth(0).text_content()[2:]
        page.evaluate("document.querySelector('[data-name] h2').focus()")
        keys.press("Alt+ArrowDown")
        page.wait_for_selector(f"[data-name] h2:has-text('{first}'):has(b:text('2'))")
        page.evaluate("document.querySelector('.line .play').focus()")
        keys.press("Enter")
        page.wait_for_selector(".line.playing")


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing(seats: Callable[..., Seat], axe: str, scheme: str) -> None:  # noqa: F811
    """No rule of WCAG 2 A and AA is broken, nor is anything cut off on a small telephone."""
    seat = seats("张总编", SMALL, color_scheme=scheme, reduced_motion="reduce")

    def look(where: str) -> None:
        seat.page.evaluate(axe)
        found = seat.page.evaluate(
            f"axe.run(document, {{runOnly: {RULES}}}).then((result) => result.violations)"
        )
        broken = [(one["id"], [node["html"] for node in one["nodes"]]) for one in found]
        assert [] == broken, where
        assert SMALL[0] >= seat.page.evaluate("document.documentElement.scrollWidth"), where

    panels = ("text=本期人名", ".story [data-panel]", "[href*='/line?']", "[href*='/reading?']")
    for selector in ("", *panels):
        if selector:
            seat.click(selector)
            seat.page.wait_for_selector("#panel[open] h2")
        look(selector)
        seat.page.keyboard.press("Escape")
    invited = f"/invited/{seats.office.accounts.invite('赵编辑', ['编辑'])}"  # type: ignore[attr-defined]
    for path in ("/", "/accounts", "/nowhere", invited):
        seat.page.goto(seat.base + path)
        look(path)
    seat.page.click("text=退出")
    seat.page.wait_for_selector("[name=password]")
    look("/login")
