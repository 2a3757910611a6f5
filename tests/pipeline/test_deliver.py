"""The outbox drains: at most once for each mail, whatever dies and when."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline import deliver
from pipeline.adapters import store
from pipeline.core.model import MailState, OutgoingMail
from tests.adapters import store_records
from tests.pipeline import office

NOW = store_records.NOW


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What the server made of a mail."""

    state: MailState = MailState.SENT
    note: str = "250 OK"
    refused: tuple[str, ...] = ()
    unknown: tuple[str, ...] = ()


class Died(BaseException):
    """The program was killed."""


@dataclass(slots=True)
class Server:
    """Takes mail, or dies before or after it took it."""

    outcome: Outcome = field(default_factory=Outcome)
    #: "before" or "after" the server has accepted the mail; "" to live
    dies: str = ""
    accepted: list[OutgoingMail] = field(default_factory=list)

    def send(self, mail: OutgoingMail) -> Outcome:
        """What became of the mail."""
        if self.dies == "before":
            raise Died
        if self.outcome.state in {MailState.SENT, MailState.UNCERTAIN}:
            self.accepted.append(mail)
        if self.dies == "after":
            raise Died
        return self.outcome


@pytest.fixture
def database(tmp_path: Path) -> Iterator[store.Database]:
    """A database with one mail in the outbox."""
    with store_records.open_store(tmp_path) as opened:
        with opened.begin() as db:
            store_records.add_round(db)
            store.outbox.queue(db, store_records.make_outgoing(), NOW)
        yield opened


def get_state(database: store.Database) -> tuple[MailState, str]:
    """State and note of the one mail."""
    (sent,) = office.list_mails(database)
    return sent.state, sent.note


def test_a_mail_is_sent_once_however_often_the_outbox_is_drained(database: store.Database) -> None:
    server = Server()
    for _ in range(3):
        deliver.deliver(database, server, NOW)
    assert len(server.accepted) == 1
    assert get_state(database) == (MailState.SENT, "250 OK")


def test_what_was_written_anew_since_it_was_listed_is_what_leaves(database: store.Database) -> None:
    with database.begin() as db:
        store.outbox.queue(db, store_records.make_outgoing("second"), NOW)
    anew = store_records.make_outgoing("second", subject="Both", raw=b"Both")

    class Slow(Server):
        def send(self, mail: OutgoingMail) -> Outcome:
            with database.begin() as db:
                store.outbox.rewrite(db, 2, anew)
            return Server.send(self, mail)

    server = Slow()
    deliver.deliver(database, server, NOW)
    assert [mail.subject for mail in server.accepted] == ["Reminder", "Both"]


class CountingDatabase(store.Database):
    """Counts its write transactions."""

    commits = 0

    @contextmanager
    def begin(self) -> Iterator[store.Db]:
        """One more."""
        with super().begin() as db:
            yield db
        self.commits += 1


@pytest.mark.parametrize("count", [0, 1, 7])
def test_a_line_of_mails_costs_one_commit_each_and_one_to_begin(tmp_path: Path, count: int) -> None:
    database = CountingDatabase(f"sqlite:///{tmp_path}/penholder.db")
    database.migrate()
    with database.begin() as db:
        store_records.add_round(db)
        for number in range(count):
            store.outbox.queue(db, store_records.make_outgoing(f"reminder:1:T-7:A{number}"), NOW)
    before, server = database.commits, Server()
    assert len(deliver.deliver(database, server, NOW)) == len(server.accepted) == count
    assert database.commits - before == (count + 1 if count else 0)
    database.dispose()


def test_a_mail_that_a_person_takes_out_meanwhile_is_passed_over(tmp_path: Path) -> None:
    """The first mail is under way while a person cancels the third; the second is claimed already."""
    with store_records.open_store(tmp_path) as database:
        with database.begin() as db:
            store_records.add_round(db)
            for number in range(4):
                store.outbox.queue(db, store_records.make_outgoing(f"reminder:1:T-7:A{number}"), NOW)

        class Busy(Server):
            def send(self, mail: OutgoingMail) -> Outcome:
                if not self.accepted:
                    with database.begin() as db:
                        store.outbox.cancel(db, 3, "officer", NOW)
                return super().send(mail)

        server = Busy()
        deliver.deliver(database, server, NOW)
        assert [mail.key[-2:] for mail in server.accepted] == ["A0", "A1", "A3"]


@pytest.mark.parametrize("dies", ["before", "after"])
def test_a_mail_that_was_under_way_is_uncertain_and_never_sent_again(database: store.Database, dies: str) -> None:
    server = Server(dies=dies)
    with pytest.raises(Died):
        deliver.deliver(database, server, NOW)
    server.dies = ""
    assert deliver.recover(database, NOW) == 1
    for minutes in range(0, 300, 60):
        assert deliver.deliver(database, server, NOW + timedelta(minutes=minutes)) == ()
    assert get_state(database)[0] is MailState.UNCERTAIN
    assert len(server.accepted) == (dies == "after")


def die_claiming(database: store.Database) -> None:
    """The program is killed before the intent to send is committed."""
    with database.begin() as db:
        store.outbox.claim(db, 1)
        raise Died


def die_settling(database: store.Database) -> None:
    """The program is killed before the result is committed."""
    with database.begin() as db:
        store.outbox.settle(db, 1, MailState.SENT, NOW)
        raise Died


