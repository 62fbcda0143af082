"""The player in a phone's browser, touched by a finger."""

import json
import re
import shutil
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from player.conftest import PAGE, PHONE, Phone

PLAYING = "!document.querySelector('audio').paused"
PAUSED = "document.querySelector('audio').paused"
TIME = "document.querySelector('audio').currentTime"
STATUS = "document.querySelector('#status').textContent"
CURRENT_CUE = ".cue[aria-current]"
STORY = "#stories a[data-number]"


def start_of(phone: Phone, selector: str, number: int) -> float:
    """When the chapter or the sentence begins, in seconds."""
    return float(phone.page.locator(selector).nth(number).get_attribute("data-start"))


def test_two_taps_lead_from_the_first_page_to_the_third_story(phone: Phone) -> None:
    """The promise is three taps: open the newest episode, tap the story, hear it."""
    phone.open("")
    phone.tap(".big-play")
    phone.page.wait_for_url(f"**/{PAGE}*")
    start = start_of(phone, STORY, 2)
    phone.tap(STORY, 2)
    phone.until(f"{PLAYING} && {TIME} >= {start}")
    assert start_of(phone, STORY, 3) > phone.value(TIME)
    title = phone.page.locator(STORY).nth(2).locator(".title").inner_text()
    assert title == phone.page.locator("#now").inner_text()
    assert title == phone.page.locator("#stories a[aria-current] .title").inner_text()
    assert [] == phone.complaints
    assert [] == [url for url in phone.requests if not url.startswith(phone.base)]


def test_a_story_of_the_first_page_plays_at_once(phone: Phone) -> None:
    """One tap on a headline of the newest episode opens it there and plays."""
    phone.open("")
    phone.tap(".newest .stories a", 2)
    phone.page.wait_for_url(f"**/{PAGE}*")
    assert phone.until(f"{PLAYING} && {TIME} > {start_of(phone, STORY, 2)}")


def test_the_big_button_plays_and_pauses_and_says_so(phone: Phone) -> None:
    """What the button does next is what it is called."""
    phone.open().tap("#play")
    phone.until(f"{PLAYING} && document.querySelector('#play').ariaLabel == '暂停'")
    phone.tap("#play")
    assert phone.until(f"{PAUSED} && document.querySelector('#play').ariaLabel == '播放'")


def test_the_transcript_follows_the_voice(phone: Phone) -> None:
    """The spoken sentence is marked and kept on the screen while the listener reads along."""
    phone.open().tap(".cue", 20)
    start, after = start_of(phone, ".cue", 20), start_of(phone, ".cue", 26)
    marked = f"[...document.querySelectorAll('{CURRENT_CUE}')].map(cue => cue.dataset.start)"
    phone.until(f"{PLAYING} && {marked}.join() == '{start:g}'")
    phone.value(f"document.querySelector('audio').currentTime = {after}")
    phone.until(f"document.querySelector('{CURRENT_CUE}').dataset.start == {after}")
    assert phone.until(
        f"(() => {{ const box = document.querySelector('{CURRENT_CUE}').getBoundingClientRect();"
        "const dock = document.querySelector('#dock').getBoundingClientRect();"
        "return box.top >= 0 && box.bottom <= dock.top;})()"
    )


def test_who_scrolls_away_reads_in_peace(phone: Phone) -> None:
    """The page does not pull back a reader; a button does, when it is asked."""
    phone.open().tap(".cue", 3)
    phone.until(PLAYING)
    phone.value("document.querySelector('.passage:last-of-type').scrollIntoView()")
    phone.until("document.querySelector('#follow').hidden === false")
    place = phone.value("scrollY")
    phone.value(f"document.querySelector('audio').currentTime = {start_of(phone, '.cue', 6)}")
    phone.until(f"document.querySelector('{CURRENT_CUE}') === document.querySelectorAll('.cue')[6]")
    # What loads late may move the page a little; the sentence is thousands of pixels away.
    assert abs(place - phone.value("scrollY")) < PHONE["height"] / 4
    assert phone.value(
        f"document.querySelector('{CURRENT_CUE}').getBoundingClientRect().bottom < 0"
    )
    phone.tap("#follow")
    phone.until(f"document.querySelector('{CURRENT_CUE}').getBoundingClientRect().top > 0")


