"""Who stands where, against the sample round and by law."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.core import tracking
from pipeline.core.model import (
    Deadline,
    Decision,
    Filing,
    MailKind,
    Place,
    Response,
    ResponseState,
    RoundEnd,
    RoundPurpose,
)
from tests.core import gmg

STATES: dict[str, Any] = gmg.read_yaml("expected_states.yaml")
MOMENTS: list[dict[str, Any]] = gmg.read_yaml("expected_reminders.yaml")
START = datetime(2012, 11, 1, 12, tzinfo=UTC)


def board(name: str, now: datetime, extra: tuple[Filing, ...] = ()) -> dict[str, Response]:
    """The responses of one round of the scenario, by agency."""
    round = gmg.get_rounds()[name]
    draft = gmg.get_drafts()[round.draft]
    filings = (*gmg.get_filings(), *extra)
    answers = tracking.responses(round, draft, gmg.get_roster(), filings, gmg.get_decisions(), now)
    return {answer.agency: answer for answer in answers}


def at_end(name: str) -> dict[str, Response]:
    """The responses when everything of the scenario has been filed."""
    return board(name, datetime(2012, 12, 13, tzinfo=UTC))


def first_copy(ref: str) -> int:
    """The id credited for `ref`: a duplicate is the message it repeats."""
    message = next(message for message in gmg.read_yaml("messages.yaml") if message["id"] == ref)
    flags = message["expect"].get("flags", ())
    copied = [flag.partition(":")[2] for flag in flags if flag.startswith("duplicate_of:")]
    return gmg.number(copied[0] if copied else ref)


@pytest.mark.parametrize("name", STATES)
def test_every_member_stands_where_the_scenario_says(name: str) -> None:
    expected = {
        code: (told["state"], first_copy(told["by"]) if told["by"] else None)
        for code, told in STATES[name]["states"].items()
    }
    assert {code: (str(answer.state), answer.by) for code, answer in at_end(name).items()} == expected


@pytest.mark.parametrize("name", STATES)
def test_bodies_are_listed_with_their_kind_of_answer(name: str) -> None:
    assert {code: str(kind) for code, kind in at_end(name)["RC"].bodies} == STATES[name]["bodies"]


@pytest.mark.parametrize(
    "moment", MOMENTS, ids=lambda moment: f"{moment['draft']} {moment['revision']} {moment['moment']}"
)
def test_nobody_is_chased_wrongly_at_any_moment(moment: dict[str, Any]) -> None:
    name, now = f"{moment['draft']} {moment['revision']}", datetime.fromisoformat(moment["at"])
    answers = board(name, now)
    outstanding = {code for code, answer in answers.items() if answer.outstanding}
    owed = moment.get("remind", moment.get("silent", moment.get("overdue", [])))
    assert outstanding == set(owed)
    assert {code for code, answer in answers.items() if answer.overdue} == set(moment.get("overdue", []))
    why = {code: answer.do_not_chase for code, answer in answers.items() if answer.do_not_chase}
    assert why == {told["agency"]: in_words(told["why"]) for told in moment["do_not_chase"]}
    assert [code for code, answer in answers.items() if tracking.is_done(answer)] == moment["done"]


def in_words(why: str) -> str:
    """The reason of an expectation as the board says it."""
    reason, _, ref = why.rpartition(" ")
    return f"{reason.replace('_', ' ')}: message {gmg.number(ref)}"


@pytest.mark.parametrize(
    "moment",
    [moment for moment in MOMENTS if "regional_bodies_heard" in moment],
    ids=lambda moment: f"{moment['draft']} {moment['revision']} {moment['moment']}",
)
def test_only_answers_make_a_body_heard(moment: dict[str, Any]) -> None:
    answers = board(f"{moment['draft']} {moment['revision']}", datetime.fromisoformat(moment["at"]))
    assert list(tracking.heard_bodies(answers["RC"])) == moment["regional_bodies_heard"]


def test_silence_counts_only_from_the_closing_instant_on() -> None:
    round = gmg.get_rounds()["JST r1"]
    closing, told = round.deadline.at, MOMENTS[-1]
    assert list(tracking.find_silent(round, board("JST r1", closing).values(), closing)) == told["silent"]
    before = closing - timedelta(seconds=1)
    assert tracking.find_silent(round, board("JST r1", before).values(), before) == ()


@pytest.mark.parametrize("end", [RoundEnd.NO_OBJECTION, RoundEnd.SILENCE_BROKEN])
def test_silence_goes_on_counting_when_the_round_was_closed_without_objection(end: RoundEnd) -> None:
    at = gmg.get_rounds()["JST r1"].deadline.at
    round = replace(gmg.get_rounds()["JST r1"], closed_at=at, end=end)
    answers = tracking.responses(round, gmg.get_drafts()["JST"], gmg.get_roster(), (), (), at)
    assert len(tracking.find_silent(round, answers, at)) == (15 if end is RoundEnd.NO_OBJECTION else 0)


def test_silence_is_never_overdue() -> None:
    assert not any(answer.overdue for answer in at_end("JST r1").values())


# --- rows: one agency, a few mails, one state -----------------------------------------------------------------------

UNREAD = ("unreadable_attachment:doc",)
LINK = ("link_only",)


def mail(kind: str, *, after: int = 0, open: bool = False, **fields: Any) -> Filing:
    """A filed message of WHO `after` hours into the round of the sample statement."""
    number = fields.pop("message_id", 1000 + after)
    base = Filing(
        message_id=number,
        agency="WHO",
        body=None,
        round_id=9,
        kind=MailKind(kind),
        place=Place.FILED,
        received_at=START + timedelta(hours=after),
        attention_open=open,
    )
    return replace(base, **fields)


def read(
    *filings: Filing,
    purpose: str = "inputs",
    decisions: tuple[Decision, ...] = (),
    hours: int = 100,
    agency: str = "WHO",
) -> Response:
    """Where WHO stands after `filings` in a round of its own."""
    round = replace(
        gmg.get_rounds()["JST r0"],
        id=9,
        opened_at=START,
        purpose=RoundPurpose(purpose),
        deadline=Deadline(at=START + timedelta(hours=500), zone="Europe/Vienna"),
    )
    now = START + timedelta(hours=hours)
    answers = tracking.responses(round, gmg.get_drafts()["JST"], gmg.get_roster(), filings, decisions, now)
    return next(answer for answer in answers if answer.agency == agency)


def decision(kind: str, after: int, **fields: Any) -> Decision:
    """A decision on WHO."""
    return Decision(agency="WHO", round_id=9, kind=kind, at=START + timedelta(hours=after), by="officer", **fields)


@pytest.mark.parametrize(
    ("mails", "state"),
    [
        ([], "awaiting"),
        ([mail("acknowledgement")], "acknowledged"),
        ([mail("question")], "acknowledged"),
        ([mail("no_comment")], "no_comment"),
        ([mail("contribution", proposals=2)], "contributed"),
        ([mail("decline")], "declined"),
        ([mail("other", open=True)], "awaiting"),
        ([mail("lead_revision")], "awaiting"),
        # -- a file nobody could read -------------------------------------------------------------------------
        ([mail("contribution", flags=UNREAD, open=True)], "acknowledged"),
        ([mail("contribution", flags=LINK)], "acknowledged"),
        ([mail("contribution", flags=UNREAD, proposals=1)], "contributed"),
        ([mail("no_comment", flags=UNREAD)], "acknowledged"),
        ([mail("no_comment", open=True)], "acknowledged"),
        ([mail("contribution", flags=UNREAD, open=True), mail("no_comment", after=1)], "acknowledged"),
        ([mail("contribution", flags=UNREAD), mail("no_comment", after=1)], "no_comment"),
        ([mail("no_comment"), mail("contribution", after=1, flags=UNREAD, open=True)], "acknowledged"),
        ([mail("endorsement"), mail("contribution", after=1, flags=UNREAD)], "acknowledged"),
        # -- a later answer -----------------------------------------------------------------------------------
        ([mail("no_comment"), mail("contribution", after=1, proposals=1)], "contributed"),
        ([mail("contribution", proposals=1), mail("no_comment", after=1)], "contributed"),
        ([mail("contribution", proposals=1), mail("acknowledgement", after=1)], "contributed"),
        ([mail("decline"), mail("contribution", after=1, proposals=1)], "contributed"),
        # -- endorsement of one revision ----------------------------------------------------------------------
        ([mail("endorsement", flags=("endorsed_revision:r0",))], "endorsed"),
        ([mail("endorsement", flags=("endorsed_revision:r7",))], "acknowledged"),
        ([mail("endorsement", flags=("conditional_endorsement",))], "acknowledged"),
        ([mail("endorsement", open=True)], "acknowledged"),
    ],
)
def test_state_after_mails(mails: list[Filing], state: str) -> None:
    assert read(*mails).state == state


@pytest.mark.parametrize(
    ("mails", "state"),
    [
        ([mail("objection")], "objected"),
        ([mail("objection"), mail("endorsement", after=1)], "objected"),
        ([mail("objection"), mail("contribution", after=1, proposals=1)], "objected"),
        ([mail("contribution", proposals=1), mail("endorsement", after=1)], "endorsed"),
        ([mail("endorsement"), mail("contribution", after=1, proposals=1)], "contributed"),
        ([mail("endorsement"), mail("objection", after=1)], "objected"),
    ],
)
def test_state_after_mails_when_endorsement_is_asked(mails: list[Filing], state: str) -> None:
    assert read(*mails, purpose="endorsement").state == state


def test_objection_to_a_text_out_for_inputs_is_a_contribution() -> None:
    assert read(mail("objection", proposals=1)).state is ResponseState.CONTRIBUTED


BODIES = ("ECA", "ECE", "ECLAC", "ESCAP", "ESCWA")


def others(*last: Filing) -> list[Filing]:
    """No comments from all commissions but ECA, then `last`."""
    return [*(body(code, after=position) for position, code in enumerate(BODIES[1:])), *last]


def body(code: str | None, kind: str = "no_comment", after: int = 0, **fields: Any) -> Filing:
    """A filed message of a regional commission, or of their common box."""
    return mail(kind, after=after, agency="RC", body=code, **fields)


@pytest.mark.parametrize(
    ("mails", "state"),
    [
        ([body("ECA")], "partial"),
        ([body(None, "contribution", proposals=1)], "partial"),
        ([body("ESCAP", "contribution", proposals=1)], "partial"),
        ([body("ESCAP", "contribution", proposals=1, flags=("consolidated",))], "contributed"),
        ([body("ECA", "contribution", proposals=1, flags=("consolidated",))], "partial"),
        ([body("ESCAP", flags=("consolidated",))], "no_comment"),
        # -- "nothing beyond what ECA sent" -------------------------------------------------------------------
        ([body("ECA", "contribution", proposals=1), body("ESCAP", after=1, flags=("consolidated",))], "contributed"),
        (others(body("ECA", after=9)), "no_comment"),
        (others(body("ECA", "decline", 9)), "no_comment"),
        (others(body("ECA", "contribution", 9, proposals=1)), "contributed"),
        (others(body("ECA", "question", 9)), "partial"),
        (others(body("ECA", "contribution", 9, flags=UNREAD)), "partial"),
    ],
)
def test_a_member_with_bodies_is_closed_by_its_coordinator_or_by_all(mails: list[Filing], state: str) -> None:
    assert read(*mails, agency="RC").state == state


def test_extension_moves_the_deadline_of_one_agency_and_ends_in_overdue() -> None:
    until = Deadline(at=START + timedelta(hours=700), zone="Europe/Vienna")
    granted = decision("grant_extension", 3, until=until)
    asked = mail("extension_request", after=1)
    assert read(asked, hours=2).do_not_chase == f"extension pending: message {asked.message_id}"
    assert not read(asked, hours=600).overdue
    for hours, state, overdue in ((600, "extension_granted", False), (700, "overdue", True)):
        response = read(asked, decisions=(granted,), hours=hours)
        assert (response.state, response.overdue, response.deadline) == (state, overdue, until)
    assert not read(asked, mail("no_comment", after=699), decisions=(granted,), hours=900).late


def test_refusal_brings_the_old_deadline_back() -> None:
    response = read(mail("extension_request", after=1), decisions=(decision("refuse_extension", 2),), hours=500)
    assert (response.state, response.outstanding) == (ResponseState.OVERDUE, True)


def test_more_time_for_one_body_leaves_the_member_where_it_is() -> None:
    until = Deadline(at=START + timedelta(hours=700), zone="Europe/Vienna")
    granted = replace(decision("grant_extension", 3, until=until), agency="ECA")
    asked = body("ECA", "extension_request", 1)
    assert not read(asked, agency="RC").outstanding
    response = read(asked, decisions=(granted,), agency="RC")
    assert (response.state, response.outstanding) == (ResponseState.ACKNOWLEDGED, True)
    assert response.deadline.at == START + timedelta(hours=500)


def test_a_new_request_after_a_grant_waits_again() -> None:
    until = Deadline(at=START + timedelta(hours=600), zone="Europe/Vienna")
    mails = (mail("extension_request", after=1), mail("extension_request", after=300))
    response = read(*mails, decisions=(decision("grant_extension", 3, until=until),), hours=650)
    assert (response.overdue, response.outstanding) == (False, False)


def test_a_person_sets_any_state_and_later_mail_goes_on_from_there() -> None:
    by_hand = decision("set_state", 2, state=ResponseState.NO_COMMENT, reason="by telephone")
    assert read(mail("contribution", flags=UNREAD), decisions=(by_hand,)).state is ResponseState.NO_COMMENT
    later = mail("contribution", after=3, proposals=1)
    assert read(later, decisions=(by_hand,)).state is ResponseState.CONTRIBUTED


def test_member_is_bounced_only_when_no_address_works() -> None:
    roster = gmg.get_roster()
    who = roster.get_agency("WHO")
    for dead, state in ((1, ResponseState.AWAITING), (len(who.contacts), ResponseState.BOUNCED)):
        contacts = tuple(replace(c, bounced_at=START) if i < dead else c for i, c in enumerate(who.contacts))
        agencies = tuple(replace(a, contacts=contacts) if a.code == "WHO" else a for a in roster.agencies)
        round = gmg.get_rounds()["JST r0"]
        found = tracking.responses(
            round, gmg.get_drafts()["JST"], replace(roster, agencies=agencies), (), (), START + timedelta(hours=1)
        )
        assert next(answer for answer in found if answer.agency == "WHO").state is state


def test_late_is_told_by_receipt_and_only_after_the_instant() -> None:
    for hours, late in ((500, False), (501, True)):
        assert read(mail("contribution", after=hours, proposals=1), hours=900).late is late


@pytest.mark.parametrize("place", [Place.HELD, Place.QUARANTINED, Place.FAILED])
def test_mail_of_no_known_round_stops_the_chasing_until_a_person_has_looked(place: Place) -> None:
    astray = mail("other", after=3, round_id=None, place=place, open=True)
    answer = read(astray)
    assert (answer.state, answer.outstanding, answer.overdue) == (ResponseState.AWAITING, False, False)
    assert answer.do_not_chase == f"needs attention: message {astray.message_id}"


def test_mail_of_no_known_round_from_before_the_call_stops_nothing() -> None:
    assert read(mail("other", after=-3, round_id=None, place=Place.HELD, open=True)).do_not_chase == ""


def test_mail_of_no_known_round_brings_nobody_into_a_round() -> None:
    round = gmg.get_rounds()["YTH r0"]
    some = tuple(addressee for addressee in round.addressees if addressee.agency == "ILO")
    stray = mail("other", round_id=None, place=Place.HELD, open=True, received_at=round.opened_at)
    answers = tracking.responses(
        replace(round, addressees=some), gmg.get_drafts()["YTH"], gmg.get_roster(), (stray,), (), round.opened_at
    )
    assert [answer.agency for answer in answers] == ["ILO", "UNICEF"]


def test_a_closed_round_chases_nobody() -> None:
    round = replace(gmg.get_rounds()["YTH r0"], closed_at=START)
    answers = tracking.responses(round, gmg.get_drafts()["YTH"], gmg.get_roster(), (), (), START)
    assert not any(answer.outstanding for answer in answers)


def test_a_round_for_some_concerns_only_them_and_the_leads() -> None:
    round = gmg.get_rounds()["YTH r0"]
    some = tuple(addressee for addressee in round.addressees if addressee.agency in {"ILO", "ECA"})
    answers = tracking.responses(
        replace(round, addressees=some), gmg.get_drafts()["YTH"], gmg.get_roster(), (), (), round.opened_at
    )
    assert [answer.agency for answer in answers] == ["ILO", "UNICEF", "RC"]


# --- laws ----------------------------------------------------------------------------------------------------------

FLAGS = st.sets(
    st.sampled_from(("unreadable_attachment:doc", "link_only", "mixed_signal", "consolidated", "endorsed_revision:r0"))
).map(lambda flags: tuple(sorted(flags)))


@st.composite
def mails(draw: st.DrawFn, agency: str = "WHO") -> tuple[Filing, ...]:
    """Up to eight messages of one agency in any order, of any kind, in any place."""
    bodies = st.sampled_from((None, *BODIES)) if agency == "RC" else st.none()
    found = []
    for position in range(draw(st.integers(0, 8))):
        kind = draw(st.sampled_from(MailKind))
        found.append(
            mail(
                kind,
                after=draw(st.integers(0, 600)),
                message_id=position + 1,
                agency=agency,
                body=draw(bodies),
                place=draw(st.sampled_from([Place.FILED] * 5 + [Place.HELD, Place.FAILED, Place.QUARANTINED])),
                open=draw(st.booleans()),
                flags=draw(FLAGS),
                proposals=draw(st.integers(0, 2)),
            )
        )
    return tuple(found)


AGENCIES = st.sampled_from(("WHO", "RC"))
PURPOSES = st.sampled_from(("inputs", "silence", "endorsement"))


@given(st.data(), AGENCIES, PURPOSES)
def test_an_unreadable_answer_never_becomes_no_comment(data: st.DataObject, agency: str, purpose: str) -> None:
    unread = mail(
        "contribution", after=data.draw(st.integers(0, 600)), message_id=99, agency=agency, open=True, flags=UNREAD
    )
    answer = read(*data.draw(mails(agency)), unread, purpose=purpose, hours=601, agency=agency)
    assert answer.state is not ResponseState.NO_COMMENT


@given(st.data(), AGENCIES, PURPOSES, st.integers(0, 700))
def test_an_agency_whose_mail_waits_for_a_person_is_never_chased(
    data: st.DataObject, agency: str, purpose: str, hours: int
) -> None:
    log = data.draw(mails(agency))
    answer = read(*log, purpose=purpose, hours=hours, agency=agency)
    waiting = [m for m in log if m.received_at <= START + timedelta(hours=hours) and m.attention_open]
    assert not (waiting and (answer.outstanding or answer.overdue))


@given(st.data(), AGENCIES, PURPOSES, st.sampled_from((Place.QUARANTINED, Place.FAILED, Place.IGNORED, Place.HELD)))
def test_mail_that_was_not_filed_changes_no_state(data: st.DataObject, agency: str, purpose: str, place: Place) -> None:
    log = data.draw(mails(agency))
    other = replace(mail(data.draw(st.sampled_from(MailKind)), after=50, agency=agency, proposals=1), place=place)
    before, after = (read(*told, purpose=purpose, hours=400, agency=agency) for told in (log, (*log, other)))
    assert (before.state, before.by, before.bodies) == (after.state, after.by, after.bodies)


@given(st.data(), AGENCIES, PURPOSES)
def test_mail_of_one_agency_never_moves_another(data: st.DataObject, agency: str, purpose: str) -> None:
    log = data.draw(mails(agency))
    untouched = read(purpose=purpose, hours=601, agency="ILO")
    assert read(*log, purpose=purpose, hours=601, agency="ILO") == untouched


@given(mails("RC"), st.randoms(use_true_random=False))
def test_the_board_does_not_depend_on_the_order_of_the_list(log: tuple[Filing, ...], random: Any) -> None:
    shuffled = list(log)
    random.shuffle(shuffled)
    assert read(*shuffled, agency="RC", hours=601) == read(*log, agency="RC", hours=601)


@given(mails("WHO"), st.integers(0, 600))
def test_what_came_later_does_not_change_the_past(log: tuple[Filing, ...], hours: int) -> None:
    known = [m for m in log if m.received_at <= START + timedelta(hours=hours)]
    assert read(*log, hours=hours) == read(*known, hours=hours)


@given(mails("WHO"), PURPOSES)
def test_endorsed_always_rests_on_an_endorsement_of_this_revision(log: tuple[Filing, ...], purpose: str) -> None:
    answer = read(*log, purpose=purpose, hours=601)
    if answer.state is ResponseState.ENDORSED:
        rests_on = next(m for m in log if m.message_id == answer.by)
        assert rests_on.kind is MailKind.ENDORSEMENT
        assert not rests_on.attention_open
