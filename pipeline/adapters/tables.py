"""The tables, as SQLAlchemy Core sees them; only `store` reads and writes rows. See: docs/analysis/storage.md."""

from typing import Any

from sqlalchemy import (
    BigInteger,
    Boolean,
    CheckConstraint,
    Column,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    Table,
    Text,
    UniqueConstraint,
    false,
)

from pipeline.adapters.columns import Instant, OneOf, Words, json_column
from pipeline.core.model import MailKind, MailState, Occasion, Place, RoundEnd, RoundPurpose, Rule, StepKind
from pipeline.redline.model import Disposition


def _key() -> Column[Any]:
    return Column("id", Integer, primary_key=True)


metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
        "pk": "pk_%(table_name)s",
    }
)

# --- The group, its drafts and rounds ---------------------------------------------------------------------------

#: one row: the roster is read and replaced as a whole
roster = Table(
    "roster",
    metadata,
    _key(),
    json_column("content"),
    CheckConstraint("id = 1", name="one_row"),
)

draft = Table(
    "draft",
    metadata,
    _key(),
    Column("code", Words, nullable=False),
    Column("title", Words, nullable=False),
    Column("type", Words, nullable=False),
    json_column("leads"),
    Column("rule", OneOf(Rule), nullable=False),
    Column("note", Words, nullable=False),
    UniqueConstraint("code"),
)

draft_step = Table(
    "draft_step",
    metadata,
    _key(),
    Column("draft", Words, ForeignKey("draft.code"), nullable=False, index=True),
    Column("kind", OneOf(StepKind), nullable=False),
    Column("revision", Words, nullable=False),
    Column("at", Instant, nullable=False),
    Column("by", Words, nullable=False),
    Column("reason", Words, nullable=False),
    Column("link", Words, nullable=False),
)

revision = Table(
    "revision",
    metadata,
    _key(),
    Column("draft", Words, ForeignKey("draft.code"), nullable=False),
    Column("name", Words, nullable=False),
    Column("sha256", Text, nullable=False),
    Column("docx", LargeBinary, nullable=False),
    Column("circulated_at", Instant),
    UniqueConstraint("draft", "name"),
)

call_round = Table(
    "call_round",
    metadata,
    _key(),
    Column("draft", Words, nullable=False, index=True),
    Column("revision", Words, nullable=False),
    Column("current_revision", Words, nullable=False),
    Column("purpose", OneOf(RoundPurpose), nullable=False),
    Column("opened_at", Instant, nullable=False),
    Column("deadline_at", Instant, nullable=False),
    Column("deadline_zone", Text, nullable=False),
    Column("subject", Words, nullable=False),
    Column("closed_at", Instant),
    Column("end", OneOf(RoundEnd)),
    ForeignKeyConstraint(["draft", "revision"], ["revision.draft", "revision.name"]),
    ForeignKeyConstraint(["draft", "current_revision"], ["revision.draft", "revision.name"]),
)

addressee = Table(
    "addressee",
    metadata,
    _key(),
    Column("round_id", Integer, ForeignKey("call_round.id"), nullable=False),
    Column("agency", Words, nullable=False),
    Column("message_id", Words),
    Column("extension_at", Instant),
    Column("extension_zone", Text),
    UniqueConstraint("round_id", "agency"),
)

decision = Table(
    "decision",
    metadata,
    _key(),
    Column("round_id", Integer, ForeignKey("call_round.id"), nullable=False, index=True),
    Column("agency", Words, nullable=False),
    Column("at", Instant, nullable=False),
    json_column("content"),
)

#: how a round reminds, where a person wants it otherwise than usual
reminding = Table(
    "reminding",
    metadata,
    Column("round_id", Integer, ForeignKey("call_round.id"), primary_key=True),
    json_column("ladder"),
    Column("ask_first", Boolean, nullable=False),
)

#: what a person has switched off or on again for the whole desk
switch = Table(
    "switch",
    metadata,
    Column("name", Text, primary_key=True),
    Column("on", Boolean, nullable=False),
)

# --- Mail that came in ------------------------------------------------------------------------------------------

raw_message = Table(
    "raw_message",
    metadata,
    Column("sha256", Text, primary_key=True),
    Column("content", LargeBinary, nullable=False),
)

