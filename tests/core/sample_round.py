"""Stand-ins for parsed mail, built straight from the sample round, without any e-mail file."""

import tomllib
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import yaml

from pipeline.core.context import Context
from pipeline.core.model import (
    Addressee,
    Agency,
    Deadline,
    Draft,
    FailedRecipient,
    FileKind,
    FileReading,
    FocalPoint,
    MachineKind,
    MachineMail,
    Mailbox,
    ParsedMail,
    Reply,
    Role,
    Roster,
    Round,
    RoundPurpose,
    Rule,
    Unreadable,
)

HERE = Path(__file__).parents[2] / "pipeline" / "demo" / "gmg"
MESSAGES: list[dict[str, Any]] = yaml.safe_load((HERE / "messages.yaml").read_text(encoding="utf-8"))
_OUTBOUND: list[dict[str, Any]] = yaml.safe_load((HERE / "outbound.yaml").read_text(encoding="utf-8"))
_EDITS = {edit["id"]: edit for edit in yaml.safe_load((HERE / "edits.yaml").read_text(encoding="utf-8"))}
_TOML: dict[str, Any] = tomllib.loads((HERE / "roster.toml").read_text(encoding="utf-8"))
_BY_ID = {message["id"]: message for message in MESSAGES}
_REFS = {out["ref"]: out["message_id"] for out in _OUTBOUND}
_ROLES = {
    "focal_point": Role.FOCAL_POINT,
    "alternate": Role.ALTERNATE,
    "generic": Role.GENERIC,
    "principal_office": Role.PRINCIPAL,
    "lead_drafter": Role.LEAD_DRAFTER,
    "chair_secretariat": Role.SECRETARIAT,
}
_KINDS = {
    "docx_base": FileKind.DOCX, "docx_tracked": FileKind.DOCX, "docx_clean": FileKind.DOCX,
    "docx_matrix": FileKind.MATRIX, "odt_clean": FileKind.ODT, "doc_ole": FileKind.DOC,
    "docx_encrypted": FileKind.ENCRYPTED, "xlsx_matrix": FileKind.XLSX,
    "pdf_scan": FileKind.PDF, "jpg_photo": FileKind.IMAGE, "png_inline": FileKind.ORNAMENT, "vcf": FileKind.ORNAMENT,
    "smime_p7s": FileKind.ORNAMENT, "ics": FileKind.CALENDAR, "docm_macro": FileKind.MACRO, "malformed": FileKind.OTHER,
}  # fmt: skip
_UNREADABLE = {
    "doc_ole": Unreadable.DOC, "docx_encrypted": Unreadable.ENCRYPTED, "xlsx_matrix": Unreadable.XLSX,
    "pdf_scan": Unreadable.PDF_SCAN, "jpg_photo": Unreadable.IMAGE, "malformed": Unreadable.BROKEN,
}  # fmt: skip
_DISCLAIMER = "This message is confidential"
_SIGNATURE = "Sent from my"


def _agency(table: dict[str, Any], member: str | None = None) -> Agency:
    contacts = tuple(
        FocalPoint(address=address, role=role) for key, role in _ROLES.items() if (address := table.get(key))
    )
    return Agency(
        code=table["code"], name=table["name"], timezone=table["timezone"], language=table.get("language", "en"),
        aliases=tuple(table.get("aliases", ())), domains=tuple(table["domains"]), contacts=contacts, member=member,
        coordinator=table.get("coordinator"),
    )  # fmt: skip


def _agencies() -> tuple[Agency, ...]:
    found = []
    for table in _TOML["member"]:
        found.append(_agency(table))
        found.extend(_agency(body, table["code"]) for body in table.get("body", ()))
    return tuple(found)


