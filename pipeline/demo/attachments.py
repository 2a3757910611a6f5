"""From an attachment in messages.yaml to the bytes of a file."""

import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import PurePosixPath

from pipeline.demo.documents import (
    AuthoredEdit,
    build_base_docx,
    build_macro_docx,
    build_matrix_docx,
    build_reply_docx,
)
from pipeline.demo.foreign import (
    build_calendar,
    build_card,
    build_doc,
    build_encrypted_docx,
    build_signature,
    build_tnef,
)
from pipeline.demo.matrix import build_matrix_xlsx, matrix_rows
from pipeline.demo.odf import build_odt
from pipeline.demo.packages import pack_zip
from pipeline.demo.pictures import build_logo_png, build_photo_jpeg, build_scan_pdf
from pipeline.demo.scenario import Scenario, ScenarioAttachment, ScenarioEdit, ScenarioMessage, walk_attachments
from pipeline.demo.texts import Block, BlockKind, apply_edits, parse_markdown
from pipeline.demo.wordml import Origin
from pipeline.errors import UsageError

_DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


@dataclass(frozen=True, slots=True, kw_only=True)
class File:
    """A file as it is attached."""

    name: str
    #: media type, with parameters where it needs them
    content_type: str
    content: bytes
    kind: str


@dataclass(frozen=True, slots=True, kw_only=True)
class _Order:
    """What a builder needs to know."""

    scenario: Scenario
    message: ScenarioMessage
    attachment: ScenarioAttachment


def build_file(scenario: Scenario, message: ScenarioMessage, attachment: ScenarioAttachment) -> File:
    """The file `attachment` describes, as its sender made it.

    Raises: UsageError when its kind is unknown or its edits do not fit.
    """
    if attachment.kind not in _BUILDERS:
        known = ", ".join(sorted([*_BUILDERS, "eml", "malformed"]))
        place = f"messages.yaml, {message.id}, {attachment.name}: kind"
        raise UsageError(f"{place}: {attachment.kind!r} is not known; write one of {known}")
    content_type, build = _BUILDERS[attachment.kind]
    content = build(_Order(scenario=scenario, message=message, attachment=attachment))
    kind = content_type.format(method=attachment.method or "REQUEST")
    return File(name=attachment.name, content_type=kind, content=content, kind=attachment.kind)


def _blocks(order: _Order) -> tuple[Block, ...]:
    """The text the attachment is made from. Raises: UsageError."""
    draft = order.scenario.get_draft(order.attachment.draft, order.attachment.rev)
    return parse_markdown(draft.markdown, f"drafts/{draft.code}_{draft.revision}.md")


def _edits(order: _Order) -> list[ScenarioEdit]:
    """Its own edits and comments, edits first. Raises: UsageError."""
    return [order.scenario.get_edit(name) for name in (*order.attachment.edits, *order.attachment.comments)]


def _origin(order: _Order, stamped: bool = True) -> Origin:
    """Who saved the file, and the stamp of the revision it was made on."""
    stamp = (order.scenario.roster.code, order.attachment.draft, order.attachment.rev)
    name = order.attachment.author or order.message.from_name or order.message.from_address
    title = _blocks(order)[0].text if order.attachment.draft else PurePosixPath(order.attachment.name).stem
    keeps_stamp = stamped and order.attachment.draft
    return Origin(title=title, author=name, saved=order.message.date, stamp=stamp if keeps_stamp else None)


def _base(order: _Order) -> bytes:
    """The draft as its lead wrote it, before anybody stamped it."""
    return build_base_docx(_blocks(order), _origin(order, stamped=False))


def _clean(order: _Order) -> bytes:
    """The draft with its edits made and nothing recorded."""
    return build_base_docx(apply_edits(_blocks(order), _edits(order)), _origin(order))


def _tracked(order: _Order) -> bytes:
    """The draft with tracked changes, those of others as they came."""
    origin = _origin(order)
    changes = [edit for _, names in order.attachment.inherited for edit in _inherited(order, names)]
    changes += [AuthoredEdit(edit=edit, author=origin.author, date=order.message.date) for edit in _edits(order)]
    return build_reply_docx(_blocks(order), changes, origin)


