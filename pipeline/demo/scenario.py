"""The nouns of a training round and its reading from a folder such as `pipeline/demo/gmg`. See: README.md there."""

import codecs
import re
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TypeVar

from pipeline.core.entry import Entry, make_entries
from pipeline.core.model import Roster
from pipeline.core.roster import DraftPlan, load_roster
from pipeline.demo.expected import (
    Expectations,
    MessageExpectation,
    load_expectations,
    load_yaml,
    read_expectation,
    read_text,
)
from pipeline.errors import UsageError

_Noun = TypeVar("_Noun")
_OPERATIONS = ("replace", "delete", "new_para_after", "delete_para", "move_para", "comment")
_ATTACHMENT_KEYS = (
    *("name", "kind", "draft", "rev", "author", "edits", "comments"),
    *("inherited", "contains", "method", "frm"),
)
#: kinds that are made from the text of a revision
_ON_A_DRAFT = ("docx_base", "docx_tracked", "docx_clean", "odt_clean")
_MESSAGE_KEYS = (
    *("id", "date", "received", "from", "to", "cc", "subject", "client", "in_reply_to", "headers", "body"),
    *("attachments", "trap", "expect"),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class ScenarioEdit:
    """One edit or comment an agency makes on a revision."""

    id: str
    #: code of the member it counts for
    agency: str
    draft: str
    #: the revision its paragraph number refers to: "r0"
    base: str
    #: number of the paragraph as printed; 0 for the whole document
    para: int
    #: "replace", "delete", "new_para_after", "delete_para", "move_para" or "comment"
    op: str
    #: wording to replace, or the anchor of a comment; occurs once in its paragraph
    old: str
    #: wording instead, or the text of a new paragraph
    new: str
    #: "ge", "te" or "ed"
    type: str
    #: the text of a comment
    text: str = ""
    #: the reason given
    why: str = ""
    #: for moves: number of the paragraph it goes behind
    after: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ScenarioAttachment:
    """A file to build and attach."""

    name: str
    #: "docx_tracked", "xlsx_matrix" ...: see `pipeline.demo.attachments`
    kind: str
    draft: str = ""
    rev: str = ""
    #: the name Word gives as author of the changes
    author: str = ""
    #: ids of edits
    edits: tuple[str, ...] = ()
    comments: tuple[str, ...] = ()
    #: (agency, ids): changes of others that are still in the file
    inherited: tuple[tuple[str, tuple[str, ...]], ...] = ()
    #: the files inside an archive or a nested message
    contains: tuple["ScenarioAttachment", ...] = ()
    #: for calendar files: "REPLY"
    method: str = ""
    #: for nested messages: the address that wrote them
    sender: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ScenarioMessage:
    """One message to arrive, as its sender typed it, and what should come of it."""

    #: "M12"
    id: str
    #: the Date field
    date: datetime
    #: the receipt instant
    received: datetime
    from_name: str
    from_address: str
    to: tuple[str, ...]
    cc: tuple[str, ...]
    subject: str
    #: name of the mail program: see `pipeline.demo.clients`
    client: str
    #: "out:YTH:r0:WHO", "fwd:out:...", the id of an earlier message, or None
    in_reply_to: str | None
    #: headers beyond those the client writes
    headers: tuple[tuple[str, str], ...]
    #: "text/plain" or "text/html"
    format: str
    charset: str
    #: what the sender typed
    text: str
    #: style of the quoted history: "outlook_fr", "none"
    quoted: str
    #: for edits made inside the quoted history: the edited paragraphs
    quoted_html: str
    attachments: tuple[ScenarioAttachment, ...]
    #: what makes it hard
    trap: str
    expect: MessageExpectation


@dataclass(frozen=True, slots=True, kw_only=True)
class Outbound:
    """A request mail that was sent before, by its symbolic name."""

    #: "out:YTH:r0:WHO"
    ref: str
    message_id: str
    date: datetime
    to: str
    cc: tuple[str, ...]
    subject: str
    #: path of the attached text, relative to the folder
    attachment: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ScenarioDraft:
    """One revision of a draft as Markdown."""

    code: str
    revision: str
    markdown: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Scenario:
    """A whole training round."""

    folder: Path
    roster: Roster
    plans: tuple[DraftPlan, ...]
    drafts: tuple[ScenarioDraft, ...]
    outbound: tuple[Outbound, ...]
    #: in order of receipt
    messages: tuple[ScenarioMessage, ...]
    edits: tuple[ScenarioEdit, ...]
    expected: Expectations

    def get_message(self, name: str) -> ScenarioMessage:
        """The message of this id. Raises: UsageError."""
        for message in self.messages:
            if message.id == name:
                return message
        raise UsageError(f"messages.yaml has no message {name!r}: write the id of one that is there")

    def get_edit(self, name: str) -> ScenarioEdit:
        """The edit of this id. Raises: UsageError."""
        for edit in self.edits:
            if edit.id == name:
                return edit
        raise UsageError(f"edits.yaml has no edit {name!r}: write the id of one that is there")

    def get_draft(self, code: str, revision: str) -> ScenarioDraft:
        """The text of a revision. Raises: UsageError."""
        for draft in self.drafts:
            if (draft.code, draft.revision) == (code, revision):
                return draft
        raise UsageError(f"drafts/{code}_{revision}.md is missing: write that text, or correct draft and rev")


def load_scenario(folder: Path) -> Scenario:
    """The training round described in `folder`, checked as a whole.

    Raises: UsageError naming file, entry and what to write.
    """
    roster, plans = load_roster(read_text(folder / "roster.toml"))
    scenario = Scenario(
        folder=folder,
        roster=roster,
        plans=plans,
        drafts=tuple(_read_draft(path) for path in sorted((folder / "drafts").glob("*.md"))),
        outbound=_read_list(folder, "outbound.yaml", "ref", _read_outbound),
        messages=_sort_messages(_read_list(folder, "messages.yaml", "id", _read_message)),
        edits=_read_list(folder, "edits.yaml", "id", _read_edit),
        expected=load_expectations(folder),
    )
    _check_scenario(scenario)
    return scenario


def _sort_messages(messages: tuple[ScenarioMessage, ...]) -> tuple[ScenarioMessage, ...]:
    """The messages in order of receipt; those of the same instant stay as they are."""
    return tuple(sorted(messages, key=lambda message: message.received))


def _read_list(folder: Path, name: str, key: str, read: Callable[[Entry], _Noun]) -> tuple[_Noun, ...]:
    """What `read` makes of every entry of a YAML list. Raises: UsageError."""
    entries = make_entries(name, load_yaml(folder / name), key)
    if twice := [one for one, count in Counter(entry.get_text(key) for entry in entries).items() if count > 1]:
        raise UsageError(f"{name}: {key} {twice[0]!r} is given twice: write another one")
    return tuple(read(entry) for entry in entries)


def _read_draft(path: Path) -> ScenarioDraft:
    """One revision from its file. Raises: UsageError when the name does not say which."""
    code, underscore, revision = path.stem.rpartition("_")
    if not underscore:
        raise UsageError(f"drafts/{path.name}: name the file CODE_REVISION.md, as in YTH_r0.md")
    return ScenarioDraft(code=code, revision=revision, markdown=read_text(path))


def _read_outbound(entry: Entry) -> Outbound:
    """One request mail. Raises: UsageError."""
    entry.allow(("ref", "message_id", "date", "to", "cc", "subject", "attachment"))
    return Outbound(
        ref=entry.get_text("ref"),
        message_id=entry.get_text("message_id"),
        date=entry.get_instant("date"),
        to=entry.get_text("to"),
        cc=entry.get_texts("cc"),
        subject=entry.get_text("subject"),
        attachment=entry.get_text("attachment", "").partition(" ")[0],
    )


def _read_edit(entry: Entry) -> ScenarioEdit:
    """One edit or comment. Raises: UsageError."""
    entry.allow(("id", "agency", "draft", "base", "para", "op", "old", "new", "text", "type", "why", "lang", "after"))
    op = entry.get_choice("op", _OPERATIONS)
    return ScenarioEdit(
        id=entry.get_text("id"),
        agency=entry.get_text("agency"),
        draft=entry.get_text("draft"),
        base=entry.get_text("base"),
        para=entry.get_number("para"),
        op=op,
        old=_read_words(entry, "old", op in ("replace", "delete")),
        new=_read_words(entry, "new", op == "new_para_after"),
        type=entry.get_choice("type", ("ge", "te", "ed"), "te"),
        text=entry.get_text("text") if op == "comment" else "",
        why=entry.get_text("why", ""),
        after=entry.get_number("after") if op == "move_para" else None,
    )


def _read_words(entry: Entry, key: str, needed: bool) -> str:
    """The wording at `key`. Raises: UsageError when there is none and `needed` says there should be."""
    words = entry.get_text(key, "")
    if needed and not words:
        raise entry.fail(key, f"is missing; {entry.get_text('op')} needs the words it is about")
    return words


def _read_message(entry: Entry) -> ScenarioMessage:
    """One message to arrive. Raises: UsageError."""
    entry.allow(_MESSAGE_KEYS)
    sender, body = entry.get_entry("from"), entry.get_entry("body")
    sender.allow(("name", "addr"))
    body.allow(("format", "charset", "text", "quoted", "quoted_html"))
    date = entry.get_instant("date")
    headers = entry.get_entry("headers") if "headers" in entry.values else None
    return ScenarioMessage(
        id=entry.get_text("id"),
        date=date,
        received=entry.get_instant("received") if "received" in entry.values else date,
        from_name=sender.get_line("name", ""),
        from_address=_read_addresses(sender, "addr")[0],
        to=_read_addresses(entry, "to"),
        cc=_read_addresses(entry, "cc") if entry.values.get("cc") else (),
        subject=entry.get_line("subject"),
        client=entry.get_text("client"),
        in_reply_to=entry.get_optional("in_reply_to"),
        headers=tuple((key, _read_header(headers, key)) for key in headers.values) if headers else (),
        format=body.get_choice("format", ("text/plain", "text/html"), "text/plain"),
        charset=_read_charset(body),
        text=body.get_text("text", ""),
        quoted=body.get_text("quoted", "none"),
        quoted_html=body.get_text("quoted_html", ""),
        attachments=tuple(_read_attachment(item) for item in entry.get_entries("attachments", "name")),
        trap=entry.get_text("trap", ""),
        expect=read_expectation(entry.get_entry("expect")),
    )


def _read_addresses(entry: Entry, key: str) -> tuple[str, ...]:
    """The addresses at `key`, at least one. Raises: UsageError when one does not look like an address."""
    addresses = entry.get_texts(key)
    for address in addresses or ("",):
        if not re.fullmatch(r"[!-?A-~]+@[!-?A-~]+", address):
            raise entry.fail(key, f"{address!r} is no mail address; write one such as focal@agency.example")
    return addresses


def _read_header(headers: Entry, key: str) -> str:
    """The value of a header as it is sent. Raises: UsageError when it could not be sent so."""
    value = headers.get_line(key)
    if not (value.isascii() and re.fullmatch(r"[!-9;-~]+", key)):
        raise headers.fail(key, "write name and value in ASCII")
    return value


def _read_charset(body: Entry) -> str:
    """The character set of the body. Raises: UsageError when Python has no codec for it."""
    charset = body.get_text("charset", "utf-8")
    try:
        codecs.lookup(charset)
    except LookupError as err:
        raise body.fail("charset", f"{charset!r} is not known; write one such as utf-8 or gb18030") from err
    return charset


def _read_attachment(entry: Entry) -> ScenarioAttachment:
    """One file to attach, with the files inside it. Raises: UsageError."""
    entry.allow(_ATTACHMENT_KEYS)
    inherited = entry.get_entry("inherited") if "inherited" in entry.values else None
    return ScenarioAttachment(
        name=entry.get_line("name"),
        kind=entry.get_text("kind"),
        draft=entry.get_text("draft", ""),
        rev=entry.get_text("rev", ""),
        author=entry.get_text("author", ""),
        edits=entry.get_texts("edits"),
        comments=entry.get_texts("comments"),
        inherited=tuple((agency, inherited.get_texts(agency)) for agency in inherited.values) if inherited else (),
        contains=tuple(_read_attachment(item) for item in entry.get_entries("contains", "name")),
        method=entry.get_text("method", ""),
        sender=entry.get_text("frm", ""),
    )


# --- Does it hang together? -------------------------------------------------------------------------------------


def _check_scenario(scenario: Scenario) -> None:
    """Nothing. Raises: UsageError when one file names what another does not have, or nothing happens at all."""
    if not scenario.messages:
        raise UsageError("messages.yaml holds no message: write at least one")
    known = {outbound.ref for outbound in scenario.outbound}
    for message in scenario.messages:
        ref = (message.in_reply_to or "").removeprefix("fwd:")
        if ref and ref not in known:
            place = f"messages.yaml, {message.id}: in_reply_to"
            raise UsageError(f"{place}: {ref!r} is not sent before; write a ref of outbound.yaml or an earlier id")
        for attachment in walk_attachments(message.attachments):
            _check_attachment(scenario, message, attachment)
        known.add(message.id)
    planned = {plan.code for plan in scenario.plans}
    for draft in scenario.drafts:
        if draft.code not in planned:
            raise UsageError(f"drafts/{draft.code}_{draft.revision}.md: roster.toml plans no draft {draft.code!r}")


def walk_attachments(attachments: tuple[ScenarioAttachment, ...]) -> Iterator[ScenarioAttachment]:
    """Every file, the ones inside others included, outermost first."""
    for attachment in attachments:
        yield attachment
        yield from walk_attachments(attachment.contains)


def _check_attachment(scenario: Scenario, message: ScenarioMessage, attachment: ScenarioAttachment) -> None:
    """Nothing. Raises: UsageError when it names an edit or a text that is not there."""
    place = f"messages.yaml, {message.id}, {attachment.name}"
    inherited = (name for _, names in attachment.inherited for name in names)
    edits = {edit.id: edit for edit in scenario.edits}
    for name in (*attachment.edits, *attachment.comments, *inherited):
        if name not in edits:
            raise UsageError(f"{place}: edits.yaml has no {name!r}; write it there or correct the id")
        if attachment.draft and (edits[name].draft, edits[name].base) != (attachment.draft, attachment.rev):
            raise UsageError(f"{place}: {name} belongs to {edits[name].draft} {edits[name].base}; attach it to that")
    if attachment.draft:
        scenario.get_draft(attachment.draft, attachment.rev)
    elif attachment.kind in _ON_A_DRAFT:
        raise UsageError(f"{place}: draft: is missing; write the draft and the rev this file was made from")
