"""A training round played on real mail: the product works as ever, only its clock is simulated."""

import smtplib
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import partial
from time import monotonic
from zoneinfo import ZoneInfo

from pipeline.adapters import store
from pipeline.adapters.imap import ImapMailbox
from pipeline.bootstrap import Office, mailbox_settings, sender_settings
from pipeline.circulate import circulate_revision, open_round
from pipeline.clock import tick
from pipeline.core.model import Deadline, Draft, MailState, Place, ResponseState, Round, RoundPurpose
from pipeline.core.tracking import responses
from pipeline.core.year_file import load_year
from pipeline.demo.build import build_draft
from pipeline.demo.expected import read_text
from pipeline.demo.messages import build_message, envelope_from
from pipeline.demo.requests import OutboundMail, read_outbound
from pipeline.demo.scenario import Scenario, ScenarioMessage
from pipeline.demo.servers import MailServers
from pipeline.extend import decide_extension
from pipeline.poll import poll_once
from pipeline.rehearse import rehearse_all
from pipeline.revise import add_revision
from pipeline.year import save_year

#: who decides in the played round
STAFF = "chair staff (played)"


class PlayedClock:
    """A clock that jumps to the instants of the round and then runs on by itself."""

    def __init__(self, at: datetime) -> None:
        """Stand still at `at`."""
        self._at = at
        self._running_since: float | None = None

    def __call__(self) -> datetime:
        """The present instant, aware."""
        if self._running_since is None:
            return self._at
        return self._at + timedelta(seconds=monotonic() - self._running_since)

    def jump(self, at: datetime) -> None:
        """Go on to `at`; never back."""
        self._at = max(self._at, at)

    def start(self) -> None:
        """Run at the speed of the world from here on."""
        self._running_since = monotonic()


@dataclass(frozen=True, slots=True, kw_only=True)
class Arrival:
    """What the product made of one message of the scenario."""

    #: its id in the database, or that of the message whose bytes it repeats; None when it was never stored
    message_id: int | None
    #: the same bytes had been stored before: it is one more sighting of that message
    repeated: bool
    #: the state of its agency right after it
    response: ResponseState | None


@dataclass(slots=True, kw_only=True)
class Played:
    """The record of a played round."""

    #: by id of the scenario
    arrivals: dict[str, Arrival] = field(default_factory=dict)
    reminders: int = 0
    receipts: int = 0
    #: keys of the mails that were to leave, or left, while nothing came in: whether the rehearsal agreed
    foreseen: dict[str, bool] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """Something that happens at an instant of the round."""

    at: datetime
    words: str
    act: Callable[[], None]


