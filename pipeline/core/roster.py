"""The roster file: the group, its members and the drafts it plans, as TOML a secretary can edit."""

import re
import tomllib
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime

from pipeline.core.entry import Entry, make_entries
from pipeline.core.model import Agency, Deadline, FocalPoint, Role, Roster, Rule
from pipeline.errors import UsageError

_DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_WORKDAYS = _DAYS[:5]
_ROLES = (
    ("focal_point", Role.FOCAL_POINT),
    ("alternate", Role.ALTERNATE),
    ("generic", Role.GENERIC),
    ("principal_office", Role.PRINCIPAL),
    ("lead_drafter", Role.LEAD_DRAFTER),
    ("chair_secretariat", Role.SECRETARIAT),
)
_GROUP_KEYS = (
    *("code", "name", "mailbox", "from_name", "aliases", "chair", "chair_term", "chair_timezone"),
    *("troika_previous", "incoming_chair", "incoming_term", "workdays", "holidays"),
)
_BODY_KEYS = (
    *("code", "name", "aliases", "un_entity", "timezone", "station", "language", "domains", "workdays", "holidays"),
    *(key for key, _ in _ROLES),
)
_MEMBER_KEYS = (*_BODY_KEYS, "body", "coordinator", "response_mode")
_DRAFT_KEYS = (
    *("code", "title", "type", "lead", "rule", "needs_endorsement", "circulated", "deadline", "deadline_timezone"),
    *("silence", "base_file"),
)
_ADDRESS = re.compile(r"[^\s@<>,;]+@[^\s@<>,;]+\.[^\s@<>,;]+")


@dataclass(frozen=True, slots=True, kw_only=True)
class SilencePlan:
    """When a text stands unless somebody objects."""

    #: the revision put under silence: "r1"
    revision: str
    opens: datetime
    closes: Deadline


@dataclass(frozen=True, slots=True, kw_only=True)
class DraftPlan:
    """A draft as the roster announces it, before anything is circulated."""

    code: str
    title: str
    #: free words: "joint statement"
    type: str
    #: codes of members
    leads: tuple[str, ...]
    rule: Rule
    #: a sentence for people
    note: str
    #: when the first text goes out
    circulated: datetime
    deadline: Deadline
    silence: SilencePlan | None = None
    #: path of the first text, relative to the roster; "" when there is none yet
    base_file: str = ""


def load_roster(text: str) -> tuple[Roster, tuple[DraftPlan, ...]]:
    """The group and the drafts it plans, from the TOML `text`.

    Raises: UsageError naming the key and what to write.
    """
    try:
        values = tomllib.loads(text)
    except tomllib.TOMLDecodeError as err:
        raise UsageError(f"roster.toml cannot be read as TOML: {err}; correct that line") from err
    top = Entry(place="roster.toml", values=values)
    top.allow(("group", "member", "draft"))
    roster = _read_group(top)
    members = {agency.code for agency in roster.members}
    plans = make_entries("roster.toml, [[draft]]", values.get("draft", []), "code")
    drafts = tuple(_read_draft(plan, members, roster.timezone) for plan in plans)
    _check_unique("[[draft]] code", (plan.code for plan in drafts))
    return roster, drafts


def _read_group(top: Entry) -> Roster:
    """The roster without drafts. Raises: UsageError."""
    group = top.get_entry("group")
    group.allow(_GROUP_KEYS)
    agencies = tuple(_read_members(top))
    if not agencies:
        raise top.fail("[[member]]", "is missing; write one [[member]] table for each member")
    roster = Roster(
        code=_read_code(group),
        name=group.get_text("name"),
        mailbox=_read_address(group, "mailbox", group.get_text("mailbox")),
        from_name=group.get_text("from_name"),
        aliases=tuple(_read_address(group, "aliases", item) for item in group.get_texts("aliases")),
        chair=group.get_texts("chair"),
        timezone=group.get_zone("chair_timezone"),
        workdays=_read_workdays(group),
        holidays=group.get_days("holidays"),
        agencies=agencies,
        chair_term=_read_term(group, "chair_term"),
        incoming_chair=group.get_texts("incoming_chair"),
        incoming_term=_read_term(group, "incoming_term"),
        troika_previous=group.get_texts("troika_previous"),
    )
    _check_roster(group, roster)
    return roster


def _read_members(top: Entry) -> Iterator[Agency]:
    """The members in order, each followed by its bodies. Raises: UsageError."""
    for member in make_entries("roster.toml, [[member]]", top.values.get("member", []), "code"):
        member.allow(_MEMBER_KEYS)
        bodies = member.get_entries("body", "code")
        agency = _read_agency(member, None)
        yield agency
        for body in bodies:
            body.allow(_BODY_KEYS)
            yield _read_agency(body, agency.code)
        codes = [body.get_text("code") for body in bodies]
        if agency.coordinator is not None and agency.coordinator not in codes:
            raise member.fail("coordinator", f"{agency.coordinator!r} is none of its bodies; write one of {codes}")


