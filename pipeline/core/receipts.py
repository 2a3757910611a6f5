"""What a receipt says about a message: what was read of it, what could not be and how to help, what comes next."""

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from pipeline.core.deadlines import describe_moment, pick_language
from pipeline.core.model import Agency, FileKind, InboundMessage, MailKind, Place, Recognition, Unreadable

#: files named in a receipt; more are counted, so that it stays short
_NAMED = 2
#: kinds that say nothing while a person still has to look at them
_SETTLED = frozenset({MailKind.NO_COMMENT, MailKind.ENDORSEMENT, MailKind.DECLINE})
#: code points of a file name that are repeated to its sender
_NAME_LENGTH = 40
_SPACES = re.compile(r"\s+")
_MORE = {"en": "and {} more", "fr": "et {} de plus"}
_NO_NAME = {"en": "a file without a name", "fr": "un fichier sans nom"}
_LINK = {"en": "the file behind the link", "fr": "le fichier derrière le lien"}
#: messages told one by one in a receipt; more are counted
_TOLD = 10
#: the one thing that helps where it is not "send it as a Word file"
_REMEDIES = {
    Unreadable.ENCRYPTED: "open",
    Unreadable.ARCHIVE: "unpack",
    Unreadable.BROKEN: "again",
    Unreadable.TOO_LARGE: "smaller",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Receipt:
    """The facts of one message for its acknowledgement."""

    #: database id of the message
    message_id: int
    received_at: datetime
    kind: MailKind
    #: Message-ID of the message it answers, as the sender wrote it; empty when it had none
    answers: tuple[str, ...]
    #: how many changes and comments could be read
    changes: int
    comments: int
    #: names of the files that were read, and of those that could not be
    read: tuple[str, ...]
    unread: tuple[str, ...]
    link_only: bool
    late: bool
    replaced: bool
    endorsed: str
    #: a person has to look at it
    waits: bool
    #: (token, changes, comments) of every other draft its files belong to
    others: tuple[tuple[str, int, int], ...] = ()
    #: why the files in `unread` could not be read
    causes: tuple[Unreadable, ...] = ()

    def values(self, agency: Agency) -> dict[str, object]:
        """What the template says of this message, in the language and on the clock of the agency."""
        tongue = pick_language(agency.language)
        unreadable = _list_names(self.unread, tongue) or (_LINK[tongue] if self.link_only else "")
        return {
            "at": describe_moment(self.received_at, agency.timezone, tongue),
            "kind": "" if unreadable or (self.waits and self.kind in _SETTLED) else self.kind.value,
            "changes": self.changes,
            "comments": self.comments,
            "others": self.others,
            "files": _list_names(self.read, tongue),
            "unreadable": unreadable,
            "remedy": self._find_remedy(),
            "late": self.late,
            "replaced": self.replaced,
            "endorsed": self.endorsed,
        }

    def _find_remedy(self) -> str:
        """What helps: "docx", "open", "unpack", "again", "smaller" or "attach"; "all" where the files differ."""
        remedies = {_REMEDIES.get(cause, "docx") for cause in self.causes}
        if not self.unread:
            return "attach"
        return remedies.pop() if len(remedies) == 1 else "all"

    @property
    def next_step(self) -> str:
        """Who looks at the message next: "person", "leads", or "" where nothing follows."""
        if self.waits or self.unread or self.link_only or self.kind is MailKind.EXTENSION_REQUEST:
            return "person"
        return "leads" if self.kind in _SETTLED | {MailKind.CONTRIBUTION, MailKind.OBJECTION} else ""


def fill_receipts(receipts: Sequence[Receipt], agency: Agency) -> dict[str, object]:
    """The placeholders of the template for one receipt about these messages, of which there is at least one."""
    steps = {receipt.next_step for receipt in receipts}
    return {
        "items": [receipt.values(agency) for receipt in receipts[-_TOLD:]],
        "earlier": max(0, len(receipts) - _TOLD),
        "next_step": next((step for step in ("person", "leads") if step in steps), ""),
    }


def make_receipt(
    message: InboundMessage,
    recognition: Recognition,
    *,
    changes: int,
    comments: int,
    others: tuple[tuple[str, int, int], ...] = (),
) -> Receipt:
    """The receipt for a recognised message of which so many changes and comments are kept.

    `others`: the same for each other draft it serves, by the token of the draft.
    """
    verdict = recognition.verdict
    files = [file for file in recognition.files if file.kind is not FileKind.ORNAMENT]
    answered = recognition.message_id
    return Receipt(
        message_id=message.id,
        received_at=message.received_at,
        kind=verdict.kind,
        answers=(answered,) if answered and _is_id(answered) else (),
        changes=changes,
        comments=comments,
        read=tuple(clean_name(file.filename) for file in files if file.unreadable is None),
        unread=tuple(clean_name(file.filename) for file in files if file.unreadable is not None),
        causes=tuple(file.unreadable for file in files if file.unreadable is not None),
        link_only="link_only" in verdict.flags,
        late="late" in verdict.flags,
        replaced=verdict.supersedes or any(flag.startswith("supersedes:") for flag in verdict.flags),
        endorsed=verdict.endorsed_revision or "",
        waits=message.attention_open or message.place is Place.HELD,
        others=others,
    )


def _is_id(message_id: str) -> bool:
    """Whether a sender's Message-ID can stand in a header of ours as it is."""
    return message_id.isascii() and message_id.isprintable() and " " not in message_id and len(message_id) <= 250


def clean_name(filename: str) -> str:
    """A sender's file name without control and direction marks, cut to a length a receipt can carry."""
    visible = "".join(char for char in filename if unicodedata.category(char) not in {"Cc", "Cf", "Co", "Cs"})
    name = _SPACES.sub("_", visible.strip())
    return name if len(name) <= _NAME_LENGTH else f"{name[: _NAME_LENGTH - 6]}…{name[-5:]}"


def _list_names(names: tuple[str, ...], tongue: str) -> str:
    """ "a.docx, b.docx and 3 more"; "" for no file at all."""
    shown = [name or _NO_NAME[tongue] for name in names[:_NAMED]]
    more = f" {_MORE[tongue].format(len(names) - _NAMED)}" if len(names) > _NAMED else ""
    return ", ".join(shown) + more
