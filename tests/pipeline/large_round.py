"""A round of any size in forty time zones, and its reminders sent by a program that is killed again and again."""

import random
from collections import Counter
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import partial
from hashlib import sha256
from pathlib import Path

from pipeline import deliver, remind
from pipeline.adapters import store
from pipeline.core import schedule
from pipeline.core.model import (
    Addressee,
    Agency,
    Deadline,
    Draft,
    FocalPoint,
    MailState,
    Revision,
    Role,
    Roster,
    Round,
    RoundPurpose,
    Rule,
)
from tests.pipeline.mortal import Fate, MortalDatabase, MortalServer, run_mortal

SECRET = "a secret for tests only"
OPENED = datetime(2012, 10, 1, 8, tzinfo=UTC)
DEADLINE = Deadline(at=datetime(2012, 10, 31, 17, tzinfo=UTC), zone="Europe/Vienna")
#: at which a program may die for each mail: on either side of the server, and around the commit
POINTS = 5
#: places on every continent, with half and quarter hours, both sides of the day line, summer time of either hemisphere
ZONES = (
    "Africa/Abidjan", "Africa/Addis_Ababa", "Africa/Cairo", "Africa/Casablanca", "Africa/Johannesburg", "Africa/Lagos",
    "America/Anchorage", "America/Bogota", "America/Caracas", "America/Chicago", "America/Denver", "America/Halifax",
    "America/Los_Angeles", "America/Mexico_City", "America/Montevideo", "America/New_York", "America/Santiago",
    "America/Sao_Paulo", "America/St_Johns", "Asia/Amman", "Asia/Bangkok", "Asia/Beirut", "Asia/Dhaka", "Asia/Kabul",
    "Asia/Kathmandu", "Asia/Kolkata", "Asia/Tashkent", "Asia/Tehran", "Asia/Tokyo", "Asia/Yangon", "Australia/Adelaide",
    "Australia/Lord_Howe", "Australia/Sydney", "Europe/London", "Europe/Moscow", "Europe/Vienna", "Pacific/Apia",
    "Pacific/Auckland", "Pacific/Chatham", "Pacific/Honolulu",
)  # fmt: skip


def make_agency(number: int) -> Agency:
    """A member with one address; every fourth keeps another week, every fifth has a holiday in the way."""
    code = f"M{number}"
    return Agency(
        code=code,
        name=f"Member {number}",
        timezone=ZONES[number % len(ZONES)],
        contacts=(FocalPoint(address=f"fp@{code.lower()}.example", role=Role.FOCAL_POINT),),
        workdays=("sun", "mon", "tue", "wed", "thu") if number % 4 == 0 else ("mon", "tue", "wed", "thu", "fri"),
        holidays=(date(2012, 10, 24),) if number % 5 == 0 else (),
    )


def make_roster(count: int) -> Roster:
    """A group of so many members; its chair has no mailbox of its own, so that reminders are all that leaves."""
    return Roster(
        code="BIG",
        name="Big Group",
        mailbox="drafts@big.example",
        from_name="Big Group drafts",
        aliases=(),
        chair=("M0",),
        timezone="Europe/Vienna",
        workdays=("mon", "tue", "wed", "thu", "fri"),
        holidays=(),
        agencies=tuple(make_agency(number) for number in range(count)),
    )


def make_draft() -> Draft:
    """A draft that nobody of the group leads."""
    return Draft(code="BIG", title="A text of many", type="paper", leads=(), rule=Rule.INPUTS)


def make_round(roster: Roster) -> Round:
    """A call to every member."""
    return Round(
        id=1,
        draft="BIG",
        revision="r0",
        current_revision="r0",
        purpose=RoundPurpose.INPUTS,
        opened_at=OPENED,
        deadline=DEADLINE,
        addressees=tuple(
            Addressee(agency=agency.code, message_id=f"<call.{agency.code.lower()}@big.example>")
            for agency in roster.agencies
        ),
        subject="[BIG-BIG] A text of many",
    )