def test_skips_and_stories(phone: Phone) -> None:
    """Fifteen seconds to and fro, story by story; the story jumped to is announced."""
    phone.open()
    phone.until("document.querySelector('audio').readyState > 0")
    phone.tap("#forward")
    phone.tap("#forward")
    phone.tap("#back")
    phone.until(f"Math.abs({TIME} - 15) < 0.1")
    spoken = phone.page.locator("#position").get_attribute("aria-valuetext")
    assert re.fullmatch(r"15秒，共\d分\d+秒", spoken)
    phone.tap("#back")
    phone.until(f"{TIME} == 0")
    for _ in range(3):
        phone.tap("#next")
    second = start_of(phone, STORY, 1)
    phone.until(f"{TIME} == {second}")
    assert phone.page.locator("#status").inner_text().startswith("第2条：")
    phone.tap("#previous")
    phone.until(f"{TIME} == {start_of(phone, STORY, 0)}")
    phone.tap("#forward")
    phone.tap("#previous")
    phone.until(f"{TIME} == {start_of(phone, STORY, 0)}")


def test_it_stops_after_this_story(phone: Phone) -> None:
    """The sleep timer ends with the story, and play goes on with the next one."""
    phone.open().page.select_option("#sleep", "story")
    third = start_of(phone, STORY, 2)
    phone.tap(STORY, 1)
    phone.until(PLAYING)
    phone.value(f"document.querySelector('audio').currentTime = {third - 1.2}")
    phone.until(PAUSED)
    phone.until(f"{TIME} == {third}")
    assert "" == phone.page.locator("#sleep").input_value()
    assert "已按定时停止播放。" == phone.page.locator("#status").inner_text()


def test_it_stops_after_a_quarter_of_an_hour(phone: Phone) -> None:
    """The timer counts the clock's minutes, whatever is heard in them."""
    phone.page.clock.install()
    phone.open().page.select_option("#sleep", "15")
    phone.tap("#play")
    phone.until(PLAYING)
    phone.page.clock.fast_forward("13:00")
    assert phone.value(PLAYING)
    phone.page.clock.fast_forward("02:01")
    phone.until(PAUSED)


def test_speed_and_place_are_remembered(phone: Phone) -> None:
    """Who comes back goes on where he stopped, as fast as he likes it, in letters as large."""
    phone.open().page.select_option("#speed", "1.5")
    phone.tap("#large")
    phone.tap(STORY, 2)
    phone.until(PLAYING)
    phone.tap("#play")
    phone.until(PAUSED)
    place = phone.value(TIME)
    phone.page.reload()
    phone.until(f"Math.abs({TIME} - {place}) < 0.2")
    assert 1.5 == phone.value("document.querySelector('audio').playbackRate")
    assert "1.5" == phone.page.locator("#speed").input_value()
    assert "true" == phone.page.locator("#large").get_attribute("aria-pressed")
    assert 24 == phone.value("parseFloat(getComputedStyle(document.documentElement).fontSize)")


def test_the_keyboard_reaches_everything(phone: Phone) -> None:
    """Without a pointer: tab to the button and the stories, space and return work them."""
    phone.open()
    reached = []
    for _ in range(30):
        phone.page.keyboard.press("Tab")
        reached.append(phone.value("document.activeElement.id || document.activeElement.className"))
        if "play" == reached[-1]:
            break
    assert {"skip", "back", "large", "position", "previous", "play"} <= set(reached)
    phone.page.keyboard.press("Space")
    phone.until(PLAYING)
    phone.page.locator(STORY).nth(3).focus()
    phone.page.keyboard.press("Enter")
    phone.until(f"{TIME} >= {start_of(phone, STORY, 3)}")
    before = phone.value(TIME)
    phone.page.locator("#next-sentence").focus()
    phone.page.keyboard.press("Enter")
    phone.until(f"{TIME} > {before} + 1")
    phone.page.locator("#position").focus()
    phone.page.keyboard.press("Home")
    phone.until(f"{TIME} < 3")


