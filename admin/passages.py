"""From proposals to what a person reads: paragraphs with cards, one card for each distinct change."""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, replace

from admin.phrases import gettext
from admin.wordings import Piece, Wording, mark_text, word_change
from pipeline.adapters.store import StoredProposal
from pipeline.consolidate import Consolidation
from pipeline.redline.model import Change, Conflict, Disposition, Folded, Paragraph, Story
from pipeline.redline.places import find_home


@dataclass(frozen=True, slots=True, kw_only=True)
class Card:
    """One change with everybody who proposes it; deciding it decides all of them."""

    #: in the order of filing
    stored: tuple[StoredProposal, ...]
    wording: Wording
    #: anchor of the card to show after deciding while only open ones are shown; its own while there is no next
    following: int = 0

    @property
    def anchor(self) -> int:
        """Number of its first proposal: names the card on the page."""
        return self.stored[0].id

    @property
    def key(self) -> str:
        """The key of its first proposal: finds it in conflicts."""
        return self.stored[0].proposal.key

    @property
    def change(self) -> Change:
        """The change, as the first to propose it put it."""
        return self.stored[0].proposal.change

    @property
    def owners(self) -> tuple[str, ...]:
        """Bodies or agencies that propose it, each once."""
        return tuple(dict.fromkeys(each.proposal.owner for each in self.stored))

    @property
    def disposition(self) -> Disposition:
        """What was decided about all of them; open while one is."""
        found = {each.proposal.disposition for each in self.stored}
        return Disposition.OPEN if Disposition.OPEN in found else self.latest.proposal.disposition

    @property
    def latest(self) -> StoredProposal:
        """The proposal decided last: its remark and wording are shown."""
        return max(self.stored, key=lambda each: each.decided_at.timestamp() if each.decided_at else 0.0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Passage:
    """One paragraph of the base with the proposals on it."""

    #: where it stands when it is not the running text: "Table", "Footnote"; "" else
    story: str
    paragraph: Paragraph
    pieces: tuple[Piece, ...]
    #: proposals that stand alone
    cards: tuple[Card, ...]
    #: proposals that cannot all be taken as they are
    conflicts: tuple[tuple[Conflict, tuple[Card, ...]], ...]
    #: proposals a newer mail of their agency replaced
    replaced: tuple[Card, ...] = ()

    @property
    def all_cards(self) -> tuple[Card, ...]:
        """Every card that can be decided."""
        return (*(card for _, within in self.conflicts for card in within), *self.cards)


def make_passages(consolidation: Consolidation, only: str) -> tuple[Passage, ...]:
    """The paragraphs in document order; `only`: "open", "conflicts", an agency, or "" for all."""
    passages = tuple(_make_all(consolidation))
    if only:
        shown = {card.anchor for card in list_shown(consolidation, make_cards(consolidation), only)}
        passages = tuple(narrow for passage in passages if (narrow := _narrow(passage, shown)) is not None)
    if only != "open":
        return passages
    order = [card.anchor for passage in passages for card in passage.all_cards]
    following = dict(zip(order, order[1:], strict=False))
    return tuple(_with_following(passage, following) for passage in passages)


def make_cards(consolidation: Consolidation) -> tuple[Card, ...]:
    """Every card of a revision: what is counted and decided."""
    stored = {each.proposal.key: each for each in consolidation.stored}
    return tuple(_make_card(consolidation, folded, stored) for folded in consolidation.merge.folded)


def list_shown(consolidation: Consolidation, cards: Sequence[Card], only: str) -> tuple[Card, ...]:
    """The cards a filter lets through; a conflict is shown whole."""
    conflicts = {key: conflict.name for conflict in consolidation.merge.conflicts for key in conflict.proposals}
    chosen = [card for card in cards if _is_chosen(card, only, card.key in conflicts)]
    names = {conflicts[card.key] for card in chosen if card.key in conflicts}
    return tuple(card for card in cards if card in chosen or conflicts.get(card.key) in names)


def _is_chosen(card: Card, only: str, in_conflict: bool) -> bool:
    if only == "open":
        return card.disposition is Disposition.OPEN
    if only == "conflicts":
        return in_conflict
    return not only or any(each.agency == only for each in card.stored)


def _make_all(consolidation: Consolidation) -> Iterator[Passage]:
    cards = make_cards(consolidation)
    gone = [each for each in consolidation.stored if each.proposal.disposition is Disposition.SUPERSEDED]
    for story in consolidation.merge.base.stories:
        own = [card for card in cards if card.change.story == story.name]
        replaced = [each for each in gone if each.proposal.change.story == story.name]
        if story.name != "body" and not own and not replaced:
            continue
        for place, paragraph in enumerate(story.paragraphs):
            here = [card for card in own if _is_home(story, card.change, place)]
            before = [each for each in replaced if _is_home(story, each.proposal.change, place)]
            yield _make_passage(consolidation, story, paragraph, here, before)


def _is_home(story: Story, change: Change, place: int) -> bool:
    home = find_home(story, change)
    return home is not None and home[0] == place


def _make_passage(
    consolidation: Consolidation,
    story: Story,
    paragraph: Paragraph,
    cards: Sequence[Card],
    replaced: Sequence[StoredProposal],
) -> Passage:
    conflicts = []
    rest = list(cards)
    for conflict in consolidation.merge.conflicts:
        within = tuple(card for card in rest if card.key in conflict.proposals)
        if within:
            conflicts.append((conflict, within))
            rest = [card for card in rest if card not in within]
    return Passage(
        story=_name_story(story.name),
        paragraph=paragraph,
        pieces=mark_text(story.text, paragraph, [card.change for card in cards]),
        cards=tuple(rest),
        conflicts=tuple(conflicts),
        replaced=tuple(Card(stored=(each,), wording=word_change(story, each.proposal.change)) for each in replaced),
    )


def _make_card(consolidation: Consolidation, folded: Folded, stored: dict[str, StoredProposal]) -> Card:
    story = consolidation.merge.base.get_story(folded.change.story)
    return Card(stored=tuple(stored[key] for key in folded.keys), wording=word_change(story, folded.change))


def _name_story(name: str) -> str:
    if name == "body":
        return ""
    kind = name.split("/")[0]
    names = {
        "body": gettext("Table"),
        "footnote": gettext("Footnote"),
        "endnote": gettext("Endnote"),
        "header": gettext("Header"),
        "footer": gettext("Footer"),
    }
    return names.get(kind, kind)


def _narrow(passage: Passage, anchors: Collection[int]) -> Passage | None:
    """The passage with these cards only; None when it has none of them."""
    conflicts = tuple(pair for pair in passage.conflicts if pair[1][0].anchor in anchors)
    cards = tuple(card for card in passage.cards if card.anchor in anchors)
    return replace(passage, conflicts=conflicts, cards=cards, replaced=()) if conflicts or cards else None


def _with_following(passage: Passage, following: dict[int, int]) -> Passage:
    def follow(card: Card) -> Card:
        return replace(card, following=following.get(card.anchor, 0))

    conflicts = tuple((conflict, tuple(follow(card) for card in within)) for conflict, within in passage.conflicts)
    return replace(passage, cards=tuple(follow(card) for card in passage.cards), conflicts=conflicts)