def fill(database: store.Database, count: int) -> Round:
    """The round, kept in an empty database, its calls long sent."""
    roster, content = make_roster(count), b"PK stands for a document"
    digest = sha256(content).hexdigest()
    with database.begin() as db:
        store.rosters.save_roster(db, roster)
        store.drafts.add_draft(db, make_draft())
        revision = Revision(draft="BIG", name="r0", sha256=digest, docx=content, circulated_at=OPENED)
        store.drafts.add_revision(db, revision)
        return store.rounds.open_round(db, make_round(roster))


def list_moments(round: Round, roster: Roster) -> tuple[datetime, ...]:
    """The instants at which some step falls due, in order."""
    planned = schedule.plan(round, make_draft(), roster, now=OPENED)
    return tuple(sorted({each.at.astimezone(UTC) + timedelta(minutes=1) for each in planned}))


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What became of all reminders of a round."""

    expected: int
    #: reminders that never reached the server, and those that reached it more than once
    missing: int
    double: int
    #: how often the program was killed
    kills: int
    #: mails a person had to look at, because the program died while they were under way
    uncertain: int


@dataclass(slots=True, kw_only=True)
class Ordeal:
    """One round, sent by a program that dies at random points and is started again; the clock never goes back."""

    folder: Path
    count: int
    moments: tuple[datetime, ...] = ()
    uncertain: int = 0

    @property
    def url(self) -> str:
        """Of the database."""
        return f"sqlite:///{self.folder}/penholder.db"

    @property
    def accepted(self) -> Path:
        """What the server accepted, a line a mail."""
        return self.folder / "accepted"

    @property
    def progress(self) -> Path:
        """The moment the program has come to."""
        return self.folder / "moment"

    def run(self, kills: int, seed: int) -> Outcome:
        """What came of it after so many kills."""
        database = store.open_database(self.url)
        round = fill(database, self.count)
        self.moments = list_moments(round, make_roster(self.count))
        database.dispose()
        self.accepted.touch()
        self.progress.write_text("0")
        rng, died = random.Random(seed), 0
        while not run_mortal(partial(self._live, self._choose_fate(rng, kills - died))):
            died += 1
            self._look_after()
        return self._judge(round, died)

    def _choose_fate(self, rng: random.Random, kills: int) -> Fate:
        """When the program dies next: within its share of what is left to send, so that every kill finds it alive."""
        left = 3 * self.count - len(self.accepted.read_text(encoding="utf-8").splitlines())
        return Fate(at=rng.randint(1, max(1, POINTS * left // kills)) if kills else 0)

    def _live(self, fate: Fate) -> None:
        """The program from its start to its death, or to the last moment."""
        database = MortalDatabase(self.url, fate)
        server = MortalServer(file=self.accepted, fate=fate)
        start = int(self.progress.read_text())
        deliver.recover(database, self.moments[start])
        for number in range(start, len(self.moments)):
            self.progress.write_text(str(number))
            now = self.moments[number]
            with database.begin() as db:
                store.messages.note_poll(db, now)
            remind.remind(database, now, SECRET)
            deliver.deliver(database, server, now)
        database.dispose()

    def _look_after(self) -> None:
        """A person looks at what is uncertain: what the server does not have is released."""
        accepted = set(self.accepted.read_text(encoding="utf-8").splitlines())
        now = self.moments[int(self.progress.read_text())]
        database = store.open_database(self.url)
        deliver.recover(database, now)
        with database.begin() as db:
            for sent in store.outbox.list_outgoing(db, states=(MailState.UNCERTAIN,), with_raw=False, limit=1000):
                self.uncertain += 1
                if f"{sent.mail.key} {sent.mail.to[0]}" in accepted:
                    store.outbox.settle(db, sent.id, MailState.SENT, now)
                else:
                    store.outbox.release(db, sent.id, "officer", now)
        database.dispose()

    def _judge(self, round: Round, kills: int) -> Outcome:
        counts = Counter(line.split()[0] for line in self.accepted.read_text(encoding="utf-8").splitlines())
        wanted = {f"reminder:{round.id}:{step}:{asked.agency}" for step in round.ladder for asked in round.addressees}
        return Outcome(
            expected=len(wanted),
            missing=len(wanted - counts.keys()),
            double=sum(number > 1 for number in counts.values()),
            kills=kills,
            uncertain=self.uncertain,
        )
