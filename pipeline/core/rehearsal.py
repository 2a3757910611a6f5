"""The clock played forward with nothing coming in: every mail that will leave, and why others will not.

See: docs/analysis/reminders.md.
"""

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from pipeline.core import schedule
from pipeline.core.briefing import find_nudge, list_digests, make_nudge_key
from pipeline.core.hours import find_next_opening
from pipeline.core.model import (
    Absence,
    Agency,
    Draft,
    MailState,
    Occasion,
    PlannedReminder,
    Response,
    Roster,
    Round,
    SentMail,
)
from pipeline.core.recipients import find_recipients, find_secretariat

#: instants one addressee is looked at; a late step tries again each morning for a week, and there are four steps
_MOST_TURNS = 60


@dataclass(frozen=True, slots=True, kw_only=True)
class RoundState:
    """Everything the timetable of a round depends on, at one instant."""

    round: Round
    draft: Draft
    roster: Roster
    responses: tuple[Response, ...]
    #: keys of its reminders in the outbox, in whatever state
    sent: frozenset[str]
    absences: tuple[Absence, ...]
    #: mails of the round that have not left
    waiting: tuple[SentMail, ...] = ()
    #: keys of digests and nudges in the outbox
    briefed: frozenset[str] = frozenset()
    #: the chair wants a digest
    digests: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Departure:
    """One mail that will leave, or will not."""

    #: on the clock of its recipient; of a mail that a person holds: from when on it may leave
    at: datetime
    occasion: Occasion
    key: str
    to: tuple[str, ...]
    cc: tuple[str, ...] = ()
    #: member or body code; None for mail to the chair
    agency: str | None = None
    round_id: int | None = None
    #: step of the ladder; "" for other mail
    step: str = ""
    #: why it will not leave; "" when it will
    skipped: str = ""
    #: why it leaves later than its step says; "" when it does not
    moved: str = ""
    #: it leaves when a person releases it
    held: bool = False


def rehearse(state: RoundState, now: datetime, until: datetime | None = None) -> tuple[Departure, ...]:
    """Every mail of the round that will leave from `now` on, and every reminder that will not, in order of instants.

    Takes for granted that nobody writes, that nobody decides, and that mailbox and way out work. Digests are listed up
    to `until`, or to the last of the other mails.
    """
    now = now.astimezone(UTC)
    found = [*_list_waiting(state, now), *_list_reminders(state, now), *_list_nudges(state, now)]
    last = until or max((each.at for each in found), default=state.round.deadline.at)
    return sort_departures([*found, *_list_digests(state, now, last)])


def sort_departures(found: Iterable[Departure]) -> tuple[Departure, ...]:
    """Mails in order of their instants; what two rounds have in common stands once."""
    once = {(each.key, each.to): each for each in found}
    return tuple(sorted(once.values(), key=lambda each: (each.at.astimezone(UTC), each.key)))


# --- What waits already -----------------------------------------------------------------------------------------------


def _list_waiting(state: RoundState, now: datetime) -> Iterator[Departure]:
    wanted = {schedule.reminder_key(each): each for each in _plan(state, (), now)}
    for sent in state.waiting:
        at, skipped = max(now, sent.mail.not_before), ""
        if sent.mail.occasion is Occasion.REMINDER:
            step, agency = wanted.get(sent.mail.key), state.roster.get_agency(sent.mail.agency or "")
            skipped = step.skipped if step else "not on the ladder any more"
            at = at if step is None else max(at, schedule.find_leave(step, agency, at))
        yield Departure(
            at=at.astimezone(_find_zone(state, sent.mail.agency)),
            occasion=sent.mail.occasion,
            key=sent.mail.key,
            to=sent.mail.to,
            cc=sent.mail.cc,
            agency=sent.mail.agency,
            round_id=state.round.id,
            step=sent.mail.key.split(":")[2] if sent.mail.occasion is Occasion.REMINDER else "",
            skipped=skipped,
            held=sent.state is MailState.HELD,
        )


def _find_zone(state: RoundState, code: str | None) -> ZoneInfo:
    """The clock of an agency, or of the secretariat."""
    found = next((agency.timezone for agency in state.roster.agencies if agency.code == code), state.roster.timezone)
    return ZoneInfo(found)


