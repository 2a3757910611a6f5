"""The timetable of reminders and what of it is due; keys never depend on `now`. See: docs/analysis/reminders.md."""

import re
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from pipeline.core.model import Agency, Deadline, Draft, PlannedReminder, Response, Roster, Round, RoundPurpose
from pipeline.core.tracking import ANSWERS, is_done

#: steps of a round unless the secretariat wants others
LADDER = ("T-7", "T-2", "T+1")
#: wall clock of the addressee
OPENING = time(9)
#: how long after the opening a step that was missed may still go out that day
OFFICE_HOURS = timedelta(hours=8)
#: a mailbox read longer ago says nothing about who has answered
FRESH = timedelta(hours=1)
#: a step that could not go out within this time is of no use any more
STALE = timedelta(days=7)
#: steps this short before the deadline count working days, longer ones the days of the calendar
WORKING_DAYS_UP_TO = 3

_DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_STEP = re.compile(r"T([+-])(\d{1,3})")


@dataclass(frozen=True, slots=True, kw_only=True)
class _Addressee:
    """One line of the timetable: who is reminded, by which deadline, and what speaks against it."""

    agency: Agency
    deadline: Deadline
    #: reason that holds for all its steps; "" when there is none
    skipped: str


def plan(
    round: Round,
    draft: Draft,
    roster: Roster,
    responses: Sequence[Response] = (),
    sent: Collection[str] = frozenset(),
    *,
    now: datetime,
    ladder: Sequence[str] = LADDER,
) -> tuple[PlannedReminder, ...]:
    """Every reminder of the round, sent or not, in order of its instant; instants carry the addressee's zone.

    `sent`: keys of reminders in the outbox. A step that was missed stands at the latest opening of the addressee's
    office since, so that it can still go out. Without `responses` nobody has answered yet.

    Raises: ValueError for a step that is not written like "T-7" or "T+1".
    """
    # instants of one zone are compared by their wall clocks: in UTC no hour occurs twice
    now, planned = now.astimezone(UTC), list[PlannedReminder]()
    for addressee in _find_addressees(round, draft, roster, responses):
        steps = [step for step in ladder if not _is_after_silence(round, step)]
        rows = [_plan_step(round, addressee, step, now) for step in steps]
        planned += _skip_spent(sorted(rows, key=lambda row: row[1]), sent)
    return tuple(sorted(planned, key=lambda reminder: reminder.at.astimezone(UTC)))


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
            if before is None or _days(before.step) < _days(reminder.step):
                latest[(reminder.round_id, reminder.agency)] = reminder
    return tuple(latest.values())


def find_leave(reminder: PlannedReminder, agency: Agency, now: datetime) -> datetime:
    """When a reminder that waits in the outbox may leave: `now` in office hours, else the next opening (UTC).

    It waits when the way out was closed for hours, or when the agency got more time after it was queued.
    """
    now, at = now.astimezone(UTC), reminder.at.astimezone(UTC)
    if now < at:
        return at
    if now < at + OFFICE_HOURS:
        return now
    today = now.astimezone(ZoneInfo(agency.timezone)).date()
    days = (today, today + timedelta(days=1))
    openings = (_open_office(_find_working_day(day, agency, 1), agency).astimezone(UTC) for day in days)
    return next(opening for opening in openings if opening >= now)


def reminder_key(reminder: PlannedReminder) -> str:
    """The key that makes a reminder unique: "reminder:3:T-7:ILO"."""
    return f"reminder:{reminder.round_id}:{reminder.step}:{reminder.agency}"


def _was_read(reminder: PlannedReminder, now: datetime, last_poll: datetime | None) -> bool:
    """Whether the mailbox was read late enough to know who has answered."""
    return last_poll is not None and last_poll >= reminder.at and last_poll >= now - FRESH


# --- Whom -----------------------------------------------------------------------------------------------------------