#: small rows: what lists, filters and the tracking need; the record itself lies in `recognition`
message = Table(
    "message",
    metadata,
    _key(),
    Column("sha256", Text, ForeignKey("raw_message.sha256"), nullable=False),
    Column("canonical_sha256", Text, nullable=False, index=True),
    Column("size", Integer, nullable=False),
    Column("received_at", Instant, nullable=False),
    Column("recorded_at", Instant, nullable=False),
    Column("place", OneOf(Place), nullable=False),
    Column("attempts", Integer, nullable=False),
    Column("attention_open", Boolean, nullable=False),
    Column("attention_closed_at", Instant),
    Column("message_id", Words, index=True),
    Column("kind", OneOf(MailKind)),
    Column("agency", Words, index=True),
    Column("body", Words),
    Column("draft", Words, index=True),
    Column("round_id", Integer, ForeignKey("call_round.id"), index=True),
    json_column("flags"),
    Column("duplicate_of", Integer, ForeignKey("message.id")),
    Column("superseded_by", Integer, ForeignKey("message.id")),
    UniqueConstraint("sha256"),
)
Index(None, message.c.place, message.c.id)
Index(
    "ix_message_open_attention",
    message.c.id,
    sqlite_where=message.c.attention_open.is_(True),
    postgresql_where=message.c.attention_open.is_(True),
)

#: rounds a message concerns besides its own: its files serve them too; while it is held, it may be about them
other_round = Table(
    "other_round",
    metadata,
    Column("message_id", Integer, ForeignKey("message.id"), primary_key=True),
    Column("round_id", Integer, ForeignKey("call_round.id"), primary_key=True, index=True),
    Column("draft", Words, nullable=False),
    #: the message that replaced it in this round
    Column("superseded_by", Integer, ForeignKey("message.id")),
)

recognition = Table(
    "recognition",
    metadata,
    Column("message_id", Integer, ForeignKey("message.id"), primary_key=True),
    json_column("content"),
    #: subject, sender and text, case-folded, for the search
    Column("words", Words, nullable=False),
)

sighting = Table(
    "sighting",
    metadata,
    _key(),
    Column("message_id", Integer, ForeignKey("message.id"), nullable=False, index=True),
    Column("folder", Words, nullable=False),
    Column("uid_validity", BigInteger, nullable=False),
    Column("uid", BigInteger, nullable=False),
    Column("internal_date", Instant, nullable=False),
    Column("seen_at", Instant, nullable=False),
    UniqueConstraint("folder", "uid_validity", "uid"),
)

#: where a person put a message; the last one is applied again whenever the message is recognised again
refiling = Table(
    "refiling",
    metadata,
    _key(),
    Column("message_id", Integer, ForeignKey("message.id"), nullable=False, index=True),
    Column("at", Instant, nullable=False),
    Column("by", Words, nullable=False),
    Column("place", OneOf(Place), nullable=False),
    Column("agency", Words),
    Column("body", Words),
    Column("draft", Words),
    Column("round_id", Integer, ForeignKey("call_round.id")),
    Column("kind", OneOf(MailKind)),
    Column("remark", Words, nullable=False),
    #: its files serve no other round, whatever draft they are of
    Column("alone", Boolean, nullable=False, server_default=false()),
)

#: under which names people of which members have written: they may stand beside changes in files of others
writer = Table(
    "writer",
    metadata,
    Column("name", Words, primary_key=True),
    Column("agency", Words, primary_key=True),
)

#: how far each folder has been read
cursor = Table(
    "cursor",
    metadata,
    Column("folder", Words, primary_key=True),
    Column("uid_validity", BigInteger, nullable=False),
    Column("last_uid", BigInteger, nullable=False),
)

#: one row: the last look into the mailbox
poll = Table(
    "poll",
    metadata,
    _key(),
    Column("opened_at", Instant),
    Column("succeeded_at", Instant),
    Column("error", Words, nullable=False),
    CheckConstraint("id = 1", name="one_row"),
)

# --- What is proposed -------------------------------------------------------------------------------------------

