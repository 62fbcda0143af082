"""What editors put right is kept, told, and followed by all that depends on it."""

import errno
import os
import re
from collections.abc import Callable
from pathlib import Path
from urllib.parse import quote

import pytest

from desk.conftest import DAY, Answered, Office, Person
from qjaudio import store

ROAD, CLINIC, TEA = "杜莲公路改造段开放通行", "举村乡的卫生室连上了大医院", "一家茶厂带活十片茶园"


def name_of(headline: str) -> str:
    """How forms name a story."""
    return f'["{headline}", null]'


def form_of(editor: Person, headline: str) -> dict[str, str]:
    """The fields of a form of a story."""
    page = editor.get(f"{DAY}/story?name={quote(name_of(headline))}")
    assert 200 == page.status
    return {"name": name_of(headline), "version": page.version}


def change(editor: Person, action: str, fields: dict[str, str], **more: str) -> Answered:
    """Put something right."""
    return editor.post(f"{DAY}/change", {**fields, **more, "action": action})


def line_of(editor: Person, words: str) -> dict[str, str]:
    """The fields of the form of the first sentence that has these words."""
    text = editor.get(DAY).text
    rows = re.findall(r'<li id="l(\d+)-(\d+)" class="line (?:body|crosshead)(.*?)</li>', text, re.S)
    for part, index, row in rows:
        if words in re.sub("<[^>]+>", "", row):
            key = re.search(r"key=(\w+)", row)
            assert key
            page = editor.get(f"{DAY}/line?part={part}&index={index}&key={key[1]}").text
            said = re.search(r"<textarea[^>]*>([^<]*)<", page)
            assert said
            return {"part": part, "index": index, "key": key[1], "seen": said[1]}
    raise AssertionError(words)


def rundown(office: Office) -> str:
    return office.script().partition("## 内容提要")[2].partition("\n## ")[0]


def test_a_headline_is_followed_by_the_rundown(office: Office, editor: Person) -> None:
    """A corrected headline is a correction of the issue, and the rundown says it too."""
    fields = form_of(editor, ROAD)
    answer = change(editor, "head", fields, headline="杜莲公路通车了", old_headline=ROAD)
    assert 200 == answer.status
    assert 'headline = "杜莲公路通车了"' in office.corrections()
    assert "# 王编辑 20" in office.corrections()
    assert "杜莲公路通车了" in rundown(office)
    assert ROAD not in office.script()


def test_a_story_that_is_not_told_is_not_announced(office: Office, editor: Person) -> None:
    """An advert is neither told nor announced; taken back, it is both again."""
    change(editor, "advert", form_of(editor, CLINIC))
    assert CLINIC not in office.script()
    page = editor.get(DAY).text
    line = re.search(r'name="line" value="(\d+)"', page)
    assert line
    assert 200 == change(editor, "undo", {"line": line[1]}).status
    assert CLINIC in rundown(office)
    assert "[[correction]]" not in office.corrections()


def test_stories_are_joined_cut_and_put_in_order(office: Office, editor: Person) -> None:
    """Two are one; one is two; a story comes before another."""
    change(editor, "before", form_of(editor, TEA), before=name_of(ROAD))
    heads = re.findall(r"^## \d+\. (.*)$", office.script(), re.M)
    assert [TEA, ROAD] == heads[:2]
    change(editor, "join", form_of(editor, TEA), join=name_of(CLINIC), join_headline="none")
    assert CLINIC not in re.findall(r"^## \d+\. (.*)$", office.script(), re.M)
    answer = change(
        editor, "cut", form_of(editor, ROAD), cut="改造段全长", cut_headline="路有六公里多"
    )
    assert 200 == answer.status
    assert "路有六公里多" in re.findall(r"^## \d+\. (.*)$", office.script(), re.M)


def test_a_misread_word_is_a_correction(office: Office, editor: Person) -> None:
    """What the page says is corrected in its own words, as few as name the place."""
    line = line_of(editor, "25分钟")
    text = line["seen"].replace("25分钟", "28分钟")
    assert 200 == change(editor, "reword", line, text=text).status
    assert 'right = "' in office.corrections()
    wrong = re.search(r'wrong = "(.*)"', office.corrections())
    assert wrong
    assert len(wrong[1]) < 12
    assert "28分钟" in office.script()
    assert "已更正识读" in editor.get(DAY).text