ROSTER = Roster(
    code="GMG", name=_TOML["group"]["name"], mailbox=_TOML["group"]["mailbox"], from_name="Drafts mailbox",
    aliases=tuple(_TOML["group"]["aliases"]), chair=("UNODC",), timezone="Europe/Vienna", workdays=(), holidays=(),
    agencies=_agencies(),
)  # fmt: skip
DRAFTS = tuple(
    Draft(
        code=table["code"], title=table["title"], type=table["type"], leads=tuple(table["lead"]),
        rule=Rule.SILENCE if table.get("silence") else Rule.INPUTS,
    )
    for table in _TOML["draft"]
)  # fmt: skip
_ROUND_IDS = {("YTH", "r0"): 1, ("JST", "r0"): 2, ("HLD", "r0"): 3, ("JST", "r1"): 4}


def _deadline(local: str, zone: str) -> Deadline:
    return Deadline(at=datetime.fromisoformat(local).replace(tzinfo=ZoneInfo(zone)), zone=zone)


def _addressees(draft: str, revision: str) -> tuple[Addressee, ...]:
    granted = _deadline("2012-11-07T18:00:00", "Europe/Vienna")
    return tuple(
        Addressee(
            agency=(agency := out["ref"].split(":")[3]),
            message_id=out["message_id"],
            extension=granted if (draft, agency) == ("YTH", "WB") else None,
        )
        for out in _OUTBOUND
        if out["ref"].startswith(f"out:{draft}:{revision}:")
    )


def _rounds(at: datetime) -> tuple[Round, ...]:
    rounds = []
    for table in _TOML["draft"]:
        code = table["code"]
        newer = code == "HLD" and at >= datetime.fromisoformat("2012-12-03T09:00:00+01:00")
        subject = next(out["subject"] for out in _OUTBOUND if out["ref"].startswith(f"out:{code}:r0:"))
        rounds.append(
            Round(
                id=_ROUND_IDS[code, "r0"], draft=code, revision="r0", current_revision="r1" if newer else "r0",
                purpose=RoundPurpose.INPUTS, opened_at=datetime.fromisoformat(table["circulated"]),
                deadline=_deadline(table["deadline"], table["deadline_timezone"]), addressees=_addressees(code, "r0"),
                subject=subject,
            )
        )  # fmt: skip
        if silence := table.get("silence"):
            rounds.append(
                Round(
                    id=_ROUND_IDS[code, "r1"], draft=code, revision="r1", current_revision="r1",
                    purpose=RoundPurpose.SILENCE, opened_at=datetime.fromisoformat(silence["opens"]),
                    deadline=_deadline(silence["closes"], silence["timezone"]), addressees=_addressees(code, "r1"),
                    subject="[GMG-JST] Joint statement rev.1",
                )
            )  # fmt: skip
    return tuple(found for found in rounds if found.opened_at <= at)


def make_context(message: dict[str, Any]) -> Context:
    """What the system knows when `message` arrives."""
    at = find_received(message)
    outgoing = {}
    for out in _OUTBOUND:
        _, draft, revision, agency = out["ref"].split(":")
        outgoing[out["message_id"]] = (_ROUND_IDS[draft, revision], draft, revision, agency)
    filed = {
        _own_id(earlier["id"]): (expected["agency"], expected["draft"], _ROUND_IDS[expected["draft"], "r0"])
        for earlier in MESSAGES
        if (expected := earlier["expect"])["message_state"] == "filed" and find_received(earlier) < at
    }
    return Context(
        roster=ROSTER, drafts=DRAFTS, rounds=_rounds(at), outgoing=outgoing, thread_indexes={}, own_by_message_id=filed,
        authserv_id="mx.gmg.example", received_at=at,
    )  # fmt: skip


def find_received(message: dict[str, Any]) -> datetime:
    """When the server got it."""
    return datetime.fromisoformat(message.get("received", message["date"]))


def _own_id(message: str) -> str:
    return f"<{message}@sample.example>"


def _parent(message: dict[str, Any]) -> tuple[str, ...]:
    parent = message["in_reply_to"]
    if parent is None:
        return ()
    parent = parent.removeprefix("fwd:")
    return (_REFS[parent],) if parent in _REFS else (_own_id(parent),)