def _find_addressees(round: Round, draft: Draft, roster: Roster, responses: Sequence[Response]) -> Iterator[_Addressee]:
    """The agencies of the timetable: addressed members and bodies; leads are in it with the reason they are skipped."""
    known = {response.agency: response for response in responses}
    extensions = {addressee.agency: addressee.extension for addressee in round.addressees}
    for agency in roster.agencies:
        if agency.code not in extensions:
            continue
        member = agency.member or agency.code
        response = known.get(member)
        own = extensions[agency.code] if agency.member else None
        granted = response.deadline if response else extensions.get(member)
        yield _Addressee(
            agency=agency,
            deadline=own or granted or round.deadline,
            skipped=_why_not(agency, member, round, draft, response),
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
    nominal = _find_instant(step, addressee.deadline, addressee.agency)
    at = _latest_opening(nominal, now, addressee.agency)
    skipped = addressee.skipped
    if not skipped and nominal <= round.opened_at:
        skipped = "lies before the call for inputs"
    elif not skipped and nominal - round.opened_at < (addressee.deadline.at - nominal) / 2:
        skipped = "too soon after the call for inputs"
    elif not skipped and _days(step) < 0 and max(at, now) >= addressee.deadline.at:
        skipped = "the deadline has passed"
    elif not skipped and now - nominal > STALE:
        skipped = "too long ago to be of use"
    reminder = PlannedReminder(round_id=round.id, agency=addressee.agency.code, step=step, at=at, skipped=skipped)
    return reminder, nominal


def _skip_spent(rows: Sequence[tuple[PlannedReminder, datetime]], sent: Collection[str]) -> list[PlannedReminder]:
    """The steps of one addressee in order; what is in the outbox is spent, and so is everything before it."""
    found: list[PlannedReminder] = []
    later_sent = False
    for reminder, nominal in reversed(rows):
        if reminder_key(reminder) in sent:
            # shown where it belongs, not at an opening it did not need any more
            reminder, later_sent = replace(reminder, at=nominal, skipped="in the outbox already"), True
        elif later_sent:
            reminder = replace(reminder, at=nominal, skipped=reminder.skipped or "a later reminder went out")
        found.append(reminder)
    return found[::-1]


def _is_after_silence(round: Round, step: str) -> bool:
    """Whether a step asks for an answer when silence has already counted."""
    return round.purpose is RoundPurpose.SILENCE and _days(step) > 0


def _days(step: str) -> int:
    """Days from the deadline: -7 for "T-7". Raises: ValueError."""
    match = _STEP.fullmatch(step)
    if match is None:
        raise ValueError(f"a reminder step is written T-7 or T+1, not {step!r}")
    return -int(match[2]) if match[1] == "-" else int(match[2])


def _find_instant(step: str, deadline: Deadline, agency: Agency) -> datetime:
    """The instant of a step, at the opening of the agency's office."""
    days, last = _days(step), deadline.at.astimezone(ZoneInfo(agency.timezone)).date()
    if -WORKING_DAYS_UP_TO <= days < 0:
        return _open_office(_count_back(last, -days, agency), agency)
    return _open_office(_find_working_day(last + timedelta(days=days), agency, -1 if days < 0 else 1), agency)


def _count_back(day: date, count: int, agency: Agency) -> date:
    """The working day `count` working days before `day`."""
    for _ in range(count):
        day = _find_working_day(day - timedelta(days=1), agency, -1)
    return day


def _find_working_day(day: date, agency: Agency, direction: int) -> date:
    """`day` or the nearest working day of the agency in this direction; `day` itself when it has none for a year."""
    for distance in range(366):
        candidate = day + timedelta(days=distance * direction)
        if _DAYS[candidate.weekday()] in agency.workdays and candidate not in agency.holidays:
            return candidate
    return day


def _open_office(day: date, agency: Agency) -> datetime:
    """09:00 of a day on the agency's wall clock; through UTC, because a zone may have left that hour out."""
    zone = ZoneInfo(agency.timezone)
    return datetime.combine(day, OPENING, zone).astimezone(UTC).astimezone(zone)


def _latest_opening(nominal: datetime, now: datetime, agency: Agency) -> datetime:
    """The last opening of the office that is not after `now`; the nominal one while that lies ahead."""
    if now < nominal + OFFICE_HOURS:
        return nominal
    today = now.astimezone(ZoneInfo(agency.timezone)).date()
    latest = _open_office(_find_working_day(today, agency, -1), agency)
    if latest > now:
        latest = _open_office(_find_working_day(today - timedelta(days=1), agency, -1), agency)
    return max(latest, nominal)