def test_what_the_paper_does_not_have_is_marked(office: Office, editor: Person) -> None:
    """A sentence of the editor's own is an edit of the script, and shown as one."""
    line = line_of(editor, "25分钟")
    answer = change(editor, "rewrite", line, text="如今开车只要一刻钟")
    assert "报上没有这句话" in answer.text
    assert "如今开车只要一刻钟。" in office.script()
    assert not (office.folder / "out/2025-05-20/corrections.toml").exists()


def test_words_of_the_show_itself_are_no_edits(office_of: Callable[..., Office]) -> None:
    """What the show says of its own accord is told from what an editor has put into the script."""
    own = '[opening]\nlines = ["这里是杜莲早读，由人工智能合成语音播出。"]\n'
    Path("phrases.toml").write_text(own, "utf-8")
    editor = office_of(phrases="phrases.toml").person("王编辑", "编辑")
    page = editor.get(DAY).text
    assert "这里是杜莲早读" in page
    assert "报上没有这句话" not in page


def test_edits_of_the_script_outlive_corrections(office: Office, editor: Person) -> None:
    """A correction of another story keeps the edits, and the rundown follows nevertheless."""
    change(editor, "rewrite", line_of(editor, "25分钟"), text="如今开车只要一刻钟。")
    change(editor, "silence", form_of(editor, CLINIC))
    assert "如今开车只要一刻钟。" in office.script()
    assert CLINIC not in office.script()
    change(editor, "recompose", {})
    assert "一刻钟" not in office.script()


def test_each_edit_is_taken_back_by_itself(office: Office, editor: Person) -> None:
    """One changed, one left out, one after the other; the last one makes the script ours again."""
    first, second = line_of(editor, "25分钟"), line_of(editor, "举村乡山高路远")
    change(editor, "rewrite", first, text="如今开车只要一刻钟。")
    change(editor, "drop", second)
    keys = re.findall(
        r'name="key" value="(\w+)"><button name="action" value="undo_edit"',
        (page := editor.get(DAY).text),
    )
    assert (2, True) == (len(keys), "（不播）" in page)
    assert 200 == change(editor, "undo_edit", {"key": keys[1]}).status
    assert (True, True) == (second["seen"] in office.script(), "一刻钟" in office.script())
    assert 409 == change(editor, "undo_edit", {"key": keys[1]}).status
    answer = change(editor, "undo_edit", {"key": keys[0]})
    assert (200, True) == (answer.status, first["seen"] in office.script())
    assert "播报稿有改动" not in answer.text


def test_a_sentence_is_dropped_and_another_one_told(office: Office, editor: Person) -> None:
    """What was left out can be told, and what is told left out."""
    line = line_of(editor, "25分钟")
    change(editor, "drop", line)
    assert line["seen"] not in office.script()
    page = editor.get(DAY).text
    fields = re.search(
        r'name="name" value="([^"]*)"><input type="hidden" name="text" value="([^"]*)"', page
    )
    assert fields
    name = fields[1].replace("&#34;", '"')
    assert 200 == change(editor, "say", {"name": name, "text": fields[2]}).status
    assert fields[2] in office.script()


def test_the_second_to_save_sees_both_versions(office: Office, editor: Person) -> None:
    """Two at one sentence, and two at one story: nothing is lost, and nothing overwritten."""
    other = office.person("李编辑", "编辑")
    line, story = line_of(editor, "25分钟"), form_of(other, ROAD)
    change(editor, "rewrite", line, text="第一个人的话。")
    answer = change(other, "rewrite", line, text="第二个人的话。")
    assert 409 == answer.status
    assert "第一个人的话。" in answer.text
    assert "第二个人的话。" in answer.text
    assert "第二个人的话。" not in office.script()
    mine = dict(
        re.findall(
            r'<input type="hidden" name="(part|index|key|text)" value="([^"]*)"', answer.text
        )
    )
    assert 200 == change(other, "rewrite", mine).status
    assert "第二个人的话。" in office.script()
    answer = change(other, "head", story, headline="另一个标题", old_headline=ROAD)
    assert 409 == answer.status
    assert "另一个标题" in answer.text


