"""What the chair is told in the morning, and when a deadline has passed. See: docs/analysis/reminders.md."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from pipeline.core import compose, flowed, tokens
from pipeline.core.absence import list_deputies
from pipeline.core.briefing import make_nudge_key
from pipeline.core.deadlines import describe, describe_day, describe_short, pick_language
from pipeline.core.model import Absence, Deadline, Draft, Occasion, OutgoingMail, Response, ResponseState, Roster, Round
from pipeline.core.recipients import find_secretariat
from pipeline.core.tracking import is_done

#: what a reason not to chase begins with, and what the templates call it
_OBSTACLES = {"needs attention": "attention", "extension pending": "extension", "no address works": "bounced"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Obstacle:
    """A member that is not chased because something waits for the secretariat."""

    agency: str
    #: "attention", "extension" (a request is undecided) or "bounced"
    kind: str
    #: number of the message; "" for bounced
    message: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """Where one round stands, as the chair is told."""

    round: Round
    draft: Draft
    answered: int
    asked: int
    #: codes of the members that owe an answer and may be reminded
    missing: tuple[str, ...]
    obstacles: tuple[Obstacle, ...]
    #: members that were given more time and have not answered
    granted: tuple[tuple[str, Deadline], ...]
    #: codes of the agencies that are reminded today
    today: tuple[str, ...] = ()
    #: those whose reminder waits for a release
    held: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Desk:
    """What waits for a person, whatever the round."""

    #: messages
    attention: int
    #: mails that may or may not have arrived, and those that were refused
    uncertain: int
    #: mails that a person holds back
    held: int
    #: None when the mailbox was never read
    last_poll: datetime | None
    #: who of the addressees is away
    absences: tuple[Absence, ...] = ()


def take_stock(
    round: Round, draft: Draft, responses: Sequence[Response], today: Sequence[str] = (), held: Sequence[str] = ()
) -> Standing:
    """Where a round stands; leads are not asked and not counted."""
    asked = [response for response in responses if response.state is not ResponseState.LEAD]
    owing = [response for response in asked if not is_done(response)]
    return Standing(
        round=round,
        draft=draft,
        answered=len(asked) - len(owing),
        asked=len(asked),
        missing=tuple(response.agency for response in owing if not response.do_not_chase),
        obstacles=tuple(_read_obstacle(response) for response in owing if response.do_not_chase),
        granted=tuple((each.agency, each.deadline) for each in owing if each.deadline.at > round.deadline.at),
        today=tuple(today),
        held=tuple(held),
    )


def write_digest(
    roster: Roster, standings: Sequence[Standing], desk: Desk, key: str, secret: bytes, now: datetime
) -> OutgoingMail | None:
    """The mail of this morning in the language of the chair; None when the roster names no mailbox of the chair."""
    language = _find_language(roster)
    values = {
        "rounds": [_describe_round(each, roster, language) for each in standings],
        "missing": sum(len(each.missing) for each in standings),
        "desk": desk,
        "away": [_describe_absence(absence, roster, language) for absence in desk.absences],
        "last_poll": _describe_instant(desk.last_poll, roster, language) if desk.last_poll else "",
    }
    return _write(roster, "digest", Occasion.DIGEST, key, values, None, secret, now)


def write_nudge(roster: Roster, standing: Standing, desk: Desk, secret: bytes, now: datetime) -> OutgoingMail | None:
    """The mail that says a deadline has passed; None when the roster names no mailbox of the chair."""
    language = _find_language(roster)
    values = {
        "round": _describe_round(standing, roster, language),
        "last_poll": _describe_instant(desk.last_poll, roster, language) if desk.last_poll else "",
        "read_since": desk.last_poll is not None and desk.last_poll >= standing.round.deadline.at,
    }
    key = make_nudge_key(standing.round)
    return _write(roster, "nudge", Occasion.NUDGE, key, values, standing.round.id, secret, now)


def _read_obstacle(response: Response) -> Obstacle:
    reason, _, message = response.do_not_chase.partition(": message ")
    known = (kind for start, kind in _OBSTACLES.items() if reason.startswith(start))
    return Obstacle(agency=response.agency, kind=next(known, "attention"), message=message)


def _describe_round(standing: Standing, roster: Roster, language: str) -> Mapping[str, object]:
    """What the templates say of one round."""
    round = standing.round
    return {
        "id": round.id,
        "purpose": round.purpose.value,
        "token": f"{roster.code}-{round.draft}",
        "title": standing.draft.title,
        "revision": round.current_revision,
        "deadline": describe(round.deadline, roster.timezone, language),
        "answered": standing.answered,
        "asked": standing.asked,
        "missing": ", ".join(standing.missing),
        "obstacles": standing.obstacles,
        "granted": [(agency, describe(until, roster.timezone, language)) for agency, until in standing.granted],
        "today": ", ".join(standing.today),
        "held": ", ".join(standing.held),
    }


def _describe_absence(absence: Absence, roster: Roster, language: str) -> Mapping[str, str]:
    """What the template says of somebody who is away; deputies are those who are not on the roster yet."""
    return {
        "agency": absence.agency,
        "address": absence.address,
        "until": describe_day(absence.until, language),
        "deputies": ", ".join(list_deputies(absence, roster)),
    }


def _describe_instant(at: datetime, roster: Roster, language: str) -> str:
    return describe_short(Deadline(at=at, zone=roster.timezone), language)


def _find_language(roster: Roster) -> str:
    chair = next((agency.language for agency in roster.agencies if agency.code in roster.chair), "en")
    return pick_language(chair)


def _write(
    roster: Roster,
    template: str,
    occasion: Occasion,
    key: str,
    values: Mapping[str, object],
    round_id: int | None,
    secret: bytes,
    now: datetime,
) -> OutgoingMail | None:
    recipients, language = find_secretariat(roster, now), _find_language(roster)
    if not recipients.to:
        return None
    common = {
        "group": roster.name,
        "code": roster.code,
        "from_name": roster.from_name,
        "chair": ", ".join(roster.chair),
    }
    local = Deadline(at=now, zone=roster.timezone).local
    told = {**common, "day": describe_day(local.date(), language), **values}
    subject, text = (compose.fill(f"{template}/{language}/{name}.txt", told) for name in ("subject", "body"))
    subject, text = compose.clean_subject(subject), text.strip("\n")
    text = compose.join_french(text) if language == "fr" else text
    domain = roster.mailbox.rpartition("@")[2]
    message_id = tokens.make_message_id(secret, draft="desk", revision="", agency="chair", key=key, domain=domain)
    mail = compose.start_message(roster, recipients, subject, message_id, occasion, now)
    compose.write_body(mail, secret, message_id, text, language)
    return OutgoingMail(
        message_id=message_id,
        occasion=occasion,
        key=key,
        to=recipients.to,
        cc=recipients.cc,
        subject=subject,
        text=flowed.flow(text),
        raw=mail.as_bytes(policy=compose.MAIL_POLICY),
        not_before=now,
        round_id=round_id,
    )
