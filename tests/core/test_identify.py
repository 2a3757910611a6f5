"""Who wrote and about which draft: each rung alone, rungs that agree, rungs that disagree."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.core.evidence import find_named_messages
from pipeline.core.identify import identify
from pipeline.core.model import (
    Certainty,
    FailedRecipient,
    FileReading,
    Identity,
    MachineKind,
    MachineMail,
    ParsedMail,
    RoundPurpose,
)
from tests.core.judging import CALL, make_context, make_file, make_mail, make_reply, make_round

FAIL = (("authentication-results", "mx.group.example; spf=fail; dkim=none; dmarc=fail header.from=alpha.example"),)


def look(mail: ParsedMail, *files: FileReading, quoted: str = "", text: str = "") -> Identity:
    return identify(mail, make_reply(text, quoted=quoted), files, None, make_context())


@pytest.mark.parametrize(
    ("mail", "files", "draft", "which"),
    [
        (make_mail(parent=CALL), (), "WAT", Certainty.SURE),
        (make_mail(references=("<x@y.example>", CALL)), (), "WAT", Certainty.SURE),
        (make_mail(thread_index="01ce"), (), "WAT", Certainty.SURE),
        (make_mail(subject="TR: RE : [EXTERNAL] [GRP-WAT] call"), (), "WAT", Certainty.SURE),
        (make_mail(subject="答复: [GRP-NRG] call"), (), "NRG", Certainty.SURE),
        (make_mail(subject="Re: WAT"), (), "WAT", Certainty.LIKELY),
        (make_mail(subject="Clean water report"), (), "WAT", Certainty.LIKELY),
        (make_mail(subject="WAT comments"), (make_file(draft="WAT"),), "WAT", Certainty.SURE),
        (make_mail(), (make_file(draft="WAT"),), "WAT", Certainty.LIKELY),
        (make_mail(), (make_file(stamp=("NRG", "r0")),), "NRG", Certainty.LIKELY),
        (make_mail(), (make_file(draft="WAT", share=0.5),), None, Certainty.GUESS),
        (make_mail(), (make_file(draft="WAT", share=0.7, also=(("NRG", "r0", 0.65),)),), None, Certainty.GUESS),
        (make_mail(subject="Water"), (), None, Certainty.GUESS),
        (make_mail(subject="Hello"), (), None, Certainty.GUESS),
    ],
)
def test_rung_alone(mail: ParsedMail, files: tuple[FileReading, ...], draft: str | None, which: Certainty) -> None:
    found = look(mail, *files)
    assert (found.draft, found.which) == (draft, which)


def test_text_with_our_stamp_is_believed_against_the_thread() -> None:
    found = look(make_mail(parent=CALL), make_file(draft="NRG", stamp=("NRG", "r0")))
    assert (found.draft, found.which, found.candidates) == ("NRG", Certainty.LIKELY, ("NRG", "WAT"))
    assert found.round_id == 2


@pytest.mark.parametrize("subject", ["[GRP-NRG] comments", "NRG comments", "Energy statement"])
def test_subject_against_thread_is_left_to_a_person(subject: str) -> None:
    found = look(make_mail(parent=CALL, subject=subject))
    assert (found.draft, found.candidates) == (None, ("WAT", "NRG"))


def test_token_in_the_quoted_text_is_a_weak_line() -> None:
    found = look(make_mail(), quoted="Subject: [GRP-WAT] call")
    assert (found.draft, found.which) == ("WAT", Certainty.LIKELY)


def test_two_tokens_in_the_quoted_text_prove_nothing() -> None:
    assert look(make_mail(), quoted="[GRP-WAT] and [GRP-NRG]").draft is None


def test_only_open_round_is_a_suggestion() -> None:
    found = identify(make_mail(), make_reply("Hello"), (), None, make_context(make_round(1, "WAT")))
    assert (found.draft, found.suggested_draft) == (None, "WAT")


@pytest.mark.parametrize(
    ("sender", "agency", "body", "who"),
    [
        ("fp@alpha.example", "ALPHA", None, Certainty.SURE),
        ("skills@alpha.example", "ALPHA", None, Certainty.SURE),
        ("skills@mail.alpha-hq.example", "ALPHA", None, Certainty.SURE),
        ("fp@east.pair.example", "PAIR", "EAST", Certainty.SURE),
        ("someone@east.pair.example", "PAIR", "EAST", Certainty.LIKELY),
        ("someone@elsewhere.example", None, None, Certainty.GUESS),
        ("fp@alpha.example.attacker.example", None, None, Certainty.GUESS),
        ("fp@notalpha.example", None, None, Certainty.GUESS),
    ],
)
def test_sender_is_found_by_address_or_own_domain(
    sender: str, agency: str | None, body: str | None, who: Certainty
) -> None:
    found = look(make_mail(sender, parent=CALL))
    assert (found.agency, found.body, found.who) == (agency, body, who)


def test_stranger_gets_no_draft_whatever_the_thread() -> None:
    found = look(make_mail("x@elsewhere.example", parent=CALL))
    assert (found.draft, found.suggested_draft) == (None, "WAT")


@pytest.mark.parametrize(
    ("sender", "name"),
    [
        ("a@betaland-secure.example", ""),
        ("a@betaland.attacker.example", ""),
        ("a@betaland.test", ""),
        ("a@betalamd.example", ""),
        ("a@bataland.example", ""),
        ("a@b\u0435taland.example", ""),
        ("a@xn--btaland-7gg.example", ""),
    ],
)
def test_lookalike_is_nobody(sender: str, name: str) -> None:
    found = look(make_mail(sender, name=name, parent=CALL))
    assert (found.agency, found.lookalike_of) == (None, "BETALAND")


PRIVATE = ["BETALAND Organisation", "Water Unit (BETALAND)", "betaland"]


@pytest.mark.parametrize("name", PRIVATE)
def test_a_display_name_never_makes_anybody_a_member(name: str) -> None:
    found = look(make_mail("a@webmail.example", name=name, parent=CALL), make_file(draft="WAT"))
    assert (found.agency, found.draft, found.who) == (None, None, Certainty.GUESS)
    assert found.lookalike_of is None
    assert [clue.points_to for clue in found.clues if clue.source == "shown_name"] == ["BETALAND"]


@pytest.mark.parametrize(
    ("mail", "suggested"),
    [
        (make_mail("a@webmail.example", name="BETALAND Organisation"), "BETALAND"),
        (make_mail("a@webmail.example", name="A Person", parent=CALL), "ALPHA"),
        (make_mail("a@webmail.example", name="BETALAND Organisation", parent=CALL), "BETALAND"),
        (make_mail("a@webmail.example", name="A Person", subject="[GRP-WAT]"), None),
        # -- whoever is known needs no suggestion
        (make_mail(parent=CALL), None),
    ],
)
def test_a_private_box_is_taken_for_the_member_it_names_or_whose_call_it_answers(
    mail: ParsedMail, suggested: str | None
) -> None:
    assert look(mail).suggested_agency == suggested


@pytest.mark.parametrize("name", PRIVATE)
def test_a_display_name_with_failed_authentication_is_a_forgery(name: str) -> None:
    found = look(make_mail("a@webmail.example", name=name, parent=CALL, headers=FAIL))
    assert (found.agency, found.lookalike_of) == (None, "BETALAND")


@pytest.mark.parametrize("sender", ["a@rivers.example", "a@landscape.example", "a@beta.example"])
def test_ordinary_outsider_looks_like_nobody(sender: str) -> None:
    assert look(make_mail(sender)).lookalike_of is None


def test_failed_authentication_takes_the_senders_word_away() -> None:
    found = look(make_mail(parent=CALL, headers=FAIL))
    assert (found.agency, found.who, found.authentication_failed) == ("ALPHA", Certainty.GUESS, True)


def test_writer_behind_a_list_is_found_by_reply_to() -> None:
    found = look(make_mail("list@host.example", name="A via Rivers", reply_to=("fp@alpha.example",), parent=CALL))
    assert (found.agency, found.who) == ("ALPHA", Certainty.LIKELY)


def test_round_of_the_thread_goes_before_the_newest_open_one() -> None:
    first = make_round(1, "WAT", deadline=datetime(2031, 3, 5, tzinfo=UTC))
    second = make_round(3, "WAT", RoundPurpose.SILENCE, opened=datetime(2031, 3, 6, tzinfo=UTC))
    context = make_context(first, second)
    answer = identify(make_mail(parent=CALL), make_reply(), (), None, context)
    fresh = identify(make_mail(subject="[GRP-WAT]"), make_reply(), (), None, context)
    assert (answer.round_id, fresh.round_id) == (1, 3)


def test_delivery_report_is_about_the_failed_address() -> None:
    failed = FailedRecipient(address="fp@betaland.example", permanent=True)
    machine = MachineMail(kind=MachineKind.BOUNCE, clues=(), failed_recipients=(failed,))
    mail = make_mail("mailer-daemon@relay.example", reports=(("message/rfc822", f"Message-ID: {CALL}\n"),))
    found = identify(mail, make_reply(), (), machine, make_context())
    assert (found.agency, found.draft) == ("BETALAND", "WAT")


def test_ids_to_look_up_are_named_nearest_first() -> None:
    mail = make_mail(
        parent="<b@x.example>", references=("<a@x.example>", "<b@x.example>"), reports=(("t", "<c@x.example>"),)
    )
    assert find_named_messages(mail) == ("<b@x.example>", "<a@x.example>", "<c@x.example>")


@given(st.text(max_size=60), st.text(max_size=200), st.text(max_size=200))
def test_no_text_alone_makes_an_unknown_sender_somebody(subject: str, text: str, quoted: str) -> None:
    found = look(make_mail("x@elsewhere.example", subject, name=text[:20]), text=text, quoted=quoted)
    assert (found.agency, found.draft) == (None, None)


@given(st.text(max_size=80))
def test_no_subject_moves_a_thread_to_another_draft(subject: str) -> None:
    assert look(make_mail(parent=CALL, subject=subject)).draft in ("WAT", None)