class Player:
    """Plays one scenario in one office; everything goes through the ordinary use cases and real sockets."""

    def __init__(self, scenario: Scenario, office: Office, servers: MailServers, clock: PlayedClock) -> None:
        """Keep what is needed; nothing happens before `play`."""
        self.scenario = scenario
        self.office = office
        self.servers = servers
        self.clock = clock
        self.played = Played()
        self._requests: dict[str, OutboundMail] = {}
        self._mailbox = ImapMailbox(mailbox_settings(office.settings))

    def play(self, tell: Callable[[int, int, str], None]) -> Played:
        """Play everything in order; `tell(done, total, words)` hears of each step."""
        self._set_up()
        steps = sorted(self._plan(), key=lambda step: step.at)
        with self._mailbox:
            for number, step in enumerate(steps, 1):
                self._let_time_pass(step.at)
                step.act()
                tell(number, len(steps), step.words)
            self._let_time_pass(max(deadline.at for deadline in self._deadlines()))
        return self.played

    # --- Preparing ------------------------------------------------------------------------------------------

    def _set_up(self) -> None:
        with self.office.database.begin() as db:
            store.rosters.save_roster(db, self.scenario.roster)
            for plan in self.scenario.plans:
                draft = Draft(
                    code=plan.code, title=plan.title, type=plan.type, leads=plan.leads, rule=plan.rule, note=plan.note
                )
                store.drafts.add_draft(db, draft)
        year = self.scenario.folder / "year.toml"
        if year.exists():
            planned, mandates = load_year(read_text(year))
            save_year(self.office.database, planned, mandates, by=STAFF, now=self.clock())

    def _plan(self) -> Iterator[Step]:
        for plan in self.scenario.plans:
            yield Step(
                at=plan.circulated,
                words=f"{plan.code}: call for inputs",
                act=partial(self._open, plan.code, "r0", plan.deadline, RoundPurpose.INPUTS),
            )
            if (silence := plan.silence) is not None:
                yield Step(
                    at=silence.opens,
                    words=f"{plan.code}: silence procedure on {silence.revision}",
                    act=partial(self._open, plan.code, silence.revision, silence.closes, RoundPurpose.SILENCE),
                )
        yield from self._plan_decisions()
        for message in self.scenario.messages:
            words = f"{message.id} {message.from_address}"
            yield Step(at=message.received, words=words, act=partial(self._deliver, message))

    def _plan_decisions(self) -> Iterator[Step]:
        """What chair staff does between the messages, as far as the expectations presume it."""
        granted: set[tuple[str, str]] = set()
        for message in self.scenario.messages:
            expect = message.expect
            key = (expect.draft or "", expect.agency or "")
            if expect.response_state == ResponseState.EXTENSION_GRANTED and key not in granted:
                granted.add(key)
                yield Step(
                    at=message.received - timedelta(minutes=1),
                    words=f"{key[0]}: more time for {key[1]}",
                    act=partial(self._grant, *key),
                )
            for flag in expect.flags:
                name, _, proposed = flag.partition(":propose_")
                if name == "lead_revision" and proposed not in ("", "r0"):
                    yield self._plan_circulation(message, proposed)

    def _plan_circulation(self, message: ScenarioMessage, revision: str) -> Step:
        code = message.expect.draft or ""
        return Step(
            at=self._next_morning(message.received),
            words=f"{code}: {revision} goes out",
            act=partial(self._circulate, code, revision),
        )

    def _next_morning(self, after: datetime) -> datetime:
        """09:00 of the next working day, on the chair's clock."""
        roster = self.scenario.roster
        morning = after.astimezone(ZoneInfo(roster.timezone)).replace(hour=9, minute=0, second=0, microsecond=0)
        while morning <= after or f"{morning:%a}".lower() not in roster.workdays or morning.date() in roster.holidays:
            morning += timedelta(days=1)
        return morning

    # --- What happens ---------------------------------------------------------------------------------------

    def _let_time_pass(self, until: datetime) -> None:
        """Stop at every instant before `until` at which a mail leaves, as the running clock would.

        What the rehearsal said is kept beside what left.
        """
        now = self.clock()
        leaving = [each for each in rehearse_all(self.office.database, now, until) if not each.skipped]
        foreseen = {each.key: each.at for each in leaving if now < each.at < until}
        before = self._list_left()
        for at in sorted(set(foreseen.values())):
            self.clock.jump(at + timedelta(minutes=1))
            self._look_and_send()
        self.clock.jump(until)
        left = self._list_left() - before
        self.played.foreseen |= {key: key in left for key in foreseen} | {key: False for key in left - foreseen.keys()}

    def _list_left(self) -> set[str]:
        """Keys of the mails that have left."""
        with self.office.database.read() as db:
            sent = store.outbox.list_outgoing(db, states=(MailState.SENT,), with_raw=False, limit=100_000)
        return {each.mail.key for each in sent}

    def _look_and_send(self) -> None:
        poll_once(self.office.desk, self._mailbox, mailbox_settings(self.office.settings), self.clock)
        sent = tick(self.office.database, sender_settings(self.office.settings), self.clock(), self.office.desk.secret)
        self.played.reminders += sum(words.endswith("(reminder)") for words in sent)

    def _add_revision(self, code: str, name: str) -> None:
        with self.office.database.read() as db:
            known = {revision.name for revision in store.drafts.list_revisions(db, code)}
        if name not in known:
            add_revision(self.office.desk, code, name, build_draft(self.scenario, code, name))

    def _open(self, code: str, revision: str, deadline: Deadline, purpose: RoundPurpose) -> None:
        self._add_revision(code, revision)
        open_round(
            self.office.database,
            code,
            revision=revision,
            deadline=deadline,
            purpose=purpose,
            now=self.clock(),
            secret=self.office.desk.secret,
        )
        self._look_and_send()

    def _circulate(self, code: str, revision: str) -> None:
        self._add_revision(code, revision)
        round_ = self._round_of(code)
        circulate_revision(self.office.database, round_.id, revision, now=self.clock(), secret=self.office.desk.secret)
        self._look_and_send()

    def _grant(self, code: str, agency: str) -> None:
        round_ = self._round_of(code)
        with self.office.database.read() as db:
            asked = store.messages.list_messages(db, agency=agency, round_id=round_.id)
        days = (each.recognition.verdict.extension_until for each in asked if each.recognition)
        until = next((day for day in days if day is not None), None)
        if until is None:
            return
        at = round_.deadline.local.replace(year=until.year, month=until.month, day=until.day)
        decide_extension(
            self.office.database,
            round_.id,
            agency,
            Deadline(at=at, zone=round_.deadline.zone),
            by=STAFF,
            now=self.clock(),
            secret=self.office.desk.secret,
        )

    def _round_of(self, code: str) -> Round:
        with self.office.database.read() as db:
            return store.rounds.list_rounds(db, draft=code)[0]

    # --- Mail that comes in ---------------------------------------------------------------------------------

    def _deliver(self, message: ScenarioMessage) -> None:
        raw = build_message(self.scenario, message, self._outbound())
        before = self._sightings()
        with smtplib.SMTP(self.servers.host, self.servers.smtp_port) as smtp:
            smtp.sendmail(envelope_from(message), [self.scenario.roster.mailbox], raw, mail_options=["BODY=8BITMIME"])
        self._look_and_send()
        changed = {number: seen for number, seen in self._sightings().items() if before.get(number) != seen}
        stored = max(changed, default=None)
        self.played.arrivals[message.id] = Arrival(
            message_id=stored, repeated=stored in before, response=self._response(stored)
        )

    def _sightings(self) -> dict[int, int]:
        """How often each stored message was shown by the server."""
        with self.office.database.read() as db:
            return {each.id: each.sightings for each in store.messages.list_messages(db, limit=100_000)}

    def _response(self, message_id: int | None) -> ResponseState | None:
        if message_id is None:
            return None
        with self.office.database.read() as db:
            message = store.messages.get_message(db, message_id)
            identity = message.recognition.identity if message.recognition else None
            if identity is None or identity.round_id is None or identity.agency is None:
                return None
            round_ = store.rounds.get_round(db, identity.round_id)
            found = responses(
                round_,
                store.drafts.get_draft(db, round_.draft),
                store.rosters.get_roster(db),
                store.messages.list_filings(db, round_.id, until=self.clock()),
                store.rounds.list_decisions(db, round_.id),
                self.clock(),
            )
        return next((each.state for each in found if each.agency == identity.agency), None)

    def _outbound(self) -> dict[str, OutboundMail]:
        """Every request that has left, by the name the scenario gives it: replies quote what was really sent."""
        with self.office.database.read() as db:
            names = {
                asked.message_id: f"out:{round_.draft}:{round_.revision}:{asked.agency}"
                for round_ in store.rounds.list_rounds(db)
                for asked in round_.addressees
                if asked.message_id is not None
            }
            unread = [each for each, name in names.items() if name not in self._requests]
            for call in store.outbox.find_outgoing(db, unread):
                self._requests[names[call.mail.message_id]] = read_outbound(call.mail.raw)
        return self._requests

    def _deadlines(self) -> Iterator[Deadline]:
        with self.office.database.read() as db:
            rounds = store.rounds.list_rounds(db)
        for round_ in rounds:
            yield round_.deadline


def places(office: Office) -> dict[Place, int]:
    """How many messages lie in each place."""
    with office.database.read() as db:
        return store.messages.count_messages(db)