def test_the_lock_screen_knows_the_story(phone: Phone) -> None:
    """The system shows headline, show and picture, and its next-track key is the next story."""
    phone.context.add_init_script(
        "window.keys = {}; navigator.mediaSession.setActionHandler = (k, f) => { keys[k] = f; };"
    )
    phone.open().tap(STORY, 0)
    phone.until(PLAYING)
    title = phone.page.locator(STORY).nth(0).locator(".title").inner_text()
    phone.until(f"navigator.mediaSession.metadata.title == '{title}'")
    picture = phone.value("navigator.mediaSession.metadata.artwork[0].src")
    assert phone.base + "2025-05-20.png" == picture
    phone.value("keys.nexttrack()")
    phone.until(f"{TIME} >= {start_of(phone, STORY, 1)}")
    phone.value("keys.seekto({seekTime: 5})")
    phone.until(f"{TIME} >= 5 && {TIME} < {start_of(phone, STORY, 0)}")


def test_what_was_heard_plays_without_a_network(phone: Phone, finished: Path) -> None:
    """With the server gone, first page, episode and audio are there, and seeking works."""
    phone.open("").tap(".big-play")
    phone.page.wait_for_url(f"**/{PAGE}*")
    phone.until(PLAYING)
    phone.until("document.querySelector('#keep').dataset.state == 'kept'")
    phone.stop_server()
    phone.open("")
    phone.tap(".big-play")
    phone.page.wait_for_url(f"**/{PAGE}*")
    start = start_of(phone, STORY, 4)
    phone.tap(STORY, 4)
    phone.until(f"{PLAYING} && {TIME} > {start} + 0.3")
    part = phone.value(
        "fetch(document.querySelector('audio').src, {headers: {Range: 'bytes=100-199'}}).then("
        "async (r) => [r.status, r.headers.get('Content-Range'), (await r.blob()).size])"
    )
    assert [206, 100] == [part[0], part[2]]
    assert f"bytes 100-199/{(finished / '2025-05-20.mp3').stat().st_size}" == part[1]


def test_a_new_issue_of_a_page_is_never_hidden_by_an_old_one(
    phone_of: Callable[..., Phone],
    finished: Path,
    tmp_path: Path,
) -> None:
    """What is kept for the road does not stand before what the server says today."""
    root = tmp_path / "out"
    shutil.copytree(finished, root)
    phone = phone_of(root).open()
    phone.value("navigator.serviceWorker.ready.then(() => true)")
    phone.page.reload()
    phone.until("navigator.serviceWorker.controller !== null")
    page = root / PAGE
    page.write_text(page.read_text("utf-8").replace("<h1>", "<h1>更正："), "utf-8")
    phone.page.reload()
    assert phone.page.locator("h1").inner_text().startswith("更正：")


AT_HAND = (
    "caches.keys().then((boxes) => Promise.all(boxes.map(async (box) => (await (await "
    "caches.open(box)).keys()).map((key) => key.url)))).then((found) => found.flat()"
    ".filter((url) => url.includes('2025-05-20')).length)"
)
"""How many files of the episode the browser keeps."""


@pytest.mark.parametrize("opened", ["", PAGE])
def test_a_withdrawn_episode_is_not_kept(
    phone_of: Callable[..., Phone], finished: Path, tmp_path: Path, opened: str
) -> None:
    """At the next look, be it at the first page or at its own, nothing of it stays at hand."""
    root = tmp_path / "out"
    shutil.copytree(finished, root)
    phone = phone_of(root).open()
    phone.tap(STORY, 0)
    phone.until("document.querySelector('#keep').dataset.state == 'kept'")
    assert phone.value(AT_HAND) > 2
    for path in root.glob("2025-05-20.*"):
        path.unlink()
    (root / "episodes-2025.json").write_text("{}")
    phone.open(opened)
    until = time.monotonic() + 20
    while phone.value(AT_HAND) and time.monotonic() < until:
        time.sleep(0.05)
    assert 0 == phone.value(AT_HAND)