def test_a_form_that_is_sent_again_changes_nothing(office: Office, editor: Person) -> None:
    """The same form a second time is a conflict."""
    fields = form_of(editor, ROAD)
    change(editor, "head", fields, headline="杜莲公路通车了", old_headline=ROAD)
    before = office.corrections()
    again = change(editor, "head", fields, headline="杜莲公路通车了", old_headline=ROAD)
    assert 409 == again.status
    assert before == office.corrections()


def test_a_page_that_changed_is_told(office: Office, editor: Person) -> None:
    """A correction that fits no more is named, and can be taken out; an edit is kept."""
    change(editor, "rewrite", line_of(editor, "25分钟"), text="如今开车只要一刻钟。")
    change(editor, "head", form_of(editor, CLINIC), headline="卫生室", old_headline=CLINIC)
    page = office.folder / "issues/2025-05-20/page1.md"
    text = page.read_text("utf-8")
    changed = text.replace("举村乡的卫生室", "举村卫生站").replace("6.8公里", "6.9公里")
    page.write_text(changed, "utf-8")
    shown = editor.get(DAY).text
    assert "对不上，没有用上" in shown
    assert "改稿以后，版面又变了" in shown
    line = re.search(r'name="line" value="(\d+)"><button name="action" value="undo">删除', shown)
    assert line
    change(editor, "undo", {"line": line[1]})
    change(editor, "follow", {})
    shown = editor.get(DAY).text
    assert "对不上，没有用上" not in shown
    assert "改稿以后，版面又变了" not in shown
    assert "如今开车只要一刻钟。" in office.script()


def test_what_does_not_fit_is_refused(office: Office, editor: Person) -> None:
    """Words that are not there, a story that is gone, an act that nobody knows."""
    assert 409 == change(editor, "advert", {"name": name_of("没有这一条"), "version": "x"}).status
    assert 400 == change(editor, "nothing", {}).status
    fields = form_of(editor, ROAD)
    assert 422 == change(editor, "cut", fields, cut="没有这几个字", cut_headline="标题").status
    for action in ("rewrite", "reword"):  # spaces are no text, and no wish to leave it out
        spaces = change(editor, action, line_of(editor, "25分钟"), text=" \u3000")
        assert (422, True) == (spaces.status, "文字不能空" in spaces.text)
    assert not (office.folder / "out/2025-05-20/corrections.toml").exists()


def test_corrections_that_another_program_wrote(office: Office, editor: Person) -> None:
    """A mark before the first line hinders nobody; an encoding that we do not read is told."""
    path = office.folder / "out/2025-05-20/corrections.toml"
    path.parent.mkdir(parents=True)
    path.write_text("checked = true\n", "utf-8-sig")
    assert 200 == change(editor, "advert", form_of(editor, ROAD)).status
    assert "advert = true" in office.corrections()
    path.write_bytes("# 已核对\n".encode("gb18030"))
    answer = editor.get(DAY)
    assert (422, True) == (answer.status, "没有做成" in answer.text)


def test_a_kill_between_two_files_loses_nothing(office: Office, editor: Person) -> None:
    """Corrections written, and nothing of what follows: the next look has both kinds of edits."""
    from qjaudio.desk.edits import Editor

    change(editor, "rewrite", line_of(editor, "25分钟"), text="如今开车只要一刻钟。")
    fields = form_of(editor, CLINIC)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Editor, "_carry_over", lambda *_: 1 / 0)
        assert 500 == change(editor, "silence", fields).status
    assert "spoken = false" in office.corrections()
    assert "如今开车只要一刻钟。" in office.script()
    shown = editor.get(DAY).text
    assert "改稿以后，版面又变了" in shown
    change(editor, "follow", {})
    assert "如今开车只要一刻钟。" in office.script()
    assert CLINIC not in office.script()


def test_a_full_disk_is_told(office: Office, editor: Person) -> None:
    """What cannot be written is said in Chinese, and the edition is as it was."""
    fields = form_of(editor, ROAD)
    with pytest.MonkeyPatch.context() as patch:

        def full(path: Path, _text: str) -> None:
            raise store.not_writable(path, OSError(errno.ENOSPC, os.strerror(errno.ENOSPC)))

        patch.setattr(store, "write_text", full)
        answer = change(editor, "head", fields, headline="另一个标题", old_headline=ROAD)
    assert 422 == answer.status
    assert "没有做成" in answer.text
    assert "另一个标题" not in editor.get(DAY).text
    assert 200 == change(editor, "advert", fields).status
