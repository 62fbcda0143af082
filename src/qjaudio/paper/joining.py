"""Stories that jump to another page, joined with their rest."""

from qjaudio.paper.characters import ends_sentence, overlap
from qjaudio.paper.draft import Draft
from qjaudio.paper.words import parted_word


def join_jumps(drafts: list[Draft]) -> list[Draft]:
    """Join each rest (上接第1版) with the story that jumped there; an orphan stays a story."""
    joined = [draft for draft in drafts if not draft.back]
    for rest in (draft for draft in drafts if draft.back):
        story = _story_of(rest, joined)
        if story is None:
            joined.append(rest)
        else:
            _take(story, rest)
    order = {id(draft): at for at, draft in enumerate(drafts)}
    return sorted(joined, key=lambda draft: order[id(draft)])


def _story_of(rest: Draft, stories: list[Draft]) -> Draft | None:
    """The story that a rest belongs to: by heading, by the word cut in two, by order."""
    waiting = [
        story
        for story in stories
        if story.onward == rest.page and story.page == rest.back and not _joined(story, rest.page)
    ]
    if not waiting:
        waiting = [s for s in stories if s.onward == rest.page and not _joined(s, rest.page)]
    return max(waiting, key=lambda story: _fit(story, rest), default=None)


def _joined(story: Draft, page: int) -> bool:
    return any(piece.page == page for piece in story.body)


def _fit(story: Draft, rest: Draft) -> float:
    heading = max((overlap(h.text, o.text) for h in rest.heads for o in story.heads), default=0.0)
    heading = max([heading, *(overlap(head.text, story.text) for head in rest.heads)])
    cut = bool(parted_word(story.body[-1].text, rest.body[0].text)) if rest.body else False
    unfinished = not ends_sentence(story.body[-1].text)
    return 2 * heading + cut + 0.2 * unfinished + 0.5 * overlap(rest.text[:400], story.text)


def _take(story: Draft, rest: Draft) -> None:
    """The rest's own heading repeats the story's: it is kept as a heading that is not chosen."""
    story.crossheads |= rest.crossheads
    story.body += rest.body
    story.credits += rest.credits
    story.signoffs += rest.signoffs
    story.repeats += rest.heads