def test_the_page_is_readable_without_scripts(
    phone_of: Callable[..., Phone], finished: Path
) -> None:
    """Native controls, links into the audio and the whole text do without our script."""
    phone = phone_of(finished, java_script_enabled=False).open()
    assert phone.page.locator("audio").is_visible()
    assert not phone.page.locator("#play").is_visible()
    assert "#t=" in phone.page.locator(STORY).nth(0).get_attribute("href")
    assert phone.page.locator(".cue").last.is_visible()


def test_any_folder_will_do(phone_of: Callable[..., Phone], finished: Path, tmp_path: Path) -> None:
    """Under a path with a key, Chinese and a space every address still leads home."""
    shutil.copytree(finished, tmp_path / "k3y" / "今日 衢江")
    phone = phone_of(tmp_path, prefix="k3y/今日 衢江/").open("index.html")
    phone.tap(".big-play")
    phone.page.wait_for_url(f"**/{PAGE}*")
    phone.until(f"{PLAYING} && {TIME} > 0")
    phone.until("document.querySelector('#keep').dataset.state == 'kept'")
    assert [] == phone.complaints


UNFETCHED = (
    "(() => { const b = document.querySelector('audio').buffered, last = b.length - 1;"
    "return ((last ? b.end(0) : 0) + b.start(last)) / 2; })()"
)
"""A second before what was fetched after a jump, and after what was fetched at first, if it was."""


def slow_first_visit(phone_of: Callable[..., Phone], root: Path) -> Phone:
    """A visit that begins in the last story, over a line on which all takes eight seconds."""
    size = (root / "2025-05-20.mp3").stat().st_size
    phone = phone_of(root, bytes_per_second=size / 8)
    last = float(
        json.loads((root / "2025-05-20.chapters.json").read_text())["chapters"][-1]["startTime"]
    )
    phone.open(f"{PAGE}#t={last - 15}&play")
    phone.until(f"{PLAYING} && {TIME} > {last - 15}")
    return phone


def test_a_first_visit_stays_with_the_network(
    phone_of: Callable[..., Phone], finished: Path
) -> None:
    """The worker, there since a second, keeps the episode, and does not mix into what plays."""
    phone = slow_first_visit(phone_of, finished)
    phone.until("document.querySelector('#keep').dataset.state == 'kept'")
    to = phone.value(UNFETCHED)
    assert to > 0
    phone.value(f"document.querySelector('audio').currentTime = {to}")
    phone.until(f"{PLAYING} && {TIME} > {to + 0.5}")
    assert phone.value("document.querySelector('audio').error === null")
    assert [] == phone.complaints
    assert [] == [url for url in phone.requests if "kept" in url]


def test_what_fails_is_tried_again_where_it_stopped(
    phone_of: Callable[..., Phone], finished: Path
) -> None:
    """The browser gives up over a part that it has not asked for; the listener hears on."""
    sound = (finished / "2025-05-20.mp3").read_bytes()
    spoiled: list[int] = []

    def spoil_once(route: Any) -> None:
        start = int(route.request.headers.get("range", "bytes=0-")[6:].split("-")[0])
        if not start or spoiled:
            route.continue_()
            return
        spoiled.append(start)
        place = f"bytes {start + 1}-{len(sound) - 1}/{len(sound)}"
        headers = {"Content-Range": place, "Content-Type": "audio/mpeg"}
        route.fulfill(status=206, headers=headers, body=sound[start + 1 :])

    phone = phone_of(finished, bytes_per_second=len(sound) / 10, service_workers="block")
    phone.context.route("**/*.mp3*", spoil_once)
    phone.open()
    phone.until("document.querySelector('audio').readyState > 0")
    phone.value(
        "window.failed = 0;"
        "document.querySelector('audio').addEventListener('error', () => { failed += 1; })"
    )
    story = phone.page.locator(STORY).count() - 1
    start = start_of(phone, STORY, story)
    phone.tap(STORY, story)
    phone.until(f"failed == 1 && {PLAYING} && {TIME} > {start + 0.5}")
    assert phone.value(TIME) < start + 10
    assert "" == phone.value(STATUS)
    assert 1 == len(spoiled)


