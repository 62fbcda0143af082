"""Stories that jump to another page, joined with their rest."""

from dataclasses import replace

from qjaudio.paper.characters import ends_sentence, overlap
from qjaudio.paper.draft import Draft
from qjaudio.paper.words import parted_word

NEAR = 0.5


def join_jumps(drafts: list[Draft]) -> list[Draft]:
    """Join each rest (上接第1版) with the story that jumped there; an orphan stays a story.

    Where several stories jump to one page, the pair that fits best is joined first.
    """
    stories = [draft for draft in drafts if not draft.back]
    rests = [draft for draft in drafts if draft.back]
    orphans: list[Draft] = []
    while rests:
        pairs = [(story, rest) for rest in rests for story in stories if _may_go_on(story, rest)]
        if not pairs:
            orphans, rests = [*orphans, *rests], []
            continue
        story, rest = max(pairs, key=lambda pair: _fit(*pair))
        _take(story, rest)
        rests = [other for other in rests if other is not rest]
    order = {id(draft): at for at, draft in enumerate(drafts)}
    return sorted([*stories, *orphans], key=lambda draft: order[id(draft)])


def _may_go_on(story: Draft, rest: Draft) -> bool:
    """Whether the two ends name each other; where a page is misnumbered, one of them must."""
    if not story.onward or story.page >= rest.page or _joined(story):
        return False
    return story.onward == rest.page or story.page == rest.back


def _joined(story: Draft) -> bool:
    return any(piece.page != story.page for piece in story.body)


def _fit(story: Draft, rest: Draft) -> float:
    """How well a rest fits a story: by heading, page, the word cut in two, and wording."""
    last, first = story.body[-1].text, rest.body[0].text if rest.body else ""
    # A text that starts in mid-sentence wants one that stops there, and the other way round.
    midway = bool(rest.body) and rest.body[0].opens is False
    return (
        3 * _same_heading(story, rest)
        + 2 * (story.onward == rest.page)
        + (story.page == rest.back)
        + bool(parted_word(last, first))
        + 0.5 * (midway != ends_sentence(last))
        + overlap(" ".join(head.text for head in rest.heads), story.text)
        + overlap(rest.text, " ".join(head.text for head in story.heads) + story.text[:400])
    )


def _same_heading(story: Draft, rest: Draft) -> float:
    pairs = ((head.text, other.text) for head in rest.heads for other in story.heads)
    return max((min(1.0, overlap(a, b) + overlap(b, a)) for a, b in pairs), default=0.0)


def _take(story: Draft, rest: Draft) -> None:
    """Join them: a heading that repeats the story's is not spoken, any other is a crosshead."""
    if _same_heading(story, rest) >= NEAR or len(rest.heads) > 1:
        story.repeats += rest.heads
    else:
        story.crossheads |= {head.order for head in rest.heads}
        story.body += rest.heads
    story.crossheads |= rest.crossheads
    if rest.body and not ends_sentence(story.body[-1].text):
        rest.body[0] = replace(rest.body[0], opens=False)  # the page turn cut the paragraph
    story.body += rest.body
    story.credits += rest.credits
    story.signoffs += rest.signoffs