# --- Reminders --------------------------------------------------------------------------------------------------------


def _list_reminders(state: RoundState, now: datetime) -> Iterator[Departure]:
    """Every step of every addressee, each addressee played by itself: nobody's reminder depends on another's."""
    asked = {addressee.agency for addressee in state.round.addressees}
    waiting = {sent.mail.key for sent in state.waiting}
    for agency in state.roster.agencies:
        if agency.code in asked:
            for planned in _play(_narrow(state, agency), agency, now):
                if schedule.reminder_key(planned) not in waiting:
                    yield _depart(state, planned, agency, now)


def _narrow(state: RoundState, agency: Agency) -> RoundState:
    """What the reminders of one addressee depend on."""
    codes = {agency.code, agency.member or agency.code}
    return replace(
        state,
        round=replace(state.round, addressees=tuple(each for each in state.round.addressees if each.agency in codes)),
        roster=replace(state.roster, agencies=(agency,)),
        responses=tuple(each for each in state.responses if each.agency in codes),
    )


def _play(state: RoundState, agency: Agency, now: datetime) -> Iterator[PlannedReminder]:
    """The steps of one addressee as they come out; those that leave stand at the instant at which they do."""
    first = latest = _plan(state, state.sent, now)
    left: dict[str, datetime] = {}
    for _ in range(_MOST_TURNS):
        left |= {schedule.reminder_key(each): now for each in schedule.due(latest, now, now)}
        latest = _plan(state, state.sent | left.keys(), now)
        following = _find_following(latest, agency, now)
        if following is None:
            break
        now = following
        latest = _plan(state, state.sent | left.keys(), now)
    reasons = {schedule.reminder_key(each): each.skipped for each in latest}
    for each in first:
        key = schedule.reminder_key(each)
        if key in left:
            yield replace(each, at=left[key])
        else:
            yield replace(each, skipped=each.skipped or reasons[key])


def _find_following(planned: Iterable[PlannedReminder], agency: Agency, now: datetime) -> datetime | None:
    """The next instant (UTC) at which a step may leave; None when none is left."""
    open_ones = [each for each in planned if not each.skipped]
    instants = (each.at if each.at > now else find_next_opening(now, agency) for each in open_ones)
    return min((at.astimezone(UTC) for at in instants), default=None)


def _plan(state: RoundState, sent: Collection[str], now: datetime) -> tuple[PlannedReminder, ...]:
    return schedule.plan(state.round, state.draft, state.roster, state.responses, sent, state.absences, now=now)


def _depart(state: RoundState, planned: PlannedReminder, agency: Agency, now: datetime) -> Departure:
    recipients = find_recipients(agency, now)
    return Departure(
        at=planned.at.astimezone(ZoneInfo(agency.timezone)),
        occasion=Occasion.REMINDER,
        key=schedule.reminder_key(planned),
        to=recipients.to,
        cc=recipients.cc,
        agency=agency.code,
        round_id=state.round.id,
        step=planned.step,
        skipped=planned.skipped,
        moved=planned.moved,
        held=state.round.ask_first and not planned.skipped,
    )


# --- Mail to the chair ------------------------------------------------------------------------------------------------


def _list_nudges(state: RoundState, now: datetime) -> Iterator[Departure]:
    at = find_nudge(state.round, state.roster, state.briefed, now)
    if at is not None:
        yield from _write_to_chair(state, at, Occasion.NUDGE, make_nudge_key(state.round), now)


def _list_digests(state: RoundState, now: datetime, until: datetime) -> Iterator[Departure]:
    if state.digests:
        for at, key in list_digests(state.round, state.roster, state.briefed, now, until):
            yield from _write_to_chair(state, at, Occasion.DIGEST, key, now)


def _write_to_chair(
    state: RoundState, at: datetime, occasion: Occasion, key: str, now: datetime
) -> Iterator[Departure]:
    recipients = find_secretariat(state.roster, now)
    if recipients.to:
        round_id = state.round.id if occasion is Occasion.NUDGE else None
        at = at.astimezone(ZoneInfo(state.roster.timezone))
        yield Departure(at=at, occasion=occasion, key=key, to=recipients.to, cc=recipients.cc, round_id=round_id)
