"""How a round ends: nobody's silence counts while an objection may still lie unread."""

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.core import tracking
from pipeline.core.closing import Closing, Scene, find_closing
from pipeline.core.model import Decision, Filing, MailKind, Place, ResponseState, RoundEnd, RoundPurpose
from tests.core import gmg

ROUND = gmg.get_rounds()["JST r1"]
CLOSES = ROUND.deadline.at
SECOND = timedelta(seconds=1)
LATER = CLOSES + timedelta(hours=2)


def mail(kind: str, agency: str = "IOM", at: datetime = CLOSES - SECOND, **fields: Any) -> Filing:
    """A filed message of this round."""
    base = Filing(
        message_id=900, agency=agency, body=None, round_id=ROUND.id, kind=MailKind(kind), place=Place.FILED,
        received_at=at, attention_open=False, flags=(f"endorsed_revision:{ROUND.current_revision}",),
    )  # fmt: skip
    return replace(base, **fields)


def close(
    *filings: Filing,
    purpose: RoundPurpose = RoundPurpose.SILENCE,
    decisions: tuple[Decision, ...] = (),
    read: datetime | None = LATER,
    now: datetime = LATER,
    astray: tuple[int, ...] = (),
    announced: bool = False,
    **changes: Any,
) -> Closing:
    """How the round would end."""
    round = replace(ROUND, purpose=purpose, **changes)
    answers = tracking.responses(round, gmg.get_drafts()["JST"], gmg.get_roster(), filings, decisions, now)
    scene = Scene(filings=filings, astray=astray, last_poll=read, announced=announced)
    return find_closing(round, answers, scene, now)


def set_state(state: str, agency: str = "IOM") -> Decision:
    """What a person recorded."""
    return Decision(
        agency=agency, round_id=ROUND.id, kind="set_state", at=CLOSES - SECOND, by="a", state=ResponseState(state)
    )


def agree(*without: str) -> tuple[Filing, ...]:
    """An endorsement of every member that is asked, but for some; of one with bodies by its coordinator, for all."""
    named = f"endorsed_revision:{ROUND.current_revision}"
    return tuple(
        mail(
            "endorsement",
            agency.code,
            message_id=n,
            body=agency.coordinator,
            flags=(named, "consolidated") if agency.coordinator else (named,),
        )
        for n, agency in enumerate(gmg.get_roster().members)
        if agency.code not in {"UNODC", *without}
    )


# --- silence --------------------------------------------------------------------------------------------------------


def test_silence_kept_until_the_instant_is_no_objection_and_no_endorsement() -> None:
    closing = close(mail("endorsement", "ILO"))
    assert (closing.end, closing.obstacles, closing.endorsed) == (RoundEnd.NO_OBJECTION, (), ("ILO",))
    assert len(closing.silent) == 14
    assert not {"ILO", "UNODC"} & set(closing.silent)


@pytest.mark.parametrize(
    ("now", "read", "words"),
    [
        (CLOSES - SECOND, CLOSES - SECOND, "has not passed"),
        (CLOSES, CLOSES, "has not passed"),
        (CLOSES + SECOND, None, "has not been read"),
        (LATER, CLOSES - SECOND, "has not been read"),
        (LATER, CLOSES, "has not been read"),
        (CLOSES + SECOND, CLOSES + SECOND, ""),
    ],
)
def test_silence_counts_only_after_the_mailbox_was_read_past_the_instant(
    now: datetime, read: datetime | None, words: str
) -> None:
    obstacles = close(now=now, read=read).obstacles
    assert len(obstacles) == bool(words)
    assert words in " ".join(obstacles)


@pytest.mark.parametrize(("at", "end"), [(CLOSES, RoundEnd.SILENCE_BROKEN), (CLOSES + SECOND, RoundEnd.NO_OBJECTION)])
def test_an_objection_counts_by_its_receipt(at: datetime, end: RoundEnd) -> None:
    closing = close(mail("objection", at=at))
    assert closing.end is end
    assert closing.late_objections == (() if end is RoundEnd.SILENCE_BROKEN else (900,))


def test_an_objection_breaks_the_silence_at_once() -> None:
    closing = close(mail("objection", at=CLOSES - timedelta(days=2)), now=CLOSES - timedelta(days=1), read=None)
    assert (closing.end, closing.obstacles, closing.objecting) == (RoundEnd.SILENCE_BROKEN, (), ("IOM",))


def test_an_objection_recorded_by_a_person_counts() -> None:
    assert close(decisions=(set_state("objected"),)).objecting == ("IOM",)


@pytest.mark.parametrize("state", ["endorsed", "reservation"])
def test_an_objection_that_was_withdrawn_breaks_nothing(state: str) -> None:
    objection = mail("objection", at=CLOSES - timedelta(days=1))
    closing = close(objection, decisions=(set_state(state),))
    assert (closing.end, closing.obstacles) == (RoundEnd.NO_OBJECTION, ())
    assert closing.reservations == (("IOM",) if state == "reservation" else ())


@pytest.mark.parametrize(
    "filing",
    [
        mail("other", place=Place.HELD),
        mail("other", place=Place.HELD, round_id=None),
        mail("other", place=Place.QUARANTINED, attention_open=True),
        mail("other", place=Place.FAILED, attention_open=True),
        mail("endorsement", attention_open=True, flags=("conditional_endorsement",)),
        mail("contribution", proposals=2),
        mail("decline"),
        mail("objection", at=CLOSES + SECOND, attention_open=True),
    ],
)
def test_silence_does_not_close_over_mail_that_may_be_an_objection(filing: Filing) -> None:
    (obstacle,) = close(filing).obstacles
    assert "IOM" in obstacle


