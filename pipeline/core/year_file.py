"""The year file: the texts the group plans and what it was told to do, as TOML a secretary can edit."""

import tomllib
from collections import Counter
from collections.abc import Iterable
from datetime import date

from pipeline.core.entry import Entry, make_entries
from pipeline.core.model import Mandate, Milestone, PlannedDraft
from pipeline.errors import UsageError

_FILE = "year file"
_DRAFT_KEYS = ("code", "title", "type", "lead", "circulate", "inputs_by", "milestone")
_DECISION_KEYS = ("number", "decided_on", "by", "text", "owner", "due", "done_on", "outcome")


def load_year(text: str) -> tuple[tuple[PlannedDraft, ...], tuple[Mandate, ...]]:
    """The planned texts and the decisions in the TOML `text`. Raises: UsageError naming the entry and what to write."""
    try:
        values = tomllib.loads(text)
    except tomllib.TOMLDecodeError as err:
        raise UsageError(f"The {_FILE} cannot be read as TOML: {err}; correct that line") from err
    Entry(place=_FILE, values=values).allow(("draft", "decision"))
    drafts = make_entries(f"{_FILE}, [[draft]]", values.get("draft", []), "code")
    decisions = make_entries(f"{_FILE}, [[decision]]", values.get("decision", []), "number")
    planned, mandates = tuple(map(_read_draft, drafts)), tuple(map(_read_decision, decisions))
    _check_unique("[[draft]] code", (each.code for each in planned))
    _check_unique("[[decision]] number", (each.number for each in mandates))
    return planned, mandates


def _read_draft(entry: Entry) -> PlannedDraft:
    """One planned text. Raises: UsageError."""
    entry.allow(_DRAFT_KEYS)
    return make_planned(
        code=entry.get_line("code"),
        title=entry.get_line("title"),
        type=entry.get_line("type", "draft"),
        leads=entry.get_texts("lead"),
        circulate=_read_day(entry, "circulate"),
        inputs_by=_read_day(entry, "inputs_by"),
        milestones=[_read_milestone(each) for each in entry.get_entries("milestone", "title")],
    )


def make_planned(
    *,
    code: str,
    title: str,
    type: str,
    leads: tuple[str, ...],
    circulate: date | None,
    inputs_by: date | None,
    milestones: Iterable[Milestone],
) -> PlannedDraft:
    """A text of the work plan, its milestones in order. Raises: UsageError when inputs are due before it goes out."""
    if circulate and inputs_by and inputs_by < circulate:
        raise UsageError(f"{code}: inputs are wanted by {inputs_by}, before the text goes out: write a later day.")
    ordered = tuple(sorted(milestones, key=lambda each: (each.day, each.title)))
    return PlannedDraft(
        code=code, title=title, type=type, leads=leads, circulate=circulate, inputs_by=inputs_by, milestones=ordered
    )


def _read_milestone(entry: Entry) -> Milestone:
    """One day and what is on it. Raises: UsageError."""
    entry.allow(("day", "title"))
    return Milestone(day=entry.parse_day("day", entry.values.get("day")), title=entry.get_line("title"))


def _read_decision(entry: Entry) -> Mandate:
    """One decision. Raises: UsageError."""
    entry.allow(_DECISION_KEYS)
    return Mandate(
        number=entry.get_line("number"),
        decided_on=entry.parse_day("decided_on", entry.values.get("decided_on")),
        by=entry.get_line("by"),
        text=entry.get_text("text"),
        owner=entry.get_line("owner"),
        due=_read_day(entry, "due"),
        done_on=_read_day(entry, "done_on"),
        outcome=entry.get_text("outcome", ""),
    )


def _read_day(entry: Entry, key: str) -> date | None:
    """The day at `key`; None when it is missing. Raises: UsageError."""
    return entry.parse_day(key, entry.values[key]) if key in entry.values else None


def _check_unique(key: str, values: Iterable[str]) -> None:
    """Nothing. Raises: UsageError when a value occurs twice."""
    for value, count in Counter(values).items():
        if count > 1:
            raise UsageError(f"{_FILE}: {key}: {value!r} is given {count} times; write it once")
