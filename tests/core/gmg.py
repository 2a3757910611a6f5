"""The sample round as the core sees it: roster, rounds and filings, read from the scenario's files."""

import tomllib
from collections.abc import Mapping
from dataclasses import replace
from datetime import date, datetime
from functools import cache
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import yaml

from pipeline import demo
from pipeline.core.model import (
    Addressee,
    Agency,
    Deadline,
    Decision,
    Draft,
    Filing,
    FocalPoint,
    MailKind,
    Place,
    Role,
    Roster,
    Round,
    RoundPurpose,
    Rule,
)

FOLDER = Path(demo.__file__).parent / "gmg"
_ROLES = ("focal_point", "alternate", "generic", "principal_office", "lead_drafter", "chair_secretariat")
#: scenario words for places
_PLACES = {"unmatched": Place.HELD}


def read_yaml(name: str) -> Any:
    """One file of the scenario."""
    return yaml.safe_load((FOLDER / name).read_text(encoding="utf-8"))


def number(ref: str) -> int:
    """The database id a test gives to message `ref`: "M07" -> 7."""
    return int(ref.removeprefix("M"))


def make_agency(entry: Mapping[str, Any], member: str | None = None) -> Agency:
    """A member or body from its roster entry."""
    contacts = [FocalPoint(address=entry[role], role=Role(role)) for role in _ROLES if role in entry]
    return Agency(
        code=entry["code"],
        name=entry["name"],
        timezone=entry["timezone"],
        station=entry.get("station", ""),
        language=entry.get("language", "en"),
        domains=tuple(entry.get("domains", ())),
        contacts=tuple(contacts),
        member=member,
        coordinator=entry.get("coordinator"),
        workdays=tuple(entry.get("workdays", ("mon", "tue", "wed", "thu", "fri"))),
    )


@cache
def get_roster() -> Roster:
    """The roster of the sample round."""
    told = tomllib.loads((FOLDER / "roster.toml").read_text(encoding="utf-8"))
    group = told["group"]
    agencies: list[Agency] = []
    for member in told["member"]:
        agencies.append(make_agency(member))
        agencies += [make_agency(body, member["code"]) for body in member.get("body", ())]
    return Roster(
        code=group["code"],
        name=group["name"],
        mailbox=group["mailbox"],
        from_name=group["from_name"],
        aliases=tuple(group["aliases"]),
        chair=(group["chair"],),
        timezone=group["chair_timezone"],
        workdays=tuple(group["workdays"]),
        holidays=tuple(date.fromisoformat(day) for day in group["holidays"]),
        agencies=tuple(agencies),
    )


@cache
def get_drafts() -> dict[str, Draft]:
    """The three drafts by code."""
    told = tomllib.loads((FOLDER / "roster.toml").read_text(encoding="utf-8"))["draft"]
    return {
        entry["code"]: Draft(
            code=entry["code"],
            title=entry["title"],
            type=entry["type"],
            leads=tuple(entry["lead"]),
            rule=Rule.SILENCE if entry["needs_endorsement"] else Rule.INPUTS,
        )
        for entry in told
    }


def make_round(
    id: int, draft: str, revision: str, opened: str, deadline: str, zone: str, purpose: RoundPurpose
) -> Round:
    """A round that addresses everybody but the coordinating body."""
    roster = get_roster()
    coordinators = {agency.coordinator for agency in roster.agencies}
    return Round(
        id=id,
        draft=draft,
        revision=revision,
        current_revision=revision,
        purpose=purpose,
        opened_at=datetime.fromisoformat(opened),
        deadline=Deadline(at=datetime.fromisoformat(deadline).replace(tzinfo=ZoneInfo(zone)), zone=zone),
        addressees=tuple(
            Addressee(agency=agency.code, message_id=f"<{draft}.{revision}.{agency.code}@gmg.example>".lower())
            for agency in roster.agencies
            if agency.code not in coordinators
        ),
        subject=f"[GMG-{draft}] inputs",
    )


@cache
def get_rounds() -> dict[str, Round]:
    """The four rounds by "DRAFT revision"."""
    rounds = (
        make_round(1, "YTH", "r0", "2012-10-01T10:00+02:00", "2012-10-31T18:00", "Europe/Vienna", RoundPurpose.INPUTS),
        make_round(2, "JST", "r0", "2012-10-22T09:00+02:00", "2012-11-12T12:00", "Europe/Vienna", RoundPurpose.INPUTS),
        make_round(
            3, "HLD", "r0", "2012-11-19T15:00+01:00", "2012-12-07T17:00", "America/New_York", RoundPurpose.INPUTS
        ),
        make_round(4, "JST", "r1", "2012-12-03T09:00+01:00", "2012-12-12T12:00", "Europe/Vienna", RoundPurpose.SILENCE),
    )
    return {f"{round.draft} {round.revision}": round for round in rounds}


def _find_round(draft: str, received: datetime) -> Round:
    """The round a message of the scenario belongs to: the newest one of its draft that was open."""
    rounds = [round for round in get_rounds().values() if round.draft == draft and round.opened_at <= received]
    return rounds[-1] if rounds else get_rounds()[f"{draft} r0"]


def make_filing(message: Mapping[str, Any]) -> Filing | None:
    """The filing an expectation describes; None when it names no draft or no agency."""
    expect = message["expect"]
    if expect["draft"] is None or "agency" not in expect:
        return None
    received = datetime.fromisoformat(message.get("received") or message["date"])
    flags = tuple(expect.get("flags", ()))
    place = expect["message_state"]
    return Filing(
        message_id=number(message["id"]),
        agency=expect["agency"],
        body=expect.get("body"),
        round_id=_find_round(expect["draft"], received).id,
        kind=MailKind(expect["kind"]),
        place=_PLACES.get(place) or Place(place),
        received_at=received,
        attention_open="needs_attention" in flags,
        flags=flags,
        proposals=len(expect.get("edits", ())) + len(expect.get("comments", ())),
    )


@cache
def get_filings() -> tuple[Filing, ...]:
    """All filings of the scenario in order of receipt, linked to what replaced them."""
    filings = [filing for message in read_yaml("messages.yaml") if (filing := make_filing(message))]
    replaced = {
        number(flag.partition(":")[2]): filing.message_id
        for filing in filings
        for flag in filing.flags
        if flag.startswith("supersedes:")
    }
    return tuple(replace(filing, superseded_by=replaced.get(filing.message_id)) for filing in filings)


@cache
def get_decisions() -> tuple[Decision, ...]:
    """What the chair decided: time for WB until 7 November."""
    until = Deadline(at=datetime(2012, 11, 7, 18, tzinfo=ZoneInfo("Europe/Vienna")), zone="Europe/Vienna")
    granted = datetime.fromisoformat("2012-11-02T19:30+01:00")
    return (Decision(agency="WB", round_id=1, kind="grant_extension", at=granted, by="officer", until=until),)
