"""The headline of a draft: chosen from its headings, completed or found again."""

from qjaudio.paper import restore
from qjaudio.paper.characters import overlap
from qjaudio.paper.draft import Draft, Remains
from qjaudio.paper.evidence import Evidence
from qjaudio.paper.headline import Headings, Unit, choose
from qjaudio.paper.model import Headline, Repair
from qjaudio.paper.punctuation import full_width
from qjaudio.paper.repair import repair_slips
from qjaudio.paper.wording import Wording

OWN_HEADING = 0.5
"""A heading that shares this much of its wording with the lead is the main one, come what may."""


def headline_of(
    draft: Draft, texts: list[str], evidence: Evidence, remains: Remains
) -> tuple[Headline, list[Repair]]:
    """The headline of a story, and what was changed in it; headings not taken are left out."""
    if not texts:
        for piece in draft.heads:
            remains.add(piece, "banner")
        return Headline(main=""), []
    lead, body = "".join(texts[:2])[:300], "".join(texts)
    headings = choose(draft.heads, texts[0], body)
    for unit in headings.banners:
        _leave(unit, "banner", remains)
    scattered = _scattered(draft, lead, headings, evidence)
    if scattered.text:
        return _found(headings, scattered, remains)
    if headings.main is None:
        found = restore.from_lead(texts[0])
        return _found(headings, found, remains)
    return _printed(
        headings, lead, body, evidence.wording.get(draft.page, Wording()), evidence.place
    )


def _leave(unit: Unit, kind: str, remains: Remains) -> None:
    for piece in unit.pieces:
        remains.add(piece, kind)


def _scattered(draft: Draft, lead: str, headings: Headings, evidence: Evidence) -> restore.Restored:
    """The vertical headline whose scattered characters fit this story's lead, if any."""
    if headings.main and overlap(headings.main.text, lead) >= OWN_HEADING:
        return restore.Restored("")
    return restore.from_debris(evidence.debris.get(draft.page, ()), lead)


def _found(
    headings: Headings, found: restore.Restored, remains: Remains
) -> tuple[Headline, list[Repair]]:
    """A headline that is not printed in one piece: the headings that are stand above it."""
    kicker = ""
    if headings.main:
        kicker = full_width(headings.main.text)
        spare = (headings.kicker, *headings.decks)
        for unit in spare:
            if unit:
                _leave(unit, "banner", remains)
    headline = Headline(main=found.text, kicker=kicker, restored=found.evidence)
    repair = Repair(where="headline", before="", after=found.text, evidence=found.evidence)
    return headline, [repair]


def _printed(
    headings: Headings, lead: str, body: str, wording: Wording, place: str
) -> tuple[Headline, list[Repair]]:
    assert headings.main is not None  # noqa: S101  the caller has looked
    repairs: list[Repair] = []

    def mended(text: str, where: str) -> str:
        whole, slips = repair_slips(full_width(text), wording, where)
        repairs.extend(slips)
        return whole

    # Before quotation marks are paired: a lost one would turn the others round.
    printed = headings.main.text
    whole = restore.complete(printed, lead, body, wording, place)
    if whole.evidence:
        repairs.append(
            Repair(where="headline", before=printed, after=whole.text, evidence=whole.evidence)
        )
    main = mended(whole.text, "headline")
    kicker = mended(headings.kicker.text, "kicker") if headings.kicker else ""
    deck = " ".join(mended(unit.text, "deck") for unit in headings.decks)
    return Headline(main=main, kicker=kicker, deck=deck, restored=whole.evidence), repairs