def test_missing_audio_is_said(
    phone_of: Callable[..., Phone], finished: Path, tmp_path: Path
) -> None:
    """A deleted file gives a sentence to the listener, not silence."""
    root = tmp_path / "out"
    shutil.copytree(finished, root)
    (root / "2025-05-20.mp3").unlink()
    phone = phone_of(root).open()
    assert phone.until(f"{STATUS}.includes('音频打不开：服务器上没有')")


def test_damaged_audio_is_said(
    phone_of: Callable[..., Phone], finished: Path, tmp_path: Path
) -> None:
    """A file without sound is not the network's fault."""
    root = tmp_path / "out"
    shutil.copytree(finished, root)
    (root / "2025-05-20.mp3").write_bytes(b"no sound at all" * 1000)
    phone = phone_of(root).open()
    assert phone.until(f"{STATUS}.includes('音频打不开：文件坏了')")


def test_a_server_that_is_gone_is_said(phone: Phone) -> None:
    """Nothing was kept, and the server does not answer: that is what the listener reads."""
    phone.context.route("**/*.mp3*", lambda route: route.abort())
    phone.open()
    assert phone.until(f"{STATUS}.includes('音频打不开：连不上服务器')")


def reissue(root: Path) -> None:
    """Put another programme of the same day in the episode's place: longer, in another order."""
    page = (root / PAGE).read_text("utf-8")
    page = page.replace(".mp3?v=", ".mp3?v=new").replace("<h1>", "<h1>更正：")
    starts = sorted(map(float, re.findall(r'<a [^>]*data-start="([\d.]+)"', page)))
    for start in reversed(starts[3:]):  # from the second story on, all is three seconds later
        page = re.sub(rf'(<a [^>]*data-start=")({start:g})"', rf'\g<1>{start + 3:g}"', page)
    sound = (root / "2025-05-20.mp3").read_bytes()
    for name, content in ((PAGE, page.encode()), ("2025-05-20.mp3", sound + sound[-200_000:])):
        (root / "new").write_bytes(content)
        (root / "new").replace(root / name)


def test_a_page_left_open_over_a_new_issue_goes_on_in_it(
    phone_of: Callable[..., Phone], finished: Path, tmp_path: Path
) -> None:
    """Its audio is gone: the page gives way to the new one, which plays the story asked for."""
    root = tmp_path / "out"
    shutil.copytree(finished, root)
    size = (root / "2025-05-20.mp3").stat().st_size
    # slow enough that most is still to come when the file is replaced
    phone = phone_of(root, bytes_per_second=size / 20, service_workers="block").open()
    phone.until("document.querySelector('audio').readyState > 0")
    title = phone.page.locator(STORY).nth(6).locator(".title").inner_text()
    start = start_of(phone, STORY, 6)
    reissue(root)
    phone.tap(STORY, 6)
    phone.until("document.querySelector('h1').textContent.startsWith('更正')", 25)
    phone.until(f"{PLAYING} && {STATUS}.startsWith('这一期已经更新')")
    assert start_of(phone, STORY, 6) == start + 3
    assert start + 3 <= phone.value(TIME) < start + 10
    assert title == phone.page.locator("#now").inner_text()


