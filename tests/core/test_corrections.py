"""A plain reply that names another draft: found as that, never taken for an answer."""

from dataclasses import replace

import pytest

from pipeline.core.classify import classify
from pipeline.core.identify import identify
from pipeline.core.model import MailKind, Place, RoundPurpose, Verdict
from pipeline.core.route import route
from tests.core.judging import CALL, make_context, make_file, make_mail, make_reply, make_round
from tests.core.test_rules import RULES

RECEIPT = "<receipt-abc@group.example>"
CONTEXT = make_context(make_round(1, "WAT"), make_round(2, "NRG", RoundPurpose.INPUTS))
CONTEXT = replace(
    CONTEXT, outgoing={**CONTEXT.outgoing, RECEIPT: (1, "WAT", "r0", "ALPHA")}, receipts={RECEIPT: (5, 6)}
)


def judge(text: str, *, parent: str = RECEIPT, tracked: int = 0) -> tuple[Verdict, Place]:
    """What ALPHA's reply in the thread of WAT is, and where it goes."""
    mail, reply = make_mail(parent=parent), make_reply(text)
    files = (make_file(draft="WAT", tracked=tracked),) if tracked else ()
    identity = identify(mail, reply, files, None, CONTEXT)
    verdict = classify(mail, reply, None, identity, files, RULES, CONTEXT)
    return verdict, route(verdict, identity, mail, files).place


@pytest.mark.parametrize(
    "text",
    [
        "This was for the energy statement.",
        "Sorry, our comments were meant for the statement on energy.",
        "Please count it under NRG.",
        "It should have gone to GRP-NRG.",
        "Apologies, wrong thread. The file is on energy.",
        "This was not for WAT but for NRG.",
        "These are for NRG, not for WAT.",
        "There is no doubt that this was for NRG.",
        "C'était pour la déclaration NRG.",
        "C'était pour NRG, pas pour WAT.",
        "Esto no era para WAT sino para NRG.",
        "Nos commentaires concernaient NRG.",
        "Esto era para NRG.",
        "Наши замечания относятся к NRG.",
        "这是关于NRG 的。",
    ],
)
def test_a_reply_that_names_another_draft_suggests_it_to_a_person(text: str) -> None:
    verdict, place = judge(text)
    assert (verdict.kind, verdict.meant_draft, verdict.answered) == (MailKind.OTHER, "NRG", (5, 6))
    assert {"corrects:NRG", "needs_attention"} <= set(verdict.flags)
    assert place is (Place.HELD if "GRP-" in text else Place.FILED)


@pytest.mark.parametrize(
    "text",
    [
        "This was for the report on clean water.",
        "Was this for the energy statement?",
        "Thank you for the receipt.",
        "It belongs to the annex.",
        "We have no comments.",
        "We have no comments on the energy statement.",
    ],
)
def test_a_reply_that_names_no_other_draft_as_meant_suggests_nothing(text: str) -> None:
    verdict, _ = judge(text)
    assert verdict.meant_draft is None
    assert not any(flag.startswith("corrects") for flag in verdict.flags)


def test_a_correction_beside_a_clear_answer_is_no_clear_answer() -> None:
    verdict, _ = judge("No comments. This was for the energy statement.")
    assert (verdict.kind, verdict.meant_draft) == (MailKind.OTHER, "NRG")
    assert "mixed_signal" in verdict.flags


def test_changes_beat_the_words_of_a_correction() -> None:
    verdict, _ = judge("This was for the energy statement.", tracked=3)
    assert (verdict.kind, verdict.meant_draft) == (MailKind.CONTRIBUTION, None)


def test_a_correction_that_answers_no_receipt_names_no_message() -> None:
    verdict, _ = judge("This was for the energy statement.", parent=CALL)
    assert (verdict.meant_draft, verdict.answered) == ("NRG", ())


@pytest.mark.parametrize("text", ["We have no comments.", "No comments on our part, thank you.", "Aucun commentaire."])
def test_a_sentence_that_corrects_explains_nothing_else_away(text: str) -> None:
    plain, _ = judge(f"{text} This refers to the annex of last year.", parent=CALL)
    bare, _ = judge(text, parent=CALL)
    assert "needs_attention" in plain.flags
    assert "needs_attention" not in bare.flags
