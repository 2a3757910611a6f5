"""Kinds by words and content, and the laws that no wording may break."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.core.classify import classify
from pipeline.core.context import Context
from pipeline.core.identify import identify
from pipeline.core.model import (
    Action,
    FileKind,
    FileReading,
    MachineKind,
    MachineMail,
    MailKind,
    ParsedMail,
    Place,
    Reply,
    RoundPurpose,
    Unreadable,
    Verdict,
)
from pipeline.core.route import route
from pipeline.core.rules import load_rules
from tests.core.judging import CALL, make_context, make_file, make_mail, make_reply, make_round

RULES = load_rules(Path(__file__).parents[2] / "inbox_rules")
INPUTS = make_context(make_round(1, "WAT"))
SILENCE = make_context(make_round(1, "NRG", RoundPurpose.SILENCE))
FAIL = (("authentication-results", "mx.group.example; dmarc=fail"),)


def judge(
    reply: Reply | str,
    *files: FileReading,
    context: Context = INPUTS,
    mail: ParsedMail | None = None,
    machine: MachineMail | None = None,
) -> tuple[Verdict, Action]:
    mail = mail or make_mail(parent=CALL)
    reply = make_reply(reply) if isinstance(reply, str) else reply
    identity = identify(mail, reply, files, machine, context)
    verdict = classify(mail, reply, machine, identity, files, RULES, context)
    return verdict, route(verdict, identity, mail, files)


@pytest.mark.parametrize(
    ("text", "inputs", "silence"),
    [
        ("Dear all,\nNo comments from our side.\nBest regards\nAnna", "no_comment", "no_comment"),
        ("ALPHA has no comments on the draft. Many thanks for the excellent work!", "no_comment", "no_comment"),
        ("No objection.", "no_comment", "endorsement"),
        ("Agreed.", "no_comment", "endorsement"),
        ("We can live with the text as it stands.", "no_comment", "endorsement"),
        ("ALPHA endorses the statement.", "endorsement", "endorsement"),
        ("Cleared, subject to the deletion of the last line.", "contribution", "contribution"),
        ("We have no objection provided that children are mentioned.", "contribution", "contribution"),
        ("ALPHA breaks silence.", "contribution", "objection"),
        ("ALPHA cannot join consensus on this text.", "contribution", "objection"),
        ("ALPHA will not be contributing to this paper.", "decline", "decline"),
        ("No comments beyond those sent by East.", "acknowledgement", "acknowledgement"),
        ("Well received, thank you.", "acknowledgement", "acknowledgement"),
        ("We will revert next week.", "acknowledgement", "acknowledgement"),
        ("No comments for the moment. We will revert by Friday.", "acknowledgement", "acknowledgement"),
        ("May we have until 25 March?", "extension_request", "extension_request"),
        ("Is the annex part of the text?", "question", "question"),
        ("Please find attached our comments.", "other", "other"),
        ("The password is: Sample-1", "other", "other"),
        ("We support the comments of East on this.", "contribution", "contribution"),
        ("Para 5 should mention children.", "contribution", "contribution"),
        ("We think the report should speak of children.", "contribution", "contribution"),
        ("Our comments: https://alpha.sharepoint.example/:w:/s/x/text.docx", "contribution", "contribution"),
        ("Lorem ipsum dolor sit amet consectetur.", "other", "other"),
        ("", "other", "other"),
        ("Aucune observation de notre part.", "no_comment", "no_comment"),
        ("Nous n'avons pas d'objection.", "no_comment", "endorsement"),
        ("Sin observaciones por nuestra parte.", "no_comment", "no_comment"),
        ("Замечаний нет.", "no_comment", "no_comment"),
        ("لا تعليقات لدينا.", "no_comment", "no_comment"),
        ("我方没有意见。", "no_comment", "no_comment"),
    ],
)
def test_words_decide_where_nothing_else_is_there(text: str, inputs: str, silence: str) -> None:
    assert judge(text)[0].kind.value == inputs
    assert judge(text, context=SILENCE)[0].kind.value == silence


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("We have no comments. However, the part on data is weak.", MailKind.CONTRIBUTION),
        ("No comments. We suggest a shorter title.", MailKind.CONTRIBUTION),
        ("No comments. The part on data seems rather weak.", MailKind.NO_COMMENT),
        ("No comments. When will it be published?", MailKind.NO_COMMENT),
        ("Please disregard my earlier e-mail. No comments.", MailKind.NO_COMMENT),
    ],
)
def test_anything_beside_a_clear_answer_is_shown_to_a_person(text: str, kind: MailKind) -> None:
    verdict, action = judge(text)
    assert verdict.kind is kind
    assert {"mixed_signal", "needs_attention"} <= set(verdict.flags)
    assert action.needs_attention


NO_COMMENTS = "No comments from our side."
CONTENT = {
    "tracked": (make_reply(NO_COMMENTS), (make_file(draft="WAT", tracked=1),)),
    "silent": (make_reply(NO_COMMENTS), (make_file(draft="WAT", silent=2),)),
    "matrix": (make_reply(NO_COMMENTS), (make_file(FileKind.MATRIX),)),
    "typed": (make_reply(NO_COMMENTS + '\nPara 4: replace "x" with "y".'), ()),
    "quote": (make_reply(NO_COMMENTS, edits=(("x", "y"),)), ()),
    "interleaved": (make_reply(NO_COMMENTS, interleaved=True), ()),
    "remark": (make_reply(NO_COMMENTS + "\nPara 4 should be shorter."), ()),
    "link": (make_reply(NO_COMMENTS + "\nhttps://files.alpha.example/text.docx"), ()),
    "unknown file": (make_reply(NO_COMMENTS), (make_file(),)),
}


@pytest.mark.parametrize("name", CONTENT)
@pytest.mark.parametrize("context", [INPUTS, SILENCE], ids=["inputs", "silence"])
def test_content_beats_the_words_no_comments(name: str, context: Context) -> None:
    reply, files = CONTENT[name]
    assert judge(reply, *files, context=context)[0].kind is MailKind.CONTRIBUTION


_answers = st.sampled_from(
    [
        NO_COMMENTS,
        "Agreed.",
        "ALPHA endorses the statement.",
        "No objection.",
        "Sin comentarios.",
        "没有意见。",
        "Thanks!",
        "",
    ]
)
_CLEAR = (MailKind.NO_COMMENT, MailKind.ENDORSEMENT)


@given(_answers, st.sampled_from(list(Unreadable)), st.sampled_from([INPUTS, SILENCE]))
def test_unreadable_file_is_never_a_clear_answer(text: str, reason: Unreadable, context: Context) -> None:
    verdict, action = judge(text, make_file(FileKind.OTHER, unreadable=reason), context=context)
    assert verdict.kind not in _CLEAR
    assert action.needs_attention


@given(_answers, st.text(max_size=30), st.sampled_from([INPUTS, SILENCE]))
def test_edit_is_never_lost_in_a_clear_answer(text: str, wording: str, context: Context) -> None:
    verdict, _ = judge(make_reply(text, edits=((wording or "x", "y"),)), context=context)
    assert verdict.kind not in _CLEAR
    assert verdict.typed_edits


@given(st.text(max_size=200))
def test_clear_answers_carry_no_edits(text: str) -> None:
    verdict, _ = judge(text)
    assert verdict.kind not in _CLEAR or not verdict.typed_edits


@pytest.mark.parametrize("text", ["", "  \n\n ", "\u200b"])
@pytest.mark.parametrize("context", [INPUTS, SILENCE], ids=["inputs", "silence"])
def test_empty_mail_is_no_answer(text: str, context: Context) -> None:
    verdict, action = judge(text.strip("\u200b"), context=context)
    assert (verdict.kind, "empty_message" in verdict.flags, action.acknowledge) == (MailKind.OTHER, True, False)
    assert action.reason.endswith("It is empty.")


@given(_answers, st.sampled_from([CALL, ""]), st.sampled_from(["", "[GRP-WAT] call"]))
def test_stranger_is_never_filed(text: str, parent: str, subject: str) -> None:
    mail = make_mail("x@elsewhere.example", subject, parent=parent)
    _, action = judge(text, make_file(draft="WAT", tracked=3), mail=mail)
    assert (action.place, action.acknowledge) == (Place.HELD, False)


@given(_answers)
def test_failed_authentication_is_never_filed(text: str) -> None:
    verdict, action = judge(text, mail=make_mail(parent=CALL, headers=FAIL))
    assert (action.place, action.acknowledge) == (Place.QUARANTINED, False)
    assert "late" not in verdict.flags


@pytest.mark.parametrize("kind", [FileKind.MACRO, FileKind.EXECUTABLE])
def test_program_is_quarantined_even_from_a_member(kind: FileKind) -> None:
    _, action = judge("Please see attached.", make_file(kind))
    assert (action.place, action.acknowledge, action.needs_attention) == (Place.QUARANTINED, False, True)


@pytest.mark.parametrize("kind", list(MachineKind))
def test_machine_mail_is_ignored_and_gets_no_receipt(kind: MachineKind) -> None:
    verdict, action = judge("No comments.", machine=MachineMail(kind=kind, clues=()))
    assert (action.place, action.acknowledge) == (Place.IGNORED, False)
    assert verdict.kind not in _CLEAR


def test_mail_with_a_lost_part_is_no_answer() -> None:
    verdict, action = judge(NO_COMMENTS, mail=make_mail(parent=CALL, defects=("unreadable: no end",)))
    assert (verdict.kind, action.place) == (MailKind.OTHER, Place.FAILED)


def test_small_defect_stops_nothing() -> None:
    verdict, _ = judge(NO_COMMENTS, mail=make_mail(parent=CALL, defects=("date missing",)))
    assert verdict.kind is MailKind.NO_COMMENT


def test_encrypted_mail_is_no_answer() -> None:
    verdict, _ = judge("", mail=make_mail(parent=CALL, encrypted=True))
    assert verdict.flags == ("unreadable_attachment:encrypted", "needs_attention")


def test_mail_without_return_path_gets_no_receipt() -> None:
    _, action = judge(NO_COMMENTS, mail=make_mail(parent=CALL, return_path=""))
    assert (action.place, action.acknowledge) == (Place.FILED, False)


def test_lead_with_a_whole_text_proposes_a_revision() -> None:
    mail = make_mail("fp@betaland.example", "[GRP-WAT] revised draft")
    verdict, _ = judge("Revised draft attached.", make_file(draft="WAT", silent=3), mail=mail)
    assert (verdict.kind, verdict.flags) == (MailKind.LEAD_REVISION, ("lead_revision:propose_r1",))


@pytest.mark.parametrize("files", [(), (make_file(draft="WAT"),), (make_file(FileKind.PDF),)])
def test_lead_without_a_new_text_is_an_ordinary_writer(files: tuple[FileReading, ...]) -> None:
    verdict, _ = judge("No comments.", *files, mail=make_mail("fp@betaland.example", "[GRP-WAT] call"))
    assert verdict.kind is not MailKind.LEAD_REVISION


def test_two_weak_lines_are_held() -> None:
    _, action = judge(NO_COMMENTS, mail=make_mail("someone@alpha.example", "WAT"))
    assert action.place is Place.HELD


def test_one_weak_line_is_filed_and_shown() -> None:
    verdict, action = judge(NO_COMMENTS, mail=make_mail(subject="WAT"))
    assert (action.place, action.needs_attention) == (Place.FILED, True)
    assert "confirm_match" in verdict.flags


def test_wording_between_quotation_marks_speaks_for_nobody() -> None:
    verdict, _ = judge('Para 4: replace "the group endorses the text" with "no comments were made".')
    assert verdict.kind is MailKind.CONTRIBUTION
    assert "mixed_signal" not in verdict.flags