def test_a_page_left_open_gives_way_in_the_next_pause(
    phone_of: Callable[..., Phone], finished: Path, tmp_path: Path
) -> None:
    """Who listens is not interrupted; who stops finds the new page when he goes on."""
    root = tmp_path / "out"
    shutil.copytree(finished, root)
    phone = phone_of(root)
    phone.page.clock.install()
    phone.open().tap(STORY, 1)
    phone.until(f"{PLAYING} && {TIME} > {start_of(phone, STORY, 1)} + 0.2")
    reissue(root)
    phone.page.clock.fast_forward("02:00")
    assert phone.value(PLAYING)
    phone.tap("#play")
    phone.until("document.querySelector('h1').textContent.startsWith('更正')")
    phone.until(f"{STATUS}.startsWith('这一期已经更新')")
    assert phone.value(PAUSED)


def test_waiting_for_a_slow_line_is_said(phone_of: Callable[..., Phone], finished: Path) -> None:
    """A third of a second after the tap the listener knows that it was felt."""
    phone = phone_of(finished, bytes_per_second=400_000, service_workers="block")
    phone.context.route("**/*.mp3*", lambda _: None)  # never answered
    phone.open()
    said = (
        "new Promise((done) => { const from = performance.now(); const look = () => {"
        f"if ({STATUS} !== '正在载入…') setTimeout(look, 5);"
        "else done(performance.now() - from); };"
        "document.querySelector('#play').click(); look(); })"
    )
    assert phone.value(said) < 300 + 200  # the two hundred are this machine's
    phone.tap("#play")
    assert phone.value(f"{STATUS} === ''")


def test_what_was_heard_is_marked(phone: Phone) -> None:
    """A story is heard when the voice comes to its end, an episode when it ends; lists say so."""
    phone.open()
    second = start_of(phone, STORY, 1)
    phone.tap(STORY, 0)
    phone.until(PLAYING)
    phone.tap("#next")  # jumped over, not heard
    phone.tap("#previous")
    phone.value(f"document.querySelector('audio').currentTime = {second - 0.6}")
    phone.until(f"{TIME} > {second + 0.1}")
    heard = "[...document.querySelectorAll('#stories .heard a')].map((a) => a.dataset.number)"
    phone.until(f"{heard}.length > 0")  # the next of the voice's reports may be due yet
    assert ["1"] == phone.value(heard)
    assert phone.page.locator(STORY).nth(0).inner_text().endswith("已听")
    phone.page.reload()
    phone.until(f"{heard}.join() === '1'")
    phone.open("")
    assert re.search(r"听到\d+%", phone.page.locator(".big-play").inner_text())
    phone.open().tap("#play")
    phone.until(PLAYING)
    phone.value("document.querySelector('audio').currentTime = 1e6")
    phone.until(f"{STATUS} === '这一期播完了。'")
    phone.open("")
    assert "已听完" in phone.page.locator(".big-play").inner_text()


def test_a_shared_link_begins_at_this_second(phone: Phone) -> None:
    """What is copied opens the story that was heard, at the second at which it was shared."""
    phone.context.grant_permissions(["clipboard-read", "clipboard-write"])
    phone.open().tap("#play")
    phone.until(PLAYING)
    phone.tap("#forward")
    phone.tap("#play")
    phone.tap("#share")
    phone.until(f"{STATUS}.startsWith('链接已复制，打开就从1')")
    link = phone.value("navigator.clipboard.readText()")
    assert re.fullmatch(re.escape(phone.base + PAGE) + r"#t=1\d", link)
    phone.value("void (navigator.clipboard.writeText = () => Promise.reject(new Error()))")
    phone.tap("#share")
    phone.until(f"{STATUS}.startsWith('请用浏览器的菜单转发')")
    assert link == phone.page.url


