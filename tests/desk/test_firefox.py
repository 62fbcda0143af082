"""The desk in Firefox, driven as the tests of the player drive it."""

import asyncio
import json
from collections.abc import Callable
from pathlib import Path

import pytest

from commands import unmixed  # noqa: F401 - a fixture
from desk import faulty_page as faults
from desk.conftest import DATE, DAY, PASSWORD, Office
from desk.test_browser import reviewed
from player.conftest import PATIENCE_S
from player.test_firefox import FIREFOX, Bidi, firefox
from qjaudio.pipeline.journal import Journal
from qjaudio.store import OutFolder


class Fox:
    """The one tab of a Firefox, before the desk of an office."""

    def __init__(self, tab: Bidi, office: Office) -> None:
        self.tab, self.base = tab, f"http://127.0.0.1:{office.port}"

    async def until(self, expression: str) -> None:
        """Wait until it is true in the page."""
        while not await self.tab.value(f"Boolean({expression})"):
            await asyncio.sleep(0.05)

    async def on(self, selector: str, words: str, act: str) -> None:
        """Wait for the first element with these words, and do something to it, which is `it`."""
        all_of = f"[...document.querySelectorAll({json.dumps(selector)})]"
        there = f"{all_of}.find((one) => one.textContent.includes({json.dumps(words)}))"
        await self.until(there)
        await self.tab.value(f"((it) => {{ {act}; return 1; }})({there})")

    async def click(self, selector: str, words: str = "") -> None:
        """Click."""
        await self.on(selector, words, "it.click()")

    async def fill(self, selector: str, text: str) -> None:
        """Write into a field."""
        await self.on(selector, "", f"it.value = {json.dumps(text)}")

    async def save(self, selector: str, words: str) -> None:
        """Click what saves, and wait for the answer."""
        await self.click(selector, words)
        await self.until("!document.querySelector('#panel').open")

    async def open_story(self, headline: str) -> None:
        """Open the forms of a story."""
        await self.click(f'.story:has([aria-label="连播{headline}"]) header a')

    async def enter(self, name: str) -> None:
        """Log in, and open the edition of the day."""
        await self.tab.open(f"{self.base}/login")
        await self.fill("[name=name]", name)
        await self.fill("[name=password]", PASSWORD)
        await self.click("button.main")
        await self.until("document.querySelector('.days')")
        await self.tab.open(self.base + DAY)
        await self.until("document.readyState === 'complete' && document.querySelector('#work')")
        await self.tab.value("(window.confirm = () => true) && 1")

    async def put_right(self) -> None:
        """Hear a sentence, and put the five faults right."""
        await self.click(".line.body .play")
        await self.until("audio.readyState > 2")  # heard only where the machine has a sound card
        await self.open_story(faults.HEADLINE[0])
        await self.fill("#panel[open] [name=headline]", faults.HEADLINE[1])
        await self.save("#panel[open] button", "保存")
        await self.open_story(faults.MERGED)
        await self.on("#panel[open] [name=cut] option", faults.CUT, "it.selected = true")
        await self.fill("#panel[open] [name=cut_headline]", faults.CUT_HEADLINE)
        await self.save("#panel[open] button", "分成两条")
        await self.open_story(faults.ADVERT)
        await self.save("#panel[open] button", "这是广告")
        await self.click(".bar a", "本期人名")
        await self.click("#panel[open] .person label", faults.READING)
        await self.save("#panel[open] button", "保存选好的读音")
        await self.on(".line", faults.NUMBER[0], "it.querySelector('a[href*=\"/line?\"]').click()")
        number = ", ".join(map(json.dumps, faults.NUMBER))
        await self.on("#panel[open] textarea", "", f"it.value = it.value.replace({number})")
        await self.save("#panel[open] button", "报上就是这样印的")

    async def sign(self) -> None:
        """The three signatures, then the withdrawal."""
        for name, role in (("王编辑", "一审"), ("李主任", "二审"), ("张总编", "终审")):
            await self.enter(name)
            await self.click("#sign button", f"{role}签发")
            await self.on("#sign .steps li", f"{role} {name}", "")
        await self.on("#sign form:has([name=story]) [name=why]", "", "it.value = '来稿有误'")
        await self.click("#sign button.danger")
        await self.on("#sign .now", "已撤回", "")


@pytest.mark.nightly
@pytest.mark.skipif(FIREFOX is None, reason="there is no Firefox")
@pytest.mark.usefixtures("unmixed")
def test_firefox_does_it_too(
    office_of: Callable[..., Office], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The five faults, a sentence that is heard, the signatures, the feed and the withdrawal."""
    office = reviewed(office_of)
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    (tmp_path / "home").mkdir()

    async def visit() -> None:
        async with firefox(tmp_path / "home") as tab:
            fox = Fox(tab, office)
            await fox.enter("王编辑")
            await fox.put_right()
            await fox.sign()

    asyncio.run(asyncio.wait_for(visit(), 2 * PATIENCE_S))
    script = office.script()
    assert faults.ADVERT not in script
    for words in (faults.HEADLINE[1], faults.CUT_HEADLINE, faults.NUMBER[1]):
        assert words in script
    acts = [row.act for row in Journal(OutFolder(office.folder / "out")).entries(DATE)]
    assert ["signed", "signed", "signed", "published", "withdrawn"] == acts[-5:]
