"""The sample round played in this process, once: every message goes through the product, no server is there."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Any, cast

from pipeline.adapters import store
from pipeline.bootstrap import Office
from pipeline.config import HOME, Server, default_settings
from pipeline.core.model import InboundMessage, MailState, OutgoingMail, RawMessage, Response, SentMail
from pipeline.core.rules import load_rules
from pipeline.deliver import deliver
from pipeline.demo.messages import build_message
from pipeline.demo.play import PlayedClock, Player
from pipeline.demo.scenario import Scenario, ScenarioMessage, load_scenario
from pipeline.overview import RoundBoard, read_board
from pipeline.receive import recognise_all
from pipeline.redline.read import read_text
from pipeline.remind import remind
from pipeline.understand import Desk
from tests.pipeline.desk import SECRET, Reader

FOLDER = HOME / "pipeline" / "demo" / "gmg"


@dataclass(frozen=True, slots=True)
class Accepted:
    """A server took the mail."""

    state: MailState = MailState.SENT
    note: str = ""
    refused: tuple[str, ...] = ()
    unknown: tuple[str, ...] = ()


class Letterbox:
    """Takes every mail."""

    def send(self, mail: OutgoingMail) -> Accepted:
        return Accepted()


class InProcess(Player):
    """Plays without sockets: what the mailbox would show is recorded, what would leave is taken."""

    def play_all(self) -> dict[str, int]:
        """The number of each message by its id in the scenario."""
        self.numbers: dict[str, int] = {}
        self._uid = 0
        self._set_up()
        with self.office.database.begin() as db:
            store.messages.open_mailbox(db, self.clock())
        for step in sorted(self._plan(), key=lambda step: step.at):
            self._let_time_pass(step.at)
            step.act()
        self._let_time_pass(max(deadline.at for deadline in self._deadlines()))
        return self.numbers

    def _look_and_send(self) -> None:
        with self.office.database.begin() as db:
            store.messages.note_poll(db, self.clock())
        remind(self.office.database, self.clock(), self.office.desk.secret)
        deliver(self.office.database, Letterbox(), self.clock())

    def _deliver(self, message: ScenarioMessage) -> None:
        self._uid += 1
        raw = RawMessage(
            raw=build_message(self.scenario, message, self._outbound()),
            folder="INBOX",
            uid=self._uid,
            uid_validity=1,
            internal_date=message.received,
        )
        with self.office.database.begin() as db:
            self.numbers[message.id] = store.messages.record(db, raw, self.clock()).id
        recognise_all(self.office.desk, self.clock())
        self._look_and_send()


@dataclass(frozen=True, slots=True)
class Stage:
    """The round after its last deadline, to be looked at as it stood at any instant."""

    office: Office
    #: number of each message by its id in the scenario: "M01"
    numbers: dict[str, int]

    @property
    def database(self) -> store.Database:
        return self.office.database

    @property
    def desk(self) -> Desk:
        return self.office.desk

    def message(self, name: str) -> InboundMessage:
        """What the product made of one message."""
        with self.database.read() as db:
            return store.messages.get_message(db, self.numbers[name])

    def flags(self, name: str) -> tuple[str, ...]:
        made = self.message(name).recognition
        assert made is not None
        return made.verdict.flags if made.verdict else ()

    def proposals(self, name: str) -> tuple[store.StoredProposal, ...]:
        """What one message proposes, replaced or not."""
        with self.database.read() as db:
            return store.proposals.list_proposals(db, message_id=self.numbers[name])

    def paragraphs(self, name: str) -> list[str]:
        """The printed numbers of the paragraphs one message has proposals on, each once."""
        found = self.proposals(name)
        with self.database.read() as db:
            base = read_text(store.drafts.get_revision(db, found[0].draft, found[0].revision).docx)
        paragraphs = base.get_story("body").paragraphs
        numbers = [
            next(one.number for one in reversed(paragraphs) if one.start <= each.proposal.change.start)
            for each in found
        ]
        return sorted(set(numbers), key=lambda number: int(number.strip(".") or 0))

    def board(self, code: str, purpose: str = "inputs", at: str = "") -> RoundBoard:
        """One round, now or as it stood at an instant in ISO 8601."""
        now = datetime.fromisoformat(at) if at else self.office.clock()
        rounds = read_board(self.database, now).rounds
        return next(each for each in rounds if (each.draft.code, each.round.purpose) == (code, purpose))

    def response(self, code: str, agency: str, purpose: str = "inputs", at: str = "") -> Response:
        return next(each for each in self.board(code, purpose, at).responses if each.agency == agency)

    def mails(self, occasion: str, agency: str = "") -> tuple[SentMail, ...]:
        """What was sent on one kind of occasion, oldest first."""
        with self.database.read() as db:
            found = store.outbox.list_outgoing(db, limit=10_000)[::-1]
        return tuple(each for each in found if each.mail.occasion == occasion and agency in ("", each.mail.agency))

    def receipts(self, name: str) -> tuple[SentMail, ...]:
        """The receipts one message got."""
        return tuple(
            each for each in self.mails("acknowledgement") if each.mail.key == f"acknowledgement:{self.numbers[name]}"
        )


@contextmanager
def open_office(folder: Path, clock: PlayedClock) -> Iterator[Office]:
    """An office on the database in `folder`."""
    server = Server(host="127.0.0.1", port=1, tls="none", user="drafts", password="none")
    scenario = load()
    settings = replace(
        default_settings(),
        store_url=f"sqlite:///{folder}/penholder.db",
        mailbox=server,
        authserv_id=f"mx.{scenario.roster.mailbox.partition('@')[2]}",
        secret=SECRET,
    )
    database = store.open_database(settings.store_url)
    desk = Desk(
        database=database,
        reader=Reader(),
        rules=load_rules(settings.rules),
        authserv_id=settings.authserv_id,
        secret=SECRET,
    )
    yield Office(settings=settings, database=database, desk=desk, clock=clock)
    database.dispose()


def load() -> Scenario:
    """The sample round."""
    return load_scenario(FOLDER)


def play(folder: Path) -> tuple[dict[str, int], datetime]:
    """The numbers of all messages, and the instant at which the played round ends; the database lies in `folder`."""
    scenario = load()
    clock = PlayedClock(min(message.date for message in scenario.messages))
    with open_office(folder, clock) as office:
        numbers = InProcess(scenario, office, cast(Any, None), clock).play_all()
    return numbers, clock()