def _inherited(order: _Order, names: tuple[str, ...]) -> list[AuthoredEdit]:
    """Changes of others with the author and date of the file they first came in."""
    found = []
    for name in names:
        edit = order.scenario.get_edit(name)
        author, date = edit.agency, order.message.date - timedelta(days=1)
        for earlier in order.scenario.messages[: order.scenario.messages.index(order.message)]:
            for attachment in walk_attachments(earlier.attachments):
                if name in (*attachment.edits, *attachment.comments):
                    author, date = attachment.author or edit.agency, earlier.date
        found.append(AuthoredEdit(edit=edit, author=author, date=date))
    return found


def _matrix(order: _Order) -> bytes:
    """A comment table in Word; made from scratch, so it carries nobody's stamp."""
    origin = replace(_origin(order, stamped=False), title="Comments matrix")
    return build_matrix_docx(matrix_rows(_edits(order)), origin)


def _sheet(order: _Order) -> bytes:
    """A comment table in Excel."""
    return build_matrix_xlsx(matrix_rows(_edits(order)), order.message.from_address)


def _doc(order: _Order) -> bytes:
    """A binary Word file that lists the edits."""
    rows = (f"Para {row[1]}: {row[4] or row[3]}" for row in matrix_rows(_edits(order)))
    return build_doc("\n".join(["Comments", *rows, ""]))


def _macro(order: _Order) -> bytes:
    """A Word file with an empty macro project."""
    lure = Block(kind=BlockKind.PLAIN, text="This document is protected. Enable content to view the comments.")
    return build_macro_docx((lure,), _origin(order, stamped=False))


def _zip(order: _Order) -> bytes:
    """An archive of the files inside."""
    files = [build_file(order.scenario, order.message, item) for item in order.attachment.contains]
    return pack_zip((file.name, file.content) for file in files)


def _tnef(order: _Order) -> bytes:
    """A winmail.dat with the files inside."""
    files = [build_file(order.scenario, order.message, item) for item in order.attachment.contains]
    return build_tnef(tuple((file.name, file.content_type, file.content) for file in files))


def _card(order: _Order) -> bytes:
    """The card of the sender."""
    return build_card(PurePosixPath(order.attachment.name).stem, order.message.from_address)


def _calendar(order: _Order) -> bytes:
    """An answer to an invitation, or an invitation: a fortnight ahead at ten."""
    message = order.message
    summary = message.subject.partition(": ")[2] or message.subject
    start = (message.date + timedelta(days=14)).replace(hour=10, minute=0, second=0, microsecond=0)
    method, organiser = order.attachment.method or "REQUEST", order.scenario.roster.mailbox
    return build_calendar(method, message.from_address, organiser, summary, start, message.date)


#: kind -> media type and builder; nested messages are built where messages are
_BUILDERS: dict[str, tuple[str, Callable[[_Order], bytes]]] = {
    "docx_base": (_DOCX, _base),
    "docx_tracked": (_DOCX, _tracked),
    "docx_clean": (_DOCX, _clean),
    "docx_matrix": (_DOCX, _matrix),
    "docx_encrypted": (_DOCX, lambda order: build_encrypted_docx(order.attachment.name)),
    "docm_macro": ("application/vnd.ms-word.document.macroEnabled.12", _macro),
    "odt_clean": (
        "application/vnd.oasis.opendocument.text",
        lambda order: build_odt(apply_edits(_blocks(order), _edits(order))),
    ),
    "doc_ole": ("application/msword", _doc),
    "xlsx_matrix": ("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", _sheet),
    "pdf_scan": ("application/pdf", lambda _: build_scan_pdf()),
    "jpg_photo": ("image/jpeg", lambda _: build_photo_jpeg()),
    "png_inline": ("image/png", lambda _: build_logo_png()),
    "vcf": ("text/x-vcard", _card),
    "ics": ("text/calendar; method={method}", _calendar),
    "zip": ("application/x-zip-compressed", _zip),
    "tnef": ("application/ms-tnef", _tnef),
    "smime_p7s": ("application/x-pkcs7-signature", lambda order: build_signature(order.message.from_address)),
}


def safe_id(name: str) -> str:
    """`name` as the left side of a Content-ID."""
    return re.sub(r"[^A-Za-z0-9.]", "_", name)
