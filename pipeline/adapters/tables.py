"""The tables, as SQLAlchemy Core sees them; only `store` reads and writes rows. See: docs/analysis/storage.md."""

from datetime import UTC, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import (
    BigInteger,
    Boolean,
    CheckConstraint,
    Column,
    DateTime,
    Dialect,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    Table,
    Text,
    TypeDecorator,
    UniqueConstraint,
    false,
)

from pipeline.core.model import MailKind, MailState, Occasion, Place, RoundEnd, RoundPurpose, Rule, StepKind
from pipeline.redline.model import Disposition

# --- Column types -----------------------------------------------------------------------------------------------


class Instant(TypeDecorator[datetime]):
    """An aware datetime, kept in UTC. Raises: ValueError on one without a zone."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """`value` in UTC."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a stored instant needs a time zone: pass an aware datetime")
        return value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """The instant in UTC; SQLite drops the zone on the way in."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


def make_storable(text: str) -> str:
    """`text` without what no database column takes: NUL becomes U+FFFD, a lone surrogate "?"."""
    return text.replace("\0", "\ufffd").encode("utf-8", "replace").decode()


class Words(TypeDecorator[str]):
    """Text that may come from hostile mail. Raw bytes and encoded records keep what a column cannot."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: str | None, dialect: Dialect) -> str | None:
        """`value` made storable."""
        return None if value is None else make_storable(value)


class OneOf(TypeDecorator[StrEnum]):
    """A member of one enumeration, kept by its value."""

    impl = Text
    cache_ok = True

    def __init__(self, kind: type[StrEnum]) -> None:
        """Keep the enumeration the values belong to."""
        super().__init__()
        self.kind = kind

    def process_bind_param(self, value: StrEnum | None, dialect: Dialect) -> str | None:
        """The value of the member. Raises: ValueError when it belongs to another enumeration."""
        return None if value is None else self.kind(value).value

    def process_result_value(self, value: str | None, dialect: Dialect) -> StrEnum | None:
        """The member of this value."""
        return None if value is None else self.kind(value)


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
    Column("content", Text, nullable=False),
    CheckConstraint("id = 1", name="one_row"),
)

draft = Table(
    "draft",
    metadata,
    _key(),
    Column("code", Words, nullable=False),
    Column("title", Words, nullable=False),
    Column("type", Words, nullable=False),
    Column("leads", Text, nullable=False),
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
    Column("content", Text, nullable=False),
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
    Column("flags", Text, nullable=False),
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
    Column("content", Text, nullable=False),
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
    Column("change", Text, nullable=False),
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
    Column("to", Text, nullable=False),
    Column("cc", Text, nullable=False),
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

# --- People and what they did -----------------------------------------------------------------------------------

account = Table(
    "account",
    metadata,
    _key(),
    Column("name", Words, nullable=False),
    Column("password_hash", Text, nullable=False),
    Column("role", Words, nullable=False),
    Column("disabled", Boolean, nullable=False),
    UniqueConstraint("name"),
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