def test_a_program_that_dies_while_it_claims_leaves_the_mail_queued(database: store.Database) -> None:
    with pytest.raises(Died):
        die_claiming(database)
    assert deliver.recover(database, NOW) == 0
    server = Server()
    deliver.deliver(database, server, NOW)
    assert len(server.accepted) == 1


def test_a_program_that_dies_while_it_settles_leaves_the_mail_uncertain(database: store.Database) -> None:
    with database.begin() as db:
        store.outbox.claim(db, 1)
    with pytest.raises(Died):
        die_settling(database)
    assert deliver.recover(database, NOW) == 1
    assert deliver.deliver(database, Server(), NOW) == ()


@pytest.mark.parametrize("state", [MailState.UNCERTAIN, MailState.REFUSED])
def test_what_a_person_must_look_at_is_not_tried_again(database: store.Database, state: MailState) -> None:
    server = Server(outcome=Outcome(state=state, note="as the server said"))
    for hours in range(5):
        deliver.deliver(database, server, NOW + timedelta(hours=hours))
    assert get_state(database) == (state, "as the server said")
    assert len(server.accepted) == (state is MailState.UNCERTAIN)


def test_what_was_not_accepted_is_tried_again_with_growing_pauses(database: store.Database) -> None:
    server = Server(outcome=Outcome(state=MailState.QUEUED, note="451 try later"))
    tried = [minutes for minutes in range(200) if deliver.deliver(database, server, NOW + timedelta(minutes=minutes))]
    assert tried == [0, 1, 2, 4, 8, 16, 32, 64, 124, 184]
    server.outcome = Outcome()
    deliver.deliver(database, server, NOW + timedelta(minutes=300))
    assert get_state(database)[0] is MailState.SENT


def test_refused_copies_are_noted(database: store.Database) -> None:
    (sent,) = deliver.deliver(database, Server(outcome=Outcome(refused=("alt@ilo.example",))), NOW)
    assert sent.note == "250 OK; refused: alt@ilo.example"


@pytest.mark.parametrize("state", [MailState.SENT, MailState.REFUSED, MailState.QUEUED])
def test_an_address_the_server_does_not_know_is_marked(database: store.Database, state: MailState) -> None:
    with database.begin() as db:
        store.rosters.save_roster(db, store_records.make_roster())
    deliver.deliver(database, Server(outcome=Outcome(state=state, unknown=("fp@ilo.example",))), NOW)
    with database.read() as db:
        (contact,) = store.rosters.get_roster(db).get_agency("ILO").contacts
    assert contact.bounced_at == NOW


def test_a_held_mail_stays(database: store.Database) -> None:
    with database.begin() as db:
        store.outbox.hold(db, 1, "officer", NOW)
    assert deliver.deliver(database, Server(), NOW) == ()


def test_a_mail_somebody_took_meanwhile_is_left_alone(database: store.Database) -> None:
    class Meddler(Server):
        """Cancels the second mail while the first is being sent."""

        def send(self, mail: OutgoingMail) -> Outcome:
            """What became of the mail."""
            with database.begin() as db:
                store.outbox.cancel(db, 2, "officer", NOW)
            return Server.send(self, mail)

    with database.begin() as db:
        store.outbox.queue(db, store_records.make_outgoing("reminder:1:T-7:UNICEF", "fp@unicef.example"), NOW)
    meddler = Meddler()
    assert len(deliver.deliver(database, meddler, NOW)) == 1
    assert len(meddler.accepted) == 1


# --- any crash, any answer --------------------------------------------------------------------------------------------

FATES = st.sampled_from(("sent", "queued", "refused", "uncertain", "dies before", "dies after"))


@settings(max_examples=25, deadline=None)
@given(st.lists(FATES, max_size=30))
def test_no_mail_is_accepted_twice_whatever_happens(fates: list[str]) -> None:
    with TemporaryDirectory() as directory, store_records.open_store(Path(directory)) as database:
        with database.begin() as db:
            store_records.add_round(db)
            for number in range(4):
                store.outbox.queue(db, store_records.make_outgoing(f"reminder:1:T-{number}:ILO"), NOW)
        accepted = play(database, fates)
        assert len(accepted) == len(set(accepted))
        states = {sent.mail.key: sent.state for sent in office.list_mails(database)}
        assert {key for key, state in states.items() if state is MailState.SENT} <= set(accepted)
        # nothing that left is still waiting, nothing that waits has left
        assert not {key for key, state in states.items() if state is MailState.QUEUED} & set(accepted)


def play(database: store.Database, fates: list[str]) -> list[str]:
    """The keys of accepted mails, in order, when each mail that is tried meets the next of `fates`."""
    accepted: list[str] = []
    left = iter(fates)

    class Fateful(Server):
        """A server that does what fate says."""

        def send(self, mail: OutgoingMail) -> Outcome:
            """What became of the mail."""
            fate = next(left, "sent")
            if fate == "dies before":
                raise Died
            if fate in {"sent", "uncertain", "dies after"}:
                accepted.append(mail.key)
            if fate == "dies after":
                raise Died
            return Outcome(state=MailState(fate))

    for hours in range(len(fates) + 1):
        try:
            deliver.deliver(database, Fateful(), NOW + timedelta(hours=hours))
        except Died:
            deliver.recover(database, NOW + timedelta(hours=hours))
    return accepted