def _read_agency(entry: Entry, member: str | None) -> Agency:
    """One member, or one body of `member`. Raises: UsageError."""
    contacts = tuple(
        FocalPoint(address=_read_address(entry, key, address), role=role)
        for key, role in _ROLES
        for address in entry.get_texts(key)
    )
    if not any(contact.role is Role.FOCAL_POINT for contact in contacts):
        raise entry.fail("focal_point", 'is missing; write focal_point = "name@agency.example"')
    return Agency(
        code=_read_code(entry),
        name=entry.get_text("name"),
        timezone=entry.get_zone("timezone"),
        station=entry.get_text("station", ""),
        language=entry.get_text("language", "en"),
        aliases=entry.get_texts("aliases"),
        domains=tuple(domain.lower() for domain in entry.get_texts("domains")),
        contacts=contacts,
        un_entity=entry.get_flag("un_entity", True),
        member=member,
        coordinator=entry.get_optional("coordinator"),
        workdays=_read_workdays(entry),
        holidays=entry.get_days("holidays"),
    )


def _read_code(entry: Entry) -> str:
    """The short code. Raises: UsageError when it does not fit into a subject token."""
    code = entry.get_text("code")
    if not re.fullmatch(r"[A-Z][A-Z0-9]*", code):
        raise entry.fail("code", f"{code!r} does not fit; write capital letters and digits, as in UNICEF")
    return code


def _read_address(entry: Entry, key: str, address: str) -> str:
    """`address` in lower case. Raises: UsageError when it is none."""
    if not _ADDRESS.fullmatch(address):
        raise entry.fail(key, f"{address!r} is no mail address; write one such as focal@agency.example")
    return address.lower()


def _read_workdays(entry: Entry) -> tuple[str, ...]:
    """The three-letter weekday names. Raises: UsageError when one is not."""
    days = entry.get_texts("workdays") or _WORKDAYS
    if unknown := [day for day in days if day not in _DAYS]:
        raise entry.fail("workdays", f"{unknown[0]!r} is no weekday; write some of {', '.join(_DAYS)}")
    return days


def _read_term(group: Entry, name: str) -> tuple[date, date] | None:
    """First and last day of a chair's term; None when not given. Raises: UsageError."""
    if name not in group.values:
        return None
    term = group.get_entry(name)
    start, end = (term.parse_day(key, term.values.get(key)) for key in ("start", "end"))
    if end < start:
        raise term.fail("end", "is before start; write a later day")
    return start, end


def _check_roster(group: Entry, roster: Roster) -> None:
    """Nothing. Raises: UsageError when two entries claim the same thing, or a name points nowhere."""
    codes = {agency.code for agency in roster.members}
    _check_unique("code", (agency.code for agency in roster.agencies))
    _check_unique("domains", (domain for agency in roster.agencies for domain in agency.domains))
    _check_owners(roster)
    if not roster.chair:
        raise group.fail("chair", 'is missing; write chair = "UNODC"')
    if roster.incoming_term is not None and not roster.incoming_chair:
        raise group.fail("incoming_chair", 'is missing beside incoming_term; write incoming_chair = "ILO"')
    for key in ("chair", "incoming_chair", "troika_previous"):
        named: tuple[str, ...] = getattr(roster, key)
        if strangers := [code for code in named if code not in codes]:
            raise group.fail(key, f"{strangers[0]!r} is no member; write one of {', '.join(sorted(codes))}")


def _check_owners(roster: Roster) -> None:
    """Nothing. Raises: UsageError when two members share an address; a member and its own body may."""
    owners: dict[str, str] = {}
    for agency in roster.agencies:
        member = agency.member or agency.code
        for contact in agency.contacts:
            if owners.setdefault(contact.address, member) != member:
                place = f"roster.toml: {agency.code}: {contact.address!r}"
                raise UsageError(f"{place} is an address of {owners[contact.address]} too; write it at one of them")


def _check_unique(key: str, values: Iterator[str]) -> None:
    """Nothing. Raises: UsageError when a value occurs twice."""
    for value, count in Counter(values).items():
        if count > 1:
            raise UsageError(f"roster.toml: {key}: {value!r} is given {count} times; write it once")


def _read_draft(entry: Entry, members: set[str], zone: str) -> DraftPlan:
    """One planned draft; `zone` applies where it names none. Raises: UsageError."""
    entry.allow(_DRAFT_KEYS)
    leads = entry.get_texts("lead")
    if strangers := [code for code in leads if code not in members]:
        raise entry.fail("lead", f"{strangers[0]!r} is no member; write one of {', '.join(sorted(members))}")
    zone = entry.get_zone("deadline_timezone", zone)
    circulated = entry.get_instant("circulated")
    deadline = Deadline(at=entry.get_wall_time("deadline", zone), zone=zone)
    if deadline.at <= circulated:
        raise entry.fail("deadline", "is not after circulated; write a later instant")
    return DraftPlan(
        code=_read_code(entry),
        title=entry.get_text("title"),
        type=entry.get_text("type", "draft"),
        leads=leads,
        rule=Rule.ENDORSEMENT if entry.get_flag("needs_endorsement") else Rule.INPUTS,
        note=entry.get_text("rule", ""),
        circulated=circulated,
        deadline=deadline,
        silence=_read_silence(entry, zone),
        base_file=entry.get_text("base_file", ""),
    )