proposal = Table(
    "proposal",
    metadata,
    _key(),
    Column("message_id", Integer, ForeignKey("message.id"), index=True),
    Column("round_id", Integer, ForeignKey("call_round.id"), index=True),
    Column("draft", Words, nullable=False),
    Column("revision", Words, nullable=False),
    Column("agency", Words, nullable=False),
    Column("body", Words),
    json_column("change"),
    Column("disposition", OneOf(Disposition), nullable=False),
    Column("amended", Words, nullable=False),
    Column("remark", Words, nullable=False),
    Column("decided_by", Words, nullable=False),
    Column("decided_at", Instant),
    Column("version", Integer, nullable=False),
    ForeignKeyConstraint(["draft", "revision"], ["revision.draft", "revision.name"]),
    # the key of a proposal is its id: one that was replaced must not hand its id on
    sqlite_autoincrement=True,
)
Index(None, proposal.c.draft, proposal.c.revision)

disposition = Table(
    "disposition",
    metadata,
    _key(),
    Column("proposal_id", Integer, ForeignKey("proposal.id"), nullable=False, index=True),
    Column("at", Instant, nullable=False),
    Column("by", Words, nullable=False),
    Column("disposition", OneOf(Disposition), nullable=False),
    Column("amended", Words, nullable=False),
    Column("remark", Words, nullable=False),
)

# --- Mail that goes out -----------------------------------------------------------------------------------------

outgoing = Table(
    "outgoing",
    metadata,
    _key(),
    Column("recipient", Words, nullable=False),
    Column("key", Words, nullable=False),
    Column("message_id", Words, nullable=False),
    Column("occasion", OneOf(Occasion), nullable=False),
    json_column("to"),
    json_column("cc"),
    Column("subject", Words, nullable=False),
    Column("text", Words, nullable=False),
    Column("raw", LargeBinary, nullable=False),
    Column("not_before", Instant, nullable=False),
    Column("agency", Words, index=True),
    Column("round_id", Integer, ForeignKey("call_round.id"), index=True),
    Column("state", OneOf(MailState), nullable=False),
    Column("queued_at", Instant, nullable=False),
    Column("sent_at", Instant),
    Column("note", Words, nullable=False),
    UniqueConstraint("recipient", "key"),
    UniqueConstraint("message_id"),
)
Index(None, outgoing.c.state, outgoing.c.not_before)

#: which messages a receipt is about: one receipt may name several, no message is named in two
receipt = Table(
    "receipt",
    metadata,
    Column("message_id", Integer, ForeignKey("message.id"), primary_key=True),
    Column("outgoing_id", Integer, ForeignKey("outgoing.id"), nullable=False, index=True),
)

#: where no receipts go out: a draft, an agency, or one agency in one draft; "" stands for all
receipt_off = Table(
    "receipt_off",
    metadata,
    Column("draft", Words, primary_key=True),
    Column("agency", Words, primary_key=True),
)

# --- People and what they did -----------------------------------------------------------------------------------

account = Table(
    "account",
    metadata,
    _key(),
    Column("name", Words, nullable=False),
    Column("password_hash", Text, nullable=False),
    Column("role", Words, nullable=False),
    Column("disabled", Boolean, nullable=False),
    #: the member its owner works for; "" for somebody of the secretariat itself
    Column("member", Words, nullable=False, server_default=""),
    #: raised to end every session and calendar address of the account
    Column("session", Integer, nullable=False, server_default="0"),
    UniqueConstraint("name"),
)

#: one row while no mail may leave: after a restored or imported database, until a person says so
sending_stop = Table(
    "sending_stop",
    metadata,
    _key(),
    Column("since", Instant, nullable=False),
    Column("why", Words, nullable=False),
    CheckConstraint("id = 1", name="one_row"),
)

# --- The year -----------------------------------------------------------------------------------------------------

planned_draft = Table(
    "planned_draft",
    metadata,
    _key(),
    Column("code", Words, nullable=False),
    json_column("content"),
    UniqueConstraint("code"),
)

mandate = Table(
    "mandate",
    metadata,
    _key(),
    Column("number", Words, nullable=False),
    json_column("content"),
    UniqueConstraint("number"),
)

#: append only; each row is chained to the one before it
audit = Table(
    "audit",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=False),
    Column("at", Instant, nullable=False),
    Column("who", Words, nullable=False),
    Column("what", Words, nullable=False),
    Column("subject", Words, nullable=False, index=True),
    Column("hash", Text, nullable=False),
)
