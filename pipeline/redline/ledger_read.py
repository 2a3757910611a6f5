"""A ledger read back: what was proposed, by whom, on which base. See: docs/ledger.md."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from pipeline.errors import UnreadableFileError, UsageError
from pipeline.redline.furniture import LEDGER_NAMESPACE
from pipeline.redline.ledger import FORMAT
from pipeline.redline.model import BaseText, Change, ChangeKind, Disposition, Origin, Proposal
from pipeline.redline.opc import open_package, parse_xml
from pipeline.redline.threads import list_by_owner

NO_LEDGER = "This is no ledger of Penholder: give the JSON file that was written with --ledger, or the merged .docx."


@dataclass(frozen=True, slots=True, kw_only=True)
class Ledger:
    """Every proposal of one merge."""

    #: hex sha256 of the base its offsets refer to
    base: str
    #: by key, in document order
    proposals: Mapping[str, Proposal]
    #: hex sha256 of the file each proposal came in, by its key, where known
    sources: Mapping[str, str]

    def check_base(self, base: BaseText) -> None:
        """Make sure that the offsets are those of this base. Raises: UsageError."""
        if self.base != base.sha256:
            raise UsageError(
                f"The ledger was made on another file than this base (sha256 {self.base[:12]} ..., "
                f"not {base.sha256[:12]} ...): give the base that was merged."
            )
        texts = {story.name: story.text for story in base.stories}
        for key, one in self.proposals.items():
            change = one.change
            text = texts.get(change.story)
            if text is None or not 0 <= change.start <= change.end <= len(text):
                raise UsageError(f"Change {key} of the ledger has no such place in the base: write the ledger again.")
            if text[change.start : change.end] != change.old:
                raise UsageError(f"Change {key} of the ledger does not fit the base: write the ledger again.")


def read_ledger(content: bytes) -> Ledger:
    """The ledger of a JSON file, or of a consolidated Word file that carries one.

    Raises: UnreadableFileError.
    """
    values = _load(_find_enclosed(content) if content[:2] == b"PK" else content)
    if not isinstance(values, dict) or values.get("format") != FORMAT:
        raise UnreadableFileError("other", NO_LEDGER)
    entries = _expect(values, "changes", list)
    proposals = [_read_entry(number, entry) for number, entry in enumerate(entries, 1)]
    by_key = _link_replies({one.key: one for one in proposals}, entries)
    if len(by_key) < len(proposals):
        raise UnreadableFileError("broken", "The ledger gives two changes the same id: write it again with merge.")
    sources = {one.key: str(entry["source"]) for one, entry in zip(proposals, entries, strict=True) if entry["source"]}
    return Ledger(base=_expect(values, "base", str), proposals=by_key, sources=sources)


def _load(content: bytes) -> Any:
    try:
        return json.loads(content)
    # deep nesting ends in a RecursionError
    except (ValueError, RecursionError) as error:
        raise UnreadableFileError("broken", NO_LEDGER) from error


def _find_enclosed(content: bytes) -> bytes:
    package = open_package(content)
    for name in reversed(package.names):
        part = package.parts[name]
        if name.startswith("customXml/") and LEDGER_NAMESPACE.encode() in part:
            root = parse_xml(part)
            if root.tag == f"{{{LEDGER_NAMESPACE}}}ledger":
                return (root.text or "").encode()
    raise UnreadableFileError("other", "This Word file carries no ledger: give the one that merge wrote.")


def _read_entry(number: int, entry: Any) -> Proposal:
    try:
        return Proposal(
            key=_expect(entry, "id", str),
            owner=_expect(entry, "agency", str),
            change=_read_change(entry),
            disposition=Disposition(entry.get("disposition", Disposition.OPEN)),
            amended=_optional(entry, "amended", str) or "",
        )
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        message = f"Change {number} of the ledger cannot be read ({error}): write the ledger again with merge."
        raise UnreadableFileError("broken", message) from error


def _read_change(entry: dict[str, Any]) -> Change:
    date = _optional(entry, "date", str)
    return Change(
        kind=ChangeKind(entry["kind"]),
        origin=Origin(entry["origin"]),
        story=_expect(entry, "story", str),
        start=_expect(entry, "start", int),
        end=_expect(entry, "end", int),
        old=_expect(entry, "old", str),
        new=_expect(entry, "new", str),
        target=_optional(entry, "target", int),
        remark=_optional(entry, "remark", str) or "",
        person=_optional(entry, "person", str) or "",
        date=datetime.fromisoformat(date) if date else None,
        type=_optional(entry, "type", str) or "",
        resolved=_optional(entry, "resolved", bool) or False,
        content=_optional(entry, "content", str) or "",
    )


def _link_replies(proposals: dict[str, Proposal], entries: list[dict[str, Any]]) -> dict[str, Proposal]:
    """The proposals with `Change.reply_to` as it counts: within what its owner proposes."""
    places = {one.key: place for siblings in list_by_owner(proposals).values() for place, one in enumerate(siblings)}
    linked = dict(proposals)
    for entry in entries:
        parent = _optional(entry, "reply_to", str)
        if parent is not None and parent not in places:
            raise UnreadableFileError("broken", f"The ledger has no change {parent}, which {entry['id']} replies to.")
        one = proposals[entry["id"]]
        place = None if parent is None else places[parent]
        linked[one.key] = replace(one, change=replace(one.change, reply_to=place))
    return linked


def _expect(values: dict[str, Any], name: str, kind: type) -> Any:
    value = values.get(name)
    if not isinstance(value, kind):
        raise UnreadableFileError("broken", f"The ledger is damaged ({name!r} is missing or wrong): write it again.")
    return value


def _optional(values: dict[str, Any], name: str, kind: type) -> Any:
    return None if values.get(name) is None else _expect(values, name, kind)