def make_mail(message: dict[str, Any]) -> ParsedMail:
    """The message as the parser would hand it on."""
    parent = _parent(message)
    headers = {name.lower(): value for name, value in message.get("headers", {}).items()}
    broken = any(file["kind"] == "malformed" for file in message.get("attachments", ()))
    return ParsedMail(
        message_id=_own_id(message["id"]), in_reply_to=parent, references=parent, thread_index=None,
        subject=message["subject"], date=datetime.fromisoformat(message["date"]),
        sender=Mailbox(name=message["from"]["name"], address=message["from"]["addr"]), reply_to=(), to=(), cc=(),
        return_path=None, headers=tuple(headers.items()), content_type="text/plain",
        text=message["body"]["text"], html="", attachments=(),
        defects=("unreadable: the last part never ends",) if broken else (),
        signed=any(file["kind"] == "smime_p7s" for file in message.get("attachments", ())),
    )  # fmt: skip


def make_reply(message: dict[str, Any]) -> Reply:
    """The body told apart."""
    text = message["body"]["text"].partition(_DISCLAIMER)[0].partition(_SIGNATURE)[0].strip()
    inline = message["body"]["quoted"].partition("inline_edits:")[2]
    edits = tuple((_EDITS[name]["old"], _EDITS[name]["new"]) for name in inline.split(",") if name)
    quoted = message["body"]["quoted"] != "none"
    parent = message["subject"] if quoted else ""
    return Reply(new_text=text, new_text_with_signature=text, quoted=parent, quote_edits=edits)


def make_files(message: dict[str, Any]) -> tuple[FileReading, ...]:
    """What the attached files would turn out to be."""
    return tuple(reading for file in message.get("attachments", ()) for reading in _read(file, ()))


def _read(file: dict[str, Any], inside: tuple[str, ...]) -> list[FileReading]:
    if "contains" in file:
        return [reading for inner in file["contains"] for reading in _read(inner, (*inside, file["name"]))]
    kind = file["kind"]
    comments, edits = len(file.get("comments", ())), len(file.get("edits", ()))
    is_text = kind in ("docx_base", "docx_tracked", "docx_clean", "odt_clean")
    known = is_text and kind != "docx_base"
    likeness: tuple[tuple[str, str, float], ...] = ()
    if known:
        likeness = ((file["draft"], file["rev"], 0.93), ("HLD" if file["draft"] != "HLD" else "YTH", "r0", 0.12))
    stamp = (file["draft"], file["rev"]) if kind in ("docx_tracked", "docx_clean") else None
    return [
        FileReading(
            filename=file["name"], inside=inside, sha256="0" * 64, size=1000, kind=_KINDS[kind],
            unreadable=_UNREADABLE.get(kind), likeness=likeness, stamp=stamp,
            tracked=edits if kind == "docx_tracked" else 0, silent=edits if kind in ("docx_clean", "odt_clean") else 0,
            comments=comments if is_text else 0, carries=tuple(file.get("inherited", ())),
        )
    ]  # fmt: skip


def make_machine(message: dict[str, Any]) -> MachineMail | None:
    """What the machine mail ladder would say."""
    expected = message["expect"]
    try:
        kind = MachineKind(expected["kind"])
    except ValueError:
        return None
    flags = dict(flag.partition(":")[::2] for flag in expected.get("flags", ()))
    bounced = flags.get("contact_bounced")
    return MachineMail(
        kind=kind,
        clues=(),
        failed_recipients=(FailedRecipient(address=bounced, permanent=True, status="5.1.1"),) if bounced else (),
        away_until=date.fromisoformat(flags["ooo_until"]) if "ooo_until" in flags else None,
        alternates=(flags["alternate_named"],) if "alternate_named" in flags else (),
    )


def make_later(message: dict[str, Any], days: int) -> dict[str, Any]:
    """The same message received `days` later."""
    later = find_received(message) + timedelta(days=days)
    return {**message, "received": later.isoformat()}


def get_message(name: str) -> dict[str, Any]:
    """The sample message of this id."""
    return _BY_ID[name]