def _read_silence(draft: Entry, zone: str) -> SilencePlan | None:
    """The silence procedure of a draft, None without one. Raises: UsageError."""
    if "silence" not in draft.values:
        return None
    entry = draft.get_entry("silence")
    entry.allow(("revision", "opens", "closes", "timezone"))
    zone = entry.get_zone("timezone", zone)
    closes = Deadline(at=entry.get_wall_time("closes", zone), zone=zone)
    plan = SilencePlan(revision=entry.get_text("revision"), opens=entry.get_instant("opens"), closes=closes)
    if plan.closes.at <= plan.opens:
        raise entry.fail("closes", "is not after opens; write a later instant")
    return plan


# --- Writing ----------------------------------------------------------------------------------------------------


def dump_roster(roster: Roster, drafts: tuple[DraftPlan, ...] = ()) -> str:
    """The TOML from which `load_roster` reads the same roster and drafts again."""
    lines = ["[group]", *_lines(_group_values(roster))]
    for agency in roster.agencies:
        table, indent = ("[[member]]", "") if agency.member is None else ("[[member.body]]", "  ")
        lines += ["", indent + table, *(indent + line for line in _lines(_agency_values(agency)))]
    for draft in drafts:
        lines += ["", "[[draft]]", *_lines(_draft_values(draft))]
    return "\n".join(lines) + "\n"


def _group_values(roster: Roster) -> list[tuple[str, object]]:
    """The keys of the group with their values."""
    values: list[tuple[str, object]] = [("code", roster.code), ("name", roster.name), ("mailbox", roster.mailbox)]
    values += [("from_name", roster.from_name), ("aliases", roster.aliases), ("chair", roster.chair)]
    values += _term_values("chair_term", roster.chair_term)
    values += [("chair_timezone", roster.timezone), ("incoming_chair", roster.incoming_chair)]
    values += _term_values("incoming_term", roster.incoming_term)
    values.append(("troika_previous", roster.troika_previous))
    return [*values, ("workdays", roster.workdays), ("holidays", tuple(day.isoformat() for day in roster.holidays))]


def _term_values(key: str, term: tuple[date, date] | None) -> list[tuple[str, object]]:
    """The term of a chair under its key; nothing when there is none."""
    return [(key, {"start": term[0].isoformat(), "end": term[1].isoformat()})] if term else []


def _agency_values(agency: Agency) -> list[tuple[str, object]]:
    """The keys of a member or body with their values; what is as usual is left out."""
    values: list[tuple[str, object]] = [("code", agency.code), ("name", agency.name)]
    values += [("aliases", agency.aliases)] if agency.aliases else []
    values += [("un_entity", agency.un_entity), ("timezone", agency.timezone), ("station", agency.station)]
    values += [("language", agency.language)] if agency.language != "en" else []
    values += [("coordinator", agency.coordinator)] if agency.coordinator else []
    values += [("workdays", agency.workdays)] if agency.workdays != _WORKDAYS else []
    values += [("holidays", tuple(day.isoformat() for day in agency.holidays))] if agency.holidays else []
    values.append(("domains", agency.domains))
    for key, role in _ROLES:
        addresses = tuple(contact.address for contact in agency.contacts if contact.role is role)
        values += [(key, addresses[0] if len(addresses) == 1 else addresses)] if addresses else []
    return values


def _draft_values(draft: DraftPlan) -> list[tuple[str, object]]:
    """The keys of a planned draft with their values."""
    values: list[tuple[str, object]] = [("code", draft.code), ("title", draft.title), ("type", draft.type)]
    values += [("lead", draft.leads), ("rule", draft.note), ("needs_endorsement", draft.rule is Rule.ENDORSEMENT)]
    values += [("circulated", draft.circulated.isoformat())]
    values += [("deadline", _wall(draft.deadline)), ("deadline_timezone", draft.deadline.zone)]
    if (silence := draft.silence) is not None:
        opens, closes = silence.opens.isoformat(), _wall(silence.closes)
        plan = {"revision": silence.revision, "opens": opens, "closes": closes, "timezone": silence.closes.zone}
        values.append(("silence", plan))
    return [*values, ("base_file", draft.base_file)]


def _wall(deadline: Deadline) -> str:
    """The local time with its offset: one hour of the year happens twice."""
    return deadline.local.isoformat()


def _lines(values: list[tuple[str, object]]) -> list[str]:
    """One TOML line for each key."""
    return [f"{key} = {_literal(value)}" for key, value in values]


def _literal(value: object) -> str:
    """`value` as TOML. See: TOML 1.0, strings."""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, tuple):
        return f"[{', '.join(_literal(item) for item in value)}]"
    if isinstance(value, dict):
        return f"{{ {', '.join(f'{key} = {_literal(item)}' for key, item in value.items())} }}"
    escaped = str(value).replace("\\", "\\\\").replace('"', '\\"')
    return '"' + re.sub(r"[\x00-\x1f\x7f]", lambda found: f"\\u{ord(found[0]):04x}", escaped) + '"'
