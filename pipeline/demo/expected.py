"""What a training round expects of the product, as plain values. Nothing here judges: the check compares."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import yaml

from pipeline.core.entry import Entry, make_entries
from pipeline.errors import UsageError

_MESSAGE_KEYS = (
    *("draft", "agency", "body", "kind", "message_state", "response_state", "late", "edits", "comments", "flags"),
    *("note", "minimum", "hidden_edits", "extension", "suggest_draft", "unwrapped"),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class MessageExpectation:
    """What should come of one message."""

    #: None when it belongs to no draft
    draft: str | None
    #: code of the member; None when nobody is credited
    agency: str | None
    #: code of the body that wrote, for members with bodies
    body: str | None
    kind: str
    #: "filed", "ignored", "quarantined", "unmatched", "failed"
    message_state: str
    #: state of the agency afterwards; None when the message says nothing about it
    response_state: str | None
    late: bool
    #: ids of edits that should be read
    edits: tuple[str, ...]
    comments: tuple[str, ...]
    #: "needs_attention", "supersedes:M09" ...
    flags: tuple[str, ...]
    #: ids of edits only a person can see
    hidden_edits: tuple[str, ...] = ()
    #: the draft to suggest for an unmatched message
    suggest_draft: str | None = None
    #: the address inside a rewritten link
    unwrapped: str | None = None
    note: str = ""
    #: the lowest acceptable outcome, in words
    minimum: str = ""
    #: the outcome with an optional reader, in words
    extension: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ExpectedPair:
    """Two edits that stand in each other's way, or say the same."""

    draft: str
    para: int
    edits: tuple[str, ...]
    agencies: tuple[str, ...]
    #: "identical", "conflict", "near" or "delete_vs_edit"
    relation: str
    #: False when one side sits in a file that cannot be read
    visible: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class ExpectedState:
    """Where one agency stands at the end of a round."""

    agency: str
    state: str
    #: id of the message that led to it
    by: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class ExpectedRound:
    """Who stands where when every message of a round has been filed."""

    draft: str
    revision: str
    states: tuple[ExpectedState, ...]
    #: (body, kind of its answer)
    bodies: tuple[tuple[str, str], ...]
    not_answered: tuple[str, ...]
    unfinished: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ExpectedMoment:
    """Whom to remind at one instant."""

    draft: str
    revision: str
    #: "T-7d", "deadline" ...
    moment: str
    at: datetime
    remind: tuple[str, ...]
    overdue: tuple[str, ...]
    #: (agency, reason)
    do_not_chase: tuple[tuple[str, str], ...]
    done: tuple[str, ...]
    bodies_heard: tuple[str, ...]
    silent: tuple[str, ...]
    note: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ExpectedRebase:
    """What becomes of an edit when a newer revision is the base."""

    edit: str
    para_before: int
    para_after: int
    #: "kept", "kept_paragraph_changed" or "needs_reanchoring"
    result: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ExpectedDecision:
    """What the chair decided about an edit."""

    edit: str
    #: "accepted", "rejected", "accepted_as_amended", "noted"
    disposition: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ExpectedRevision:
    """The decisions that lead from one revision to the next."""

    draft: str
    #: the revision they lead to
    revision: str
    decisions: tuple[ExpectedDecision, ...]
    #: own wording of the chair: (paragraph, old, new)
    amendments: tuple[tuple[int, str, str], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Expectations:
    """Everything the files beside the messages expect; each is empty when its file is missing."""

    pairs: tuple[ExpectedPair, ...]
    #: (edit, message that replaced it)
    superseded: tuple[tuple[str, str], ...]
    rounds: tuple[ExpectedRound, ...]
    moments: tuple[ExpectedMoment, ...]
    #: (draft, revision, what becomes of each edit)
    rebases: tuple[tuple[str, str, tuple[ExpectedRebase, ...]], ...]
    decisions: tuple[ExpectedRevision, ...]


def read_text(path: Path) -> str:
    """The text of a file. Raises: UsageError when it is missing or not UTF-8."""
    try:
        return path.read_text(encoding="utf-8")
    except (FileNotFoundError, NotADirectoryError) as err:
        raise UsageError(f"{path.name} is missing in {path.parent.name}: write it as the README there says") from err
    except UnicodeDecodeError as err:
        raise UsageError(f"{path.name} is not UTF-8: save it again as UTF-8") from err


def load_yaml(path: Path) -> object:
    """The values of a YAML file; dates stay text where they are quoted. Raises: UsageError."""
    try:
        return yaml.safe_load(read_text(path))
    except yaml.YAMLError as err:
        raise UsageError(f"{path.name} cannot be read as YAML: {err}; correct that line") from err


def read_expectation(entry: Entry) -> MessageExpectation:
    """What is expected of one message. Raises: UsageError."""
    entry.allow(_MESSAGE_KEYS)
    return MessageExpectation(
        draft=entry.get_optional("draft"),
        agency=entry.get_optional("agency"),
        body=entry.get_optional("body"),
        kind=entry.get_text("kind"),
        message_state=entry.get_text("message_state"),
        response_state=entry.get_optional("response_state"),
        late=entry.get_flag("late"),
        edits=entry.get_texts("edits"),
        comments=entry.get_texts("comments"),
        flags=entry.get_texts("flags"),
        hidden_edits=entry.get_texts("hidden_edits"),
        suggest_draft=entry.get_optional("suggest_draft"),
        unwrapped=entry.get_optional("unwrapped"),
        note=entry.get_text("note", ""),
        minimum=entry.get_text("minimum", ""),
        extension=entry.get_text("extension", ""),
    )


def load_expectations(folder: Path) -> Expectations:
    """What the files of `folder` beside the messages expect. Raises: UsageError."""
    conflicts = _load_table(folder / "expected_conflicts.yaml")
    superseded = conflicts.get_entry("superseded") if "superseded" in conflicts.values else conflicts
    names = superseded.values if superseded is not conflicts else {}
    return Expectations(
        pairs=tuple(_read_pair(entry) for entry in conflicts.get_entries("pairs", "edits")),
        superseded=tuple((name, superseded.get_text(name)) for name in names),
        rounds=_load_rounds(folder / "expected_states.yaml"),
        moments=_load_moments(folder / "expected_reminders.yaml"),
        rebases=tuple(_load_rebase(path) for path in sorted(folder.glob("expected_rebase_*.yaml"))),
        decisions=tuple(_load_decisions(path) for path in sorted(folder.glob("decisions_*.yaml"))),
    )


def _load_table(path: Path) -> Entry:
    """The table in a YAML file, empty when there is no such file. Raises: UsageError."""
    if not path.exists():
        return Entry(place=path.name, values={})
    values = load_yaml(path)
    if not isinstance(values, Mapping):
        raise UsageError(f"{path.name}: write keys with values, as in the sample round")
    return Entry(place=path.name, values=values)


def _read_pair(entry: Entry) -> ExpectedPair:
    """Two edits in each other's way. Raises: UsageError."""
    return ExpectedPair(
        draft=entry.get_text("draft"),
        para=entry.get_number("para"),
        edits=entry.get_texts("edits"),
        agencies=entry.get_texts("agencies"),
        relation=entry.get_choice("relation", ("identical", "conflict", "near", "delete_vs_edit")),
        visible=entry.get_flag("visible", True),
    )


def _load_rounds(path: Path) -> tuple[ExpectedRound, ...]:
    """The final states, round by round. Raises: UsageError."""
    table = _load_table(path)
    return tuple(_read_round(table.get_entry(name), *name.partition(" ")[::2]) for name in table.values)


def _read_round(entry: Entry, draft: str, revision: str) -> ExpectedRound:
    """The final states of one round. Raises: UsageError."""
    states = entry.get_entry("states")
    agencies = {code: states.get_entry(code) for code in states.values}
    bodies = entry.get_entry("bodies") if entry.values.get("bodies") else None
    return ExpectedRound(
        draft=draft,
        revision=revision,
        states=tuple(
            ExpectedState(agency=code, state=item.get_text("state"), by=item.get_optional("by"))
            for code, item in agencies.items()
        ),
        bodies=tuple((code, bodies.get_text(code)) for code in bodies.values) if bodies else (),
        not_answered=entry.get_texts("not_answered"),
        unfinished=entry.get_texts("unfinished"),
    )


def _load_moments(path: Path) -> tuple[ExpectedMoment, ...]:
    """Whom to remind when, in order of the file. Raises: UsageError."""
    if not path.exists():
        return ()
    return tuple(_read_moment(entry) for entry in make_entries(path.name, load_yaml(path), "at"))


def _read_moment(entry: Entry) -> ExpectedMoment:
    """Whom to remind at one instant. Raises: UsageError."""
    spared = entry.get_entries("do_not_chase", "agency")
    return ExpectedMoment(
        draft=entry.get_text("draft"),
        revision=entry.get_text("revision"),
        moment=entry.get_text("moment"),
        at=entry.get_instant("at"),
        remind=entry.get_texts("remind"),
        overdue=entry.get_texts("overdue"),
        do_not_chase=tuple((item.get_text("agency"), item.get_text("why", "")) for item in spared),
        done=entry.get_texts("done"),
        bodies_heard=entry.get_texts("regional_bodies_heard"),
        silent=entry.get_texts("silent"),
        note=entry.get_text("note", ""),
    )


def _load_rebase(path: Path) -> tuple[str, str, tuple[ExpectedRebase, ...]]:
    """Draft, revision and fate of every edit. Raises: UsageError."""
    draft, _, revision = path.stem.removeprefix("expected_rebase_").rpartition("_")
    edits = tuple(
        ExpectedRebase(
            edit=entry.get_text("edit"),
            para_before=entry.get_number("para_r0"),
            para_after=entry.get_number("para_r1"),
            result=entry.get_choice("result", ("kept", "kept_paragraph_changed", "needs_reanchoring")),
        )
        for entry in make_entries(path.name, load_yaml(path), "edit")
    )
    return draft, revision, edits


def _load_decisions(path: Path) -> ExpectedRevision:
    """The decision on every edit of a revision. Raises: UsageError."""
    table = _load_table(path)
    decisions = tuple(
        ExpectedDecision(
            edit=entry.get_text("edit"),
            disposition=entry.get_text("disposition"),
            reason=entry.get_text("reason", ""),
        )
        for entry in table.get_entries("dispositions", "edit")
    )
    return ExpectedRevision(
        draft=table.get_text("draft"),
        revision=table.get_text("to_revision"),
        decisions=decisions,
        amendments=tuple(
            (entry.get_number("para"), entry.get_text("old"), entry.get_text("new"))
            for entry in table.get_entries("amended_texts", "id")
        ),
    )
