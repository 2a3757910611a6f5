"""Decisions on the changes of a ledger, as a person or another program writes them. See: docs/ledger.md."""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from pipeline.errors import UnreadableFileError, UsageError
from pipeline.redline.merge import merge
from pipeline.redline.model import WORDLESS_KINDS, BaseText, Disposition, Proposal
from pipeline.redline.revise import ConflictingDecisions

#: what a person can decide
CHOICES = tuple(one for one in Disposition if one is not Disposition.SUPERSEDED)
_SHAPE = 'A decision looks like {"id": "000001", "disposition": "accepted", "remark": "", "amended": ""}.'


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """What was decided about one change."""

    #: its id in the ledger
    id: str
    disposition: Disposition
    #: why
    remark: str = ""
    #: own wording in place of the changed passage, when AMENDED
    amended: str = ""


def read_decisions(content: bytes) -> tuple[Decision, ...]:
    """The decisions of a JSON list, in its order. Raises: UnreadableFileError, UsageError."""
    try:
        values = json.loads(content)
    # deep nesting ends in a RecursionError
    except (ValueError, RecursionError) as error:
        raise UnreadableFileError("broken", f"The decisions are no JSON list. {_SHAPE}") from error
    if not isinstance(values, list):
        raise UnreadableFileError("other", f"The decisions are no JSON list. {_SHAPE}")
    return tuple(_read_one(number, value) for number, value in enumerate(values, 1))


def _read_one(number: int, value: Any) -> Decision:
    if not isinstance(value, dict) or not all(isinstance(value.get(name), str) for name in ("id", "disposition")):
        raise UsageError(f"Decision {number} has no id or no disposition. {_SHAPE}")
    name = value["disposition"]
    if name not in CHOICES:
        raise UsageError(f"Decision {number}: {name!r} is none of {', '.join(CHOICES)}.")
    remark, amended = value.get("remark") or "", value.get("amended") or ""
    if not isinstance(remark, str) or not isinstance(amended, str):
        raise UsageError(f"Decision {number}: remark and amended are texts. {_SHAPE}")
    if (name == Disposition.AMENDED) != bool(amended):
        raise UsageError(f"Decision {number}: write the wording in amended, and the disposition amended, or neither.")
    return Decision(id=value["id"], disposition=Disposition(name), remark=remark, amended=amended)


def decide(
    base: BaseText, proposals: Mapping[str, Proposal], decisions: Sequence[Decision]
) -> tuple[dict[str, Proposal], dict[str, str]]:
    """The proposals with what was decided about them, and the reasons by key.

    A decision holds for every proposal of the same change. What nobody decided keeps its disposition.

    Raises: UsageError for ids that are not there; ConflictingDecisions for two different ones on the same change.
    """
    unknown = [one.id for one in decisions if one.id not in proposals]
    if unknown:
        more = f" and {len(unknown) - 5} more" if len(unknown) > 5 else ""
        raise UsageError(f"The ledger has no change {', '.join(unknown[:5])}{more}: were the decisions made on it?")
    for one in decisions:
        if one.disposition is Disposition.BRACKETED and proposals[one.id].change.kind in WORDLESS_KINDS:
            raise UsageError(f"Decision on {one.id}: a {proposals[one.id].change.kind} has no wording to bracket.")
    same = {key: folded.keys for folded in merge(base, tuple(proposals.values())).folded for key in folded.keys}
    decided: dict[str, Decision] = {}
    for one in decisions:
        for key in same.get(one.id, (one.id,)):
            _expect_agreement(decided.get(key), one)
            decided.setdefault(key, one)
    return dict(_apply(proposals.values(), decided)), {key: one.remark for key, one in decided.items() if one.remark}


def _expect_agreement(earlier: Decision | None, later: Decision) -> None:
    if earlier is None or (earlier.disposition, earlier.amended) == (later.disposition, later.amended):
        return
    which = earlier.id if earlier.id == later.id else f"{earlier.id} and {later.id}, which are the same change,"
    raise ConflictingDecisions(
        f"The decisions on {which} differ ({earlier.disposition}, {later.disposition}): keep one of them."
    )


def _apply(proposals: Iterable[Proposal], decided: Mapping[str, Decision]) -> Iterable[tuple[str, Proposal]]:
    for proposal in proposals:
        decision = decided.get(proposal.key)
        if decision is None:
            yield proposal.key, proposal
        else:
            yield proposal.key, replace(proposal, disposition=decision.disposition, amended=decision.amended)
