"""Every message of the sample round, recognised from stand-ins: who, which draft, what it is for, where it ends."""

from pathlib import Path
from typing import Any

import pytest

from pipeline.core.classify import classify
from pipeline.core.identify import identify
from pipeline.core.model import Action, Identity, Place, Verdict
from pipeline.core.route import route
from pipeline.core.rules import load_rules
from tests.core.sample_round import MESSAGES, get_message, make_context, make_files, make_later, make_machine, make_mail
from tests.core.sample_round import make_reply as make_reply_of

RULES = load_rules(Path(__file__).parents[2] / "inbox_rules")
#: facts that only the store knows: which earlier message is meant
STORE_FLAGS = ("supersedes:", "confirms:", "additional_to:", "recall_requested:", "anchor_lost:", "duplicate_of:")
#: seen before with the same Message-ID: ends before recognition
REPEATED = ("M65",)


def recognise(message: dict[str, Any]) -> tuple[Identity, Verdict, Action]:
    context, mail, reply = make_context(message), make_mail(message), make_reply_of(message)
    files, machine = make_files(message), make_machine(message)
    identity = identify(mail, reply, files, machine, context)
    verdict = classify(mail, reply, machine, identity, files, RULES, context)
    return identity, verdict, route(verdict, identity, mail, files)


@pytest.mark.parametrize("message", [m for m in MESSAGES if m["id"] not in REPEATED], ids=lambda m: str(m["id"]))
def test_sample_message_is_recognised(message: dict[str, Any]) -> None:
    identity, verdict, action = recognise(message)
    expected = message["expect"]
    place = {"unmatched": "held"}.get(expected["message_state"], expected["message_state"])
    assert (verdict.kind.value, action.place.value) == (expected["kind"], place)
    assert (identity.draft, identity.agency) == (expected.get("draft"), expected.get("agency"))
    assert identity.body == expected.get("body")
    known = {flag for flag in expected.get("flags", ()) if not flag.startswith(STORE_FLAGS)}
    assert set(verdict.flags) == known


@pytest.mark.parametrize("name", ["M11", "M25", "M63"])
def test_words_that_replace_are_told(name: str) -> None:
    assert recognise(get_message(name))[1].supersedes


@pytest.mark.parametrize("name", ["M09", "M13", "M26", "M43", "M45", "M67"])
def test_mail_that_adds_replaces_nothing(name: str) -> None:
    assert not recognise(get_message(name))[1].supersedes


def test_outsider_gets_a_suggestion_only() -> None:
    identity, _, action = recognise(get_message("M23"))
    assert (identity.suggested_draft, action.acknowledge) == ("YTH", False)


def test_wrong_thread_shows_both_drafts() -> None:
    assert recognise(get_message("M36"))[0].candidates == ("JST", "YTH")


def test_wrapped_link_is_shown_unwrapped() -> None:
    links = [clue.points_to for clue in recognise(get_message("M41"))[1].clues if clue.source == "link"]
    assert links == ["https://worldbank.sharepoint.example/docs/JST_WB.docx"]


def test_password_is_in_no_clue() -> None:
    identity, verdict, action = recognise(get_message("M28"))
    assert "Sample-Only-42" not in repr((identity, verdict, action))


def test_endorsement_knows_its_level_and_revision() -> None:
    principal, working = recognise(get_message("M69"))[1], recognise(get_message("M70"))[1]
    assert (principal.endorsed_revision, principal.principal_level) == ("r1", True)
    assert (working.endorsed_revision, working.principal_level) == ("r1", False)


def test_late_objection_does_not_break_silence() -> None:
    _, verdict, _ = recognise(make_later(get_message("M71"), days=7))
    assert "silence_broken" not in verdict.flags
    assert {"late", "needs_attention"} <= set(verdict.flags)


def test_receipts_go_to_filed_answers_only() -> None:
    kinds = {"contribution", "no_comment", "endorsement", "objection", "decline", "extension_request", "lead_revision"}
    for message in MESSAGES:
        _, verdict, action = recognise(message)
        assert action.acknowledge == (action.place is Place.FILED and verdict.kind.value in kinds)
