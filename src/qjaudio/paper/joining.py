"""Stories that jump to another page, joined with their rest."""

from dataclasses import dataclass, replace

from qjaudio.paper.characters import bigrams, ends_sentence, overlap, shared_with
from qjaudio.paper.draft import Draft
from qjaudio.paper.words import parted_word

NEAR = 0.5
MAX_JUMPS = 300
"""No issue has so many stories that jump; the rest of one beyond stays a story of its own."""
MAX_PAIRS = 2_000
"""Nor so many that fit each other by their pages; a paper of 40 pages has about 60."""
MAX_HEADS = 6
"""So many headings above a text are compared."""


def join_jumps(drafts: list[Draft]) -> list[Draft]:
    """Join each rest (上接第1版) with the story that jumped there; an orphan stays a story.

    Where several stories jump to one page, the pair that fits best is joined first.
    """
    jumping = [draft for draft in drafts if not draft.back and draft.onward][:MAX_JUMPS]
    rests = [draft for draft in drafts if draft.back][:MAX_JUMPS]
    free = [draft for draft in jumping if not _joined(draft)]
    pairs = [(story, rest) for rest in rests for story in free if _may_go_on(story, rest)]
    pairs = pairs[:MAX_PAIRS]
    ends = {id(draft): _Ends.of(draft) for pair in pairs for draft in pair}
    fits = [(_fit(ends[id(story)], ends[id(rest)]), (story, rest)) for story, rest in pairs]
    fits.sort(key=lambda row: -row[0])
    taken: set[int] = set()
    for _, (story, rest) in fits:
        if id(story) not in taken and id(rest) not in taken:
            _take(story, rest)
            taken |= {id(story), id(rest)}
    joined = {id(rest) for rest in rests} & taken
    return [draft for draft in drafts if id(draft) not in joined]


def _may_go_on(story: Draft, rest: Draft) -> bool:
    """Whether the two ends name each other; where a page is misnumbered, one of them must."""
    if story.page >= rest.page:
        return False
    return story.onward == rest.page or story.page == rest.back


def _joined(story: Draft) -> bool:
    return any(piece.page != story.page for piece in story.body)


@dataclass(frozen=True, slots=True)
class _Ends:
    """What of a draft is compared, made once: its wording as pairs of letters."""

    draft: Draft
    heads: str
    text: set[str]
    start: set[str]
    """The headings and the first 400 characters."""

    @classmethod
    def of(cls, draft: Draft) -> "_Ends":
        heads, text = " ".join(head.text for head in draft.heads), draft.text
        return cls(draft, heads, bigrams(text), bigrams(heads + text[:400]))


def _fit(story: _Ends, rest: _Ends) -> float:
    """How well a rest fits a story: by heading, page, the word cut in two, and wording."""
    one, other = story.draft, rest.draft
    last, first = one.body[-1].text, other.body[0].text if other.body else ""
    # A text that starts in mid-sentence wants one that stops there, and the other way round.
    midway = bool(other.body) and other.body[0].opens is False
    return (
        3 * _same_heading(one, other)
        + 2 * (one.onward == other.page)
        + (one.page == other.back)
        + bool(parted_word(last, first))
        + 0.5 * (midway != ends_sentence(last))
        + shared_with(rest.heads, story.text)
        + (len(rest.text & story.start) / len(rest.text) if rest.text else 0.0)
    )


def _same_heading(story: Draft, rest: Draft) -> float:
    mine, others = story.heads[-MAX_HEADS:], rest.heads[-MAX_HEADS:]
    pairs = ((head.text, other.text) for head in others for other in mine)
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
