"""What became of the proposals of one agency, as its letter tells it. See: docs/analysis/outcomes.md."""

import unicodedata
from collections.abc import Sequence
from dataclasses import asdict, dataclass

#: characters of a wording that are repeated in a letter
LONGEST_WORDING = 300
#: proposals told one by one; more are counted, and stand in the report on decisions
MOST_TOLD = 200
#: in the order in which a letter counts them
DECISIONS = ("accepted", "amended", "bracketed", "rejected", "noted", "open")


@dataclass(frozen=True, slots=True, kw_only=True)
class ProposalOutcome:
    """One proposal or comment, what was decided, and where its passage stands now."""

    #: "text", "table", "note" (notes, headers, boxes), or "whole" for a remark on the draft as a whole
    part: str
    #: printed number of its paragraph in the revision it was made on; "" where there is none
    number: str
    #: "comment", "formatting", "move", "deletion", "new_paragraph", "new_row", "new_table", "row_deletion" or
    #: "replacement"
    kind: str
    #: wording with a word or two around it; "" where there is none
    old: str
    #: the same; of a move the number of the paragraph after which it was to go
    new: str
    #: the comment, or the reason given with the proposal
    comment: str
    #: one of DECISIONS
    decision: str
    #: the wording that was taken instead, where the decision is "amended"
    amended: str
    #: what the secretariat said when deciding
    remark: str
    #: whether the passage still stands in the newer revision; None where that says nothing
    stands: bool | None = None
    #: printed number of its paragraph there; "" where it has none
    now_number: str = ""


def fill_outcomes(outcomes: Sequence[ProposalOutcome], replaced: int) -> dict[str, object]:
    """The placeholders of the letter; `replaced`: how many more gave way to a later mail of the agency."""
    decisions = [one.decision for one in outcomes]
    return {
        "counts": [(decision, decisions.count(decision)) for decision in DECISIONS if decision in decisions],
        "outcomes": [asdict(one) for one in outcomes[:MOST_TOLD]],
        "more": max(0, len(outcomes) - MOST_TOLD),
        "replaced": replaced,
    }


def tidy(text: str) -> str:
    """Words on one line, without control and direction marks, cut in the middle to a length a letter can carry."""
    visible = "".join(
        char if unicodedata.category(char)[0] not in "CZ" else " " for char in text.replace("\ufffc", " ")
    )
    words = " ".join(visible.split())
    half = LONGEST_WORDING // 2
    return words if len(words) <= LONGEST_WORDING else f"{words[:half].rstrip()} … {words[-half:].lstrip()}"
