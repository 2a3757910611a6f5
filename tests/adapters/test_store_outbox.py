from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from pipeline.adapters import store
from pipeline.adapters.store import outbox
from pipeline.core.model import MailState, OutgoingMail
from pipeline.errors import UsageError
from tests.adapters.store_records import DAY, NOW, add_round, make_outgoing, write_store

Step = Callable[[store.Db], None]


@pytest.fixture
def db(tmp_path: Path) -> Iterator[store.Db]:
    yield from write_store(tmp_path)


def test_a_mail_comes_back_as_it_went_in(db: store.Db) -> None:
    mail = make_outgoing(subject="Straße", agency="ILO", round_id=add_round(db).id, raw=bytes(range(256)))
    assert outbox.queue(db, mail, NOW)
    found = outbox.get_outgoing(db, 1)
    assert (found.mail, found.state, found.queued_at, found.sent_at) == (mail, MailState.QUEUED, NOW, None)


@pytest.mark.parametrize(
    ("second", "queued"),
    [
        (make_outgoing(message_id="<other@gmg.example>", subject="changed"), False),
        (make_outgoing(message_id="<other@gmg.example>", to="FP@ILO.example"), False),
        (make_outgoing(key="reminder:1:T-2:ILO"), True),
        (make_outgoing(to="fp@unicef.example"), True),
    ],
)
def test_recipient_and_occasion_get_one_mail(db: store.Db, second: OutgoingMail, queued: bool) -> None:
    outbox.queue(db, make_outgoing(), NOW)
    assert outbox.queue(db, second, NOW) is queued
    assert len(outbox.list_outgoing(db)) == 1 + queued


def test_due_mails_are_queued_ones_whose_time_has_come_oldest_first(db: store.Db) -> None:
    for n, wait in enumerate((1, 0, 2)):
        outbox.queue(db, make_outgoing(key=f"k{n}", not_before=NOW + wait * DAY), NOW)
    outbox.queue(db, make_outgoing(key="held"), NOW)
    outbox.hold(db, 4, "anna", NOW)
    assert [each.mail.key for each in outbox.list_due(db, NOW + DAY)] == ["k1", "k0"]
    assert outbox.list_due(db, NOW - DAY) == ()


def test_only_one_program_can_claim_a_mail(db: store.Db) -> None:
    outbox.queue(db, make_outgoing(), NOW)
    outbox.claim(db, 1)
    with pytest.raises(UsageError, match="is sending and cannot be sent"):
        outbox.claim(db, 1)
    assert outbox.list_due(db, NOW) == ()


@pytest.mark.parametrize(
    ("state", "sent_at"), [(MailState.SENT, NOW), (MailState.REFUSED, None), (MailState.UNCERTAIN, None)]
)
def test_a_claimed_mail_is_settled(db: store.Db, state: MailState, sent_at: object) -> None:
    outbox.queue(db, make_outgoing(), NOW)
    outbox.claim(db, 1)
    outbox.settle(db, 1, state, NOW, "what the server said")
    found = outbox.get_outgoing(db, 1)
    assert (found.state, found.sent_at, found.note) == (state, sent_at, "what the server said")


def test_a_mail_put_off_by_the_server_waits(db: store.Db) -> None:
    outbox.queue(db, make_outgoing(), NOW)
    outbox.claim(db, 1)
    outbox.settle(db, 1, MailState.QUEUED, NOW, "try again later", not_before=NOW + DAY)
    assert outbox.list_due(db, NOW) == ()
    assert len(outbox.list_due(db, NOW + DAY)) == 1


def test_mail_found_in_the_middle_of_being_sent_is_uncertain(db: store.Db) -> None:
    for n in range(3):
        outbox.queue(db, make_outgoing(key=f"k{n}"), NOW)
    outbox.claim(db, 1)
    outbox.claim(db, 2)
    outbox.settle(db, 2, MailState.SENT, NOW)
    assert outbox.recover(db, NOW) == 1
    assert [each.state.value for each in outbox.list_outgoing(db)] == ["queued", "sent", "uncertain"]
    assert outbox.recover(db, NOW) == 0
    assert [each.id for each in outbox.list_due(db, NOW)] == [3]


# What may follow on what: every step of the life of a mail that is not here is refused.
STEPS: dict[str, Step] = {
    "claim": lambda db: outbox.claim(db, 1),
    "settle": lambda db: outbox.settle(db, 1, MailState.SENT, NOW),
    "hold": lambda db: outbox.hold(db, 1, "anna", NOW),
    "release": lambda db: outbox.release(db, 1, "anna", NOW),
    "cancel": lambda db: outbox.cancel(db, 1, "anna", NOW),
}
ALLOWED = {
    MailState.QUEUED: {"claim", "hold", "cancel"},
    MailState.SENDING: {"settle"},
    MailState.SENT: set[str](),
    MailState.UNCERTAIN: {"settle", "release", "cancel"},
    MailState.REFUSED: {"release", "cancel"},
    MailState.HELD: {"release", "cancel"},
    MailState.CANCELLED: set[str](),
}


def bring_to(db: store.Db, state: MailState) -> None:
    outbox.queue(db, make_outgoing(), NOW)
    match state:
        case MailState.HELD:
            outbox.hold(db, 1, "anna", NOW)
        case MailState.CANCELLED:
            outbox.cancel(db, 1, "anna", NOW)
        case MailState.SENDING:
            outbox.claim(db, 1)
        case MailState.SENT | MailState.UNCERTAIN | MailState.REFUSED:
            outbox.claim(db, 1)
            outbox.settle(db, 1, state, NOW)


@pytest.mark.parametrize("step", STEPS)
@pytest.mark.parametrize("state", MailState)
def test_a_mail_takes_only_the_steps_of_its_life(db: store.Db, state: MailState, step: str) -> None:
    bring_to(db, state)
    if step in ALLOWED[state]:
        STEPS[step](db)
        assert outbox.get_outgoing(db, 1).state is not state
    else:
        with pytest.raises(UsageError, match=f"is {state.value} and cannot be"):
            STEPS[step](db)
        assert outbox.get_outgoing(db, 1).state is state


def test_what_a_person_does_with_a_mail_is_in_the_audit(db: store.Db) -> None:
    bring_to(db, MailState.HELD)
    outbox.release(db, 1, "bert", NOW)
    entries = store.audit.list_entries(db, subject="outgoing 1")
    assert [(entry.who, entry.what) for entry in entries] == [("bert", "released the mail"), ("anna", "held the mail")]


def test_outgoing_mail_is_listed_newest_first_and_found_by_message_id(db: store.Db) -> None:
    round = add_round(db)
    for n, agency in enumerate(("ILO", "UNICEF", "ILO")):
        outbox.queue(db, make_outgoing(key=f"k{n}", agency=agency, round_id=round.id), NOW)
    keys = [each.mail.key for each in outbox.list_outgoing(db, agency="ILO", round_id=1, states=(MailState.QUEUED,))]
    assert keys == ["k2", "k0"]
    assert len(outbox.list_outgoing(db, limit=1)) == 1
    wanted = [make_outgoing(key="k1").message_id, "<stranger@ilo.example>"]
    assert [each.mail.key for each in outbox.find_outgoing(db, wanted)] == ["k1"]
    assert outbox.find_outgoing(db, ()) == ()
    assert outbox.counts(db, round.id)[MailState.QUEUED] == 3
    with pytest.raises(UsageError, match="no outgoing mail 9"):
        outbox.get_outgoing(db, 9)
