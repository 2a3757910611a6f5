"""How far a draft has come follows from its rounds and from what was done with it."""

from dataclasses import replace
from datetime import timedelta

import pytest

from pipeline.core.draft_states import describe_text, find_draft_state, may_publish
from pipeline.core.model import DraftState, DraftStep, Round, RoundEnd, RoundPurpose, Rule, StepKind
from tests.core import gmg

ROUND = gmg.get_rounds()["JST r1"]
AT = ROUND.deadline.at


def make_round(told: str, number: int) -> Round:
    """A round from "silence" (open) or "silence: silence_broken" (closed); a later one is closed later."""
    purpose, _, end = told.partition(": ")
    closed = AT + timedelta(days=number) if end else None
    return replace(
        ROUND, id=number, purpose=RoundPurpose(purpose), closed_at=closed, end=RoundEnd(end) if end else None
    )


def make_step(kind: str) -> DraftStep:
    """What a person did with the draft."""
    return DraftStep(draft="JST", kind=StepKind(kind), revision="", at=AT, by="officer")


@pytest.mark.parametrize(
    ("rounds", "steps", "state"),
    [
        ([], [], "planned"),
        (["inputs"], [], "out_for_inputs"),
        (["inputs: closed"], [], "consolidating"),
        (["inputs: closed", "silence"], [], "under_silence"),
        (["inputs", "silence"], [], "under_silence"),
        (["silence", "inputs: closed"], [], "under_silence"),
        (["inputs: closed", "silence: silence_broken"], [], "silence_broken"),
        (["silence: silence_broken", "silence"], [], "under_silence"),
        (["silence: silence_broken", "silence: no_objection"], [], "no_objection"),
        (["endorsement"], [], "awaiting_endorsement"),
        (["endorsement: endorsed"], [], "endorsed"),
        (["endorsement: not_endorsed"], [], "consolidating"),
        (["endorsement: endorsed"], ["published"], "published"),
        (["inputs: withdrawn"], ["withdrawn"], "withdrawn"),
        (["inputs: withdrawn"], ["withdrawn", "reopened"], "consolidating"),
        ([], ["withdrawn", "reopened"], "planned"),
    ],
)
def test_a_draft_is_as_far_as_its_rounds(rounds: list[str], steps: list[str], state: str) -> None:
    made = [make_round(told, number) for number, told in enumerate(rounds, 1)]
    assert find_draft_state(made, [make_step(kind) for kind in steps]) is DraftState(state)


def test_silence_is_broken_as_long_as_somebody_objects() -> None:
    rounds = [make_round("silence", 1)]
    assert find_draft_state(rounds, [], {1}) is DraftState.SILENCE_BROKEN
    assert find_draft_state(rounds, [], {2}) is DraftState.UNDER_SILENCE


@pytest.mark.parametrize(
    ("rule", "states"),
    [
        (Rule.INPUTS, {"consolidating", "no_objection", "endorsed"}),
        (Rule.SILENCE, {"no_objection", "endorsed"}),
        (Rule.ENDORSEMENT, {"endorsed"}),
    ],
)
def test_a_draft_is_published_when_its_own_rule_is_met(rule: Rule, states: set[str]) -> None:
    draft = replace(gmg.get_drafts()["JST"], rule=rule)
    assert {state.value for state in DraftState if may_publish(draft, state)} == states


@pytest.mark.parametrize(
    ("rounds", "words"),
    [
        ([], "not endorsed"),
        (["silence"], "not endorsed"),
        (["inputs: closed"], "not endorsed"),
        (["endorsement: endorsed"], "endorsed by all members on 13 December 2012"),
        (["silence: no_objection"], "not objected to by any member, closed on 13 December 2012"),
        (["endorsement: endorsed", "inputs: closed"], "endorsed by all members on 13 December 2012"),
        (["silence: no_objection", "silence: silence_broken"], "not endorsed"),
    ],
)
def test_a_file_says_what_its_text_has_come_to(rounds: list[str], words: str) -> None:
    made = [make_round(told, number) for number, told in enumerate(rounds, 1)]
    assert describe_text(made, "r1") == words
    assert describe_text(made, "r0") == "not endorsed"
