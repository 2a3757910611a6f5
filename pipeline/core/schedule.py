"""The timetable of reminders and what of it is due; keys never depend on `now`. See: docs/analysis/reminders.md."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from functools import lru_cache

from pipeline.core.absence import defer
from pipeline.core.hours import (
    OFFICE_HOURS,
    Hours,
    Station,
    count_back,
    find_day,
    find_last_opening,
    find_office_time,
    find_working_day,
    get_hours,
    is_open,
    open_on,
)
from pipeline.core.ladder import count_days
from pipeline.core.model import (
    Absence,
    Agency,
    Deadline,
    Draft,
    PlannedReminder,
    Response,
    Roster,
    Round,
    RoundPurpose,
)
from pipeline.core.recipients import find_recipients
from pipeline.core.tracking import ANSWERS, is_done

#: a mailbox read longer ago says nothing about who has answered
FRESH = timedelta(hours=1)
#: a step that could not go out within this time is of no use any more
STALE = timedelta(days=7)
#: steps this short before the deadline count working days, longer ones the days of the calendar
WORKING_DAYS_UP_TO = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class _Addressee:
    """One line of the timetable: who is reminded, by which deadline, and what speaks against it."""

    agency: Agency
    deadline: Deadline
    #: reason that holds for all its steps; "" when there is none
    skipped: str
    #: None while nobody who gets its mail is away
    absence: Absence | None


def plan(
    round: Round,
    draft: Draft,
    roster: Roster,
    responses: Sequence[Response] = (),
    sent: Collection[str] = frozenset(),
    absences: Sequence[Absence] = (),
    *,
    now: datetime,
) -> tuple[PlannedReminder, ...]:
    """Every reminder of the round, sent or not, in order of its instant; instants carry the addressee's zone.

    `sent`: keys of reminders in the outbox. A step that was missed stands at the latest opening of the addressee's
    office since, so that it can still go out. Without `responses` nobody has answered yet. A step that falls into an
    absence waits for the return.

    Raises: UsageError for a step that is not written like "T-7" or "T+1".
    """
    codes = {addressee.agency for addressee in round.addressees}
    asked = _find_addressees(codes, round, draft, roster, responses, absences, now)
    return tuple(sorted(_plan_for(asked, round, sent, now), key=lambda reminder: reminder.at.astimezone(UTC)))


def find_due(
    round: Round,
    draft: Draft,
    roster: Roster,
    responses: Sequence[Response],
    sent: Collection[str],
    absences: Sequence[Absence] = (),
    *,
    now: datetime,
    last_poll: datetime | None,
) -> tuple[PlannedReminder, ...]:
    """What of the timetable is due; only the lines of those whose hour it is are made. Raises: UsageError."""
    codes = {key.rpartition(":")[2] for key in list_open(round, roster, now) if key not in sent}
    if not codes:
        return ()
    asked = _find_addressees(codes, round, draft, roster, responses, absences, now)
    wanted = (addressee for addressee in asked if not addressee.skipped)
    return due(_plan_for(wanted, round, sent, now), now, last_poll)


def due(planned: Iterable[PlannedReminder], now: datetime, last_poll: datetime | None) -> tuple[PlannedReminder, ...]:
    """The reminders to send now: at most one for each addressee, the latest step.

    Empty while the mailbox was not read since the moment of a step, nor within the hour: the answer may lie in it.
    """
    now, latest = now.astimezone(UTC), dict[tuple[int, str], PlannedReminder]()
    for reminder in planned:
        if (
            not reminder.skipped
            and reminder.at <= now < reminder.at + OFFICE_HOURS
            and _was_read(reminder, now, last_poll)
        ):
            before = latest.get((reminder.round_id, reminder.agency))
            if before is None or count_days(before.step) < count_days(reminder.step):
                latest[(reminder.round_id, reminder.agency)] = reminder
    return tuple(latest.values())


def list_open(round: Round, roster: Roster, now: datetime) -> tuple[str, ...]:
    """Keys of the reminders whose hour it may be, whoever has answered or was reminded.

    Cheap, whatever the size of the round: places that keep the same hours by the same deadline are looked at once.
    """
    now, keys, known = now.astimezone(UTC), list[str](), dict[tuple[Hours, datetime], list[str]]()
    extensions = {addressee.agency: addressee.extension for addressee in round.addressees}
    for agency in roster.agencies:
        if agency.code not in extensions:
            continue
        deadline = extensions[agency.code] or extensions.get(agency.member or "") or round.deadline
        office = get_hours(agency), deadline.at
        if office not in known:
            known[office] = [step for step in _list_steps(round) if _is_open(step, deadline, agency, now)]
        keys += [_make_key(round.id, step, agency.code) for step in known[office]]
    return tuple(keys)


def find_leave(reminder: PlannedReminder, agency: Agency, now: datetime) -> datetime:
    """When a reminder that waits in the outbox may leave: `now` in office hours, else the next opening (UTC).

    It waits when the way out was closed for hours, or when the agency got more time after it was queued.
    """
    at = reminder.at.astimezone(UTC)
    return at if now < at else find_office_time(now, agency)


def reminder_key(reminder: PlannedReminder) -> str:
    """The key that makes a reminder unique: "reminder:3:T-7:ILO"."""
    return _make_key(reminder.round_id, reminder.step, reminder.agency)


def _make_key(round_id: int, step: str, agency: str) -> str:
    return f"reminder:{round_id}:{step}:{agency}"


def _was_read(reminder: PlannedReminder, now: datetime, last_poll: datetime | None) -> bool:
    """Whether the mailbox was read late enough to know who has answered."""
    return last_poll is not None and last_poll >= reminder.at and last_poll >= now - FRESH


def _plan_for(
    asked: Iterable[_Addressee], round: Round, sent: Collection[str], now: datetime
) -> Iterator[PlannedReminder]:
    """The lines of some addressees."""
    # instants of one zone are compared by their wall clocks: in UTC no hour occurs twice
    now = now.astimezone(UTC)
    steps, latest = _list_steps(round), _find_latest_sent(round, sent)
    for addressee in asked:
        for step in steps:
            reminder, nominal = _plan_step(round, addressee, step, now)
            yield _skip_spent(reminder, nominal, sent, latest)


# --- Whom -----------------------------------------------------------------------------------------------------------


def _find_addressees(
    codes: Collection[str],
    round: Round,
    draft: Draft,
    roster: Roster,
    responses: Sequence[Response],
    absences: Sequence[Absence],
    now: datetime,
) -> Iterator[_Addressee]:
    """The agencies of the timetable: addressed members and bodies; leads are in it with the reason they are skipped."""
    known = {response.agency: response for response in responses}
    extensions = {addressee.agency: addressee.extension for addressee in round.addressees}
    away = {absence.address: absence for absence in absences}
    for agency in roster.agencies:
        if agency.code not in codes:
            continue
        member = agency.member or agency.code
        response = known.get(member)
        own = extensions[agency.code] if agency.member else None
        granted = response.deadline if response else extensions.get(member)
        why = _why_not(agency, member, round, draft, response)
        to = () if why else find_recipients(agency, now).to
        yield _Addressee(
            agency=agency,
            deadline=own or granted or round.deadline,
            skipped=why or ("" if to else "no address works"),
            absence=away.get(to[0]) if to else None,
        )


def _why_not(agency: Agency, member: str, round: Round, draft: Draft, response: Response | None) -> str:
    """Why an agency is not reminded at all; "" when it is."""
    if member in draft.leads:
        return "leads this draft"
    if round.closed_at is not None:
        return "the round is closed"
    if response is None:
        return ""
    if is_done(response):
        return f"has answered: {response.state.value.replace('_', ' ')}"
    if response.do_not_chase:
        return response.do_not_chase
    kind = dict(response.bodies).get(agency.code) if agency.member else None
    return f"has answered: {kind.value.replace('_', ' ')}" if kind in ANSWERS and kind else ""


# --- When -----------------------------------------------------------------------------------------------------------


def _plan_step(round: Round, addressee: _Addressee, step: str, now: datetime) -> tuple[PlannedReminder, datetime]:
    """One step of one addressee, with its nominal instant."""
    agency, deadline = addressee.agency, addressee.deadline
    nominal = _find_instant(step, deadline, agency)
    at, moved = _latest_opening(nominal, now, agency), ""
    if addressee.absence is not None:
        last = deadline.at if count_days(step) < 0 else nominal + STALE
        at, moved = defer(at, addressee.absence, agency, last)
    skipped = addressee.skipped or _why_not_now(round, deadline, step, nominal, max(at, now), now)
    if skipped:
        at, moved = nominal, ""
    reminder = PlannedReminder(round_id=round.id, agency=agency.code, step=step, at=at, skipped=skipped, moved=moved)
    return reminder, nominal


def _why_not_now(
    round: Round, deadline: Deadline, step: str, nominal: datetime, leaves: datetime, now: datetime
) -> str:
    """Why a step is of no use, whoever it is for; "" when it is."""
    if nominal <= round.opened_at:
        return "lies before the call for inputs"
    if nominal - round.opened_at < (deadline.at - nominal) / 2:
        return "too soon after the call for inputs"
    if count_days(step) < 0 and leaves >= deadline.at:
        return "the deadline has passed"
    return "too long ago to be of use" if now - nominal > STALE else ""


def _find_latest_sent(round: Round, sent: Collection[str]) -> Mapping[str, int]:
    """Days from the deadline of the latest step in the outbox, by agency; steps that left the ladder count as well."""
    latest: dict[str, int] = {}
    for key in sent:
        _, number, step, agency = key.split(":")
        if number == str(round.id):
            latest[agency] = max(count_days(step), latest.get(agency, -100))
    return latest


def _skip_spent(
    reminder: PlannedReminder, nominal: datetime, sent: Collection[str], latest: Mapping[str, int]
) -> PlannedReminder:
    """What is in the outbox is spent, and so is everything before it.

    What does not go out is shown where it belongs, not at an opening it did not need any more.
    """
    if reminder_key(reminder) in sent:
        return replace(reminder, at=nominal, skipped="in the outbox already", moved="")
    if count_days(reminder.step) < latest.get(reminder.agency, -100):
        return replace(reminder, at=nominal, skipped=reminder.skipped or "a later reminder went out", moved="")
    return reminder


def _list_steps(round: Round) -> list[str]:
    """The steps of its ladder; once silence has counted nobody is asked any more."""
    return [step for step in round.ladder if round.purpose is not RoundPurpose.SILENCE or count_days(step) < 0]


def _is_open(step: str, deadline: Deadline, station: Station, now: datetime) -> bool:
    """Whether a step that did not go out yet could go out now."""
    nominal = _find_instant(step, deadline, station)
    return nominal <= now <= nominal + STALE and is_open(now, station)


def _find_instant(step: str, deadline: Deadline, station: Station) -> datetime:
    """The instant of a step, at the opening of the station's office."""
    return _find_opening(step, deadline.at, get_hours(station))


@lru_cache(maxsize=4096)
def _find_opening(step: str, deadline: datetime, station: Hours) -> datetime:
    days, last = count_days(step), find_day(deadline, station)
    if -WORKING_DAYS_UP_TO <= days < 0:
        return open_on(count_back(last, -days, station), station)
    return open_on(find_working_day(last + timedelta(days=days), station, -1 if days < 0 else 1), station)


def _latest_opening(nominal: datetime, now: datetime, station: Station) -> datetime:
    """The last opening of the office that is not after `now`; the nominal one while that lies ahead."""
    return nominal if now < nominal + OFFICE_HOURS else max(find_last_opening(now, station), nominal)