def test_silence_of_whom_no_mail_reaches_says_nothing() -> None:
    roster = gmg.get_roster()
    dead = tuple(
        replace(agency, contacts=tuple(replace(each, bounced_at=CLOSES - SECOND) for each in agency.contacts))
        if agency.code == "IOM"
        else agency
        for agency in roster.agencies
    )
    answers = tracking.responses(ROUND, gmg.get_drafts()["JST"], replace(roster, agencies=dead), (), (), LATER)
    (obstacle,) = find_closing(ROUND, answers, Scene(last_poll=LATER), LATER).obstacles
    assert obstacle.startswith("IOM cannot be reached")


def test_no_comments_is_as_good_as_silence() -> None:
    closing = close(mail("no_comment"))
    assert (closing.end, closing.obstacles, len(closing.silent)) == (RoundEnd.NO_OBJECTION, (), 15)


def test_one_body_of_several_does_not_speak_for_its_member() -> None:
    (obstacle,) = close(mail("endorsement", "RC", body="ECA")).obstacles
    assert obstacle.startswith("RC sent the answer of one body")


def test_who_said_neither_yes_nor_no_is_named() -> None:
    closing = close(mail("contribution", proposals=2), mail("decline", "WHO", message_id=901), mail("objection", "ILO"))
    assert (closing.unclear, closing.objecting, closing.obstacles) == (("IOM", "WHO"), ("ILO",), ())


def test_an_objection_of_one_body_is_its_members() -> None:
    assert close(mail("objection", "RC", body="ECA")).objecting == ("RC",)


def test_a_late_objection_leaves_its_agency_silent() -> None:
    closing = close(mail("objection", at=CLOSES + SECOND))
    assert (closing.objecting, closing.late_objections) == ((), (900,))
    assert "IOM" in closing.silent


def test_an_objection_in_time_counts_whatever_its_agency_writes_later() -> None:
    closing = close(mail("objection"), mail("objection", at=CLOSES + SECOND, message_id=901))
    assert (closing.end, closing.late_objections) == (RoundEnd.SILENCE_BROKEN, (901,))


def test_silence_does_not_close_over_mail_of_nobody_known() -> None:
    assert close(astray=(17,)).obstacles == ("Message 17 waits for a person: look at it first.",)


def test_silence_does_not_close_while_somebody_waits_for_more_time() -> None:
    (obstacle,) = close(mail("extension_request")).obstacles
    assert obstacle.startswith("IOM has not answered: extension pending")


def test_broken_silence_stays_broken_once_anybody_was_told() -> None:
    objection, withdrawn = mail("objection", at=CLOSES - timedelta(days=1)), set_state("endorsed")
    assert close(objection, decisions=(withdrawn,), announced=True).end is RoundEnd.SILENCE_BROKEN


def test_the_seal_tells_one_ending_from_another() -> None:
    endings = [
        close(),
        close(mail("endorsement", "ILO")),
        close(mail("objection")),
        close(mail("objection", "ILO")),
        close(purpose=RoundPurpose.ENDORSEMENT),
    ]
    assert len({closing.seal for closing in endings}) == len(endings)
    assert close(read=None).seal == close().seal


@given(st.lists(st.sampled_from(MailKind)), st.sampled_from(list(Place)))
def test_whatever_else_comes_an_objection_in_time_is_never_silence(kinds: list[MailKind], place: Place) -> None:
    others = [mail(kind, "ILO", place=place, message_id=n) for n, kind in enumerate(kinds)]
    assert close(mail("objection"), *others).end is RoundEnd.SILENCE_BROKEN


# --- endorsement and inputs -----------------------------------------------------------------------------------------


def test_s32_all_means_all() -> None:
    ends = [close(*agree(*without), purpose=RoundPurpose.ENDORSEMENT) for without in ((), ("WB",))]
    assert [(each.end, each.missing) for each in ends] == [
        (RoundEnd.ENDORSED, ()),
        (RoundEnd.NOT_ENDORSED, ("WB",)),
    ]


@pytest.mark.parametrize("answer", ["no_comment", "contribution", "decline", "objection", "acknowledgement"])
def test_nothing_but_an_endorsement_endorses(answer: str) -> None:
    closing = close(*agree("IOM"), mail(answer, proposals=1), purpose=RoundPurpose.ENDORSEMENT)
    assert (closing.end, closing.missing) == (RoundEnd.NOT_ENDORSED, ("IOM",))


def test_a_reservation_goes_along() -> None:
    closing = close(*agree("IOM"), decisions=(set_state("reservation"),), purpose=RoundPurpose.ENDORSEMENT)
    assert (closing.end, closing.reservations) == (RoundEnd.ENDORSED, ("IOM",))


def test_endorsement_waits_for_mail_that_waits_for_a_person() -> None:
    closing = close(*agree("IOM"), mail("other", place=Place.HELD), purpose=RoundPurpose.ENDORSEMENT)
    assert closing.obstacles == ("Message 900 of IOM waits for a person: look at it first.",)


def test_inputs_can_be_closed_at_any_time_and_name_who_is_missing() -> None:
    closing = close(mail("no_comment"), purpose=RoundPurpose.INPUTS, now=CLOSES - SECOND, read=None)
    assert (closing.end, closing.obstacles, len(closing.missing)) == (RoundEnd.CLOSED, (), 14)


def test_what_is_closed_is_not_closed_again() -> None:
    assert close(closed_at=CLOSES).obstacles == ("It is closed already.",)