def test_old_stories_are_found_and_episodes_lead_on(
    phone_of: Callable[..., Phone], finished: Path, tmp_path: Path
) -> None:
    """The search finds a headline of another year; an episode names those beside it."""
    root = tmp_path / "out"
    shutil.copytree(finished, root)
    index = root / "index.html"
    text = index.read_text("utf-8").replace('data-years="2025"', 'data-years="2025 2024"')
    older = '<a href="2024-12-31.html">旧</a>'
    index.write_text(text.replace("</main>", f"{older}</main>"), "utf-8")
    stories = {"2024-12-31": ["9", "新桥通车了", "60", "ＡＢＣ公司"], "2024-12-30": ["9", "长假"]}
    (root / "episodes-2024.json").write_text(json.dumps(stories), "utf-8")
    phone = phone_of(root).open("")
    phone.page.locator("#query").fill("2024-12 abc")
    phone.until("document.querySelectorAll('#found a').length === 1")
    assert "找到1条" == phone.page.locator("#count").inner_text()
    assert "2024-12-31.html#t=60&play" == phone.page.locator("#found a").get_attribute("href")
    phone.page.locator("#query").fill("没有的事")
    phone.until("document.querySelector('#count').textContent === '没有找到'")
    (root / "episodes-2024.json").unlink()
    phone.open("").page.locator("#query").fill("2024-12 abc")
    phone.until("document.querySelector('#count').textContent.includes('连不上服务器')")
    phone.complaints.clear()  # about the file that is gone
    phone.open()
    phone.until("document.querySelector('#neighbours a')?.textContent === '上一期：12月31日'")
    assert 1 == phone.page.locator("#neighbours a").count()
    assert [] == phone.complaints


def test_a_tap_on_an_app_subscribes(phone: Phone) -> None:
    """At the top of the first page each app has a link by which it takes this feed."""
    phone.open("")
    links = phone.value(
        "[...document.querySelectorAll('#apps a[data-address]')].map((a) => a.href)"
    )
    bare = f"{phone.base.removeprefix('http://')}feed.xml"
    assert f"podcast://{bare}" in links
    assert f"pktc://subscribe/{bare}" in links
    assert phone.page.locator("#apps a:visible").count() >= 3


def test_the_controls_stay_in_landscape(phone_of: Callable[..., Phone], finished: Path) -> None:
    """A phone on its side has them in one row at the lower edge, under a fifth of the screen."""
    phone = phone_of(finished, viewport={"width": 740, "height": 360}).open()
    box = phone.page.locator("#dock").bounding_box()
    assert "fixed" == phone.value("getComputedStyle(document.querySelector('#dock')).position")
    assert box["height"] <= 72
    assert box["y"] + box["height"] == 360


def test_it_plays_without_storage_and_with_a_wrong_clock(phone: Phone) -> None:
    """Cookies refused, no room left, a year behind: it forgets, and says what was not kept."""
    phone.context.add_init_script(
        "for (const name of ['localStorage', 'sessionStorage']) Object.defineProperty(window, name,"
        " {get() { throw new DOMException('', 'SecurityError'); }});"
        "const now = Date.now; Date.now = () => now() - 365 * 864e5;"
    )
    quota = {"origin": phone.base.rstrip("/"), "quotaSize": 1 << 16}
    phone.context.new_cdp_session(phone.page).send("Storage.overrideQuotaForOrigin", quota)
    phone.open().tap(STORY, 2)
    phone.until(f"{PLAYING} && {TIME} > {start_of(phone, STORY, 2)} + 0.3")
    phone.until("document.querySelector('#keep').dataset.state == 'keep_full'")
    assert "手机空间不够，没有存成" == phone.page.locator("#keep").inner_text().strip()
    assert [] == phone.complaints


def test_a_page_opened_from_a_file_plays(phone: Phone, finished: Path) -> None:
    """Without any server: picture, list, sound; what needs one is not offered."""
    phone.page.goto((finished / PAGE).as_uri())
    phone.tap(STORY, 2)
    phone.until(f"{PLAYING} && {TIME} >= {start_of(phone, STORY, 2)}")
    assert not phone.page.locator("#keep").is_visible()
    phone.until("document.querySelector('.masthead img').naturalWidth === 320")
