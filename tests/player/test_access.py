"""The player for people who are old, blind, or hold a small screen."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from player.conftest import PAGE, Phone
from player.test_episode_page import EPISODE, SHOW
from qjaudio import store
from qjaudio.episode.model import to_record
from qjaudio.pipeline.publishing import write_pages
from qjaudio.store import OutFolder

RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]


@pytest.fixture(scope="session")
def axe() -> str:
    """The script of axe-core."""
    package = pytest.importorskip("axe_core_python")
    return (Path(package.__file__).parent / "axe.min.js").read_text("utf-8")


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("name", ["index.html", PAGE])
def test_axe_finds_nothing(
    phone_of: Callable[..., Phone], finished: Path, axe: str, name: str, scheme: str
) -> None:
    """No rule of WCAG 2 A and AA is broken, in normal and in large letters, while it plays."""
    phone = phone_of(finished, color_scheme=scheme, bypass_csp=True, reduced_motion="reduce").open(
        name
    )
    if name == PAGE:
        phone.tap(".cue", 12)
        phone.until("!document.querySelector('audio').paused")
    for _ in range(2):
        phone.value(axe)
        rules = f"{{runOnly: {RULES}}}"
        found = phone.value(f"axe.run(document, {rules}).then((result) => result.violations)")
        assert [] == [(one["id"], [node["html"] for node in one["nodes"]]) for one in found]
        phone.value("document.querySelector('#large').click()")


@pytest.mark.parametrize("name", ["index.html", PAGE])
def test_targets_are_large(phone_of: Callable[..., Phone], finished: Path, name: str) -> None:
    """A finger needs 48 pixels: no button, list, slider or link of a list is smaller."""
    phone = phone_of(finished).open(name)
    small = phone.value(
        "[...document.querySelectorAll('button, select, input, a:not(.skip)')]"
        ".filter((e) => e.checkVisibility())"
        ".map((e) => [e.outerHTML.slice(0, 60), e.offsetWidth, e.offsetHeight])"
        ".filter(([, width, height]) => width < 48 || height < 48)"
    )
    assert [] == small


@pytest.mark.parametrize("size", [(320, 640), (320, 256), (640, 360)])
@pytest.mark.parametrize("name", ["index.html", PAGE])
def test_small_screens_scroll_in_one_direction(
    phone_of: Callable[..., Phone], finished: Path, name: str, size: tuple[int, int]
) -> None:
    """At 320 pixels, which is 400 % zoom on a desktop, in large letters, nothing is cut off."""
    phone = phone_of(finished, viewport={"width": size[0], "height": size[1]}).open(name)
    phone.tap("#large")
    assert size[0] >= phone.value("document.documentElement.scrollWidth")


def test_a_low_screen_is_not_covered(phone_of: Callable[..., Phone], finished: Path) -> None:
    """Where little fits, the controls scroll with the page and hide nothing that has the focus."""
    phone = phone_of(finished, viewport={"width": 320, "height": 256}).open()
    assert "static" == phone.value("getComputedStyle(document.querySelector('#dock')).position")


def test_motion_is_reduced_on_request(phone_of: Callable[..., Phone], finished: Path) -> None:
    """Who asks the system for less motion gets no transition and no smooth scrolling."""
    phone = phone_of(finished, reduced_motion="reduce").open()
    assert "0s" == phone.value(
        "getComputedStyle(document.querySelector('.cue')).transitionDuration"
    )


@pytest.mark.parametrize("width", [320, 390, 1440])
def test_the_slow_edition_says_every_control_in_words(
    phone_of: Callable[..., Phone], tmp_path: Path, width: int
) -> None:
    """Its controls show their names, say them when they are used, and nothing is cut off."""
    out = OutFolder(tmp_path)
    store.write_json(out.stage(EPISODE.date, "episode.json"), to_record(EPISODE))
    write_pages(out, replace(SHOW, is_slow=True), [EPISODE])
    phone = phone_of(tmp_path, viewport={"width": width, "height": 700}).open()
    assert "24px" == phone.value("getComputedStyle(document.documentElement).fontSize")
    shown = phone.value(
        "[...document.querySelectorAll('.buttons button')].map((button) => "
        "getComputedStyle(button, '::before').content.slice(1, -1))"
    )
    assert ["上一条", "后退15秒", "播放", "前进15秒", "下一条"] == shown
    edges = phone.value(
        "[...document.querySelectorAll('.buttons button')].map((button) => "
        "button.getBoundingClientRect()).flatMap((box) => [box.left, box.right])"
    )
    assert 0 <= min(edges) <= max(edges) <= width
    phone.value(  # what the status says may soon be followed by what is wrong: there is no audio
        "(() => { const status = document.querySelector('#status'); window.said = [];"
        "new MutationObserver(() => window.said.push(status.textContent))"
        ".observe(status, { childList: true, characterData: true, subtree: true }); })()"
    )
    phone.tap("#forward")
    assert phone.until("window.said.includes('前进15秒')")
