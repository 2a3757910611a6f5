"""The texts the group writes, and their revisions."""

from datetime import datetime
from typing import Any

from sqlalchemy import RowMapping, insert, select, update

from pipeline.adapters.store.codec import decode, encode
from pipeline.adapters.store.database import Db
from pipeline.adapters.tables import draft as drafts
from pipeline.adapters.tables import draft_step as steps
from pipeline.adapters.tables import revision as revisions
from pipeline.core.model import Draft, DraftStep, Revision, StepKind
from pipeline.errors import UsageError

# Built once: every message asks for them, and building a statement costs more than running it.
_LIST_DRAFTS = select(drafts).order_by(drafts.c.id)


#: the columns of a step are its fields
_STEP = ("draft", "kind", "revision", "at", "by", "reason", "link")


def add_draft(db: Db, draft: Draft) -> None:
    """Add a draft. Raises: UsageError when its code is taken."""
    if db.execute(select(drafts.c.id).where(drafts.c.code == draft.code)).first():
        raise UsageError(f"There is a draft {draft.code} already: choose another code.")
    values: dict[str, Any] = {name: getattr(draft, name) for name in ("code", "title", "type", "rule", "note")}
    db.execute(insert(drafts).values(leads=encode(draft.leads), **values))


def get_draft(db: Db, code: str) -> Draft:
    """The draft of this code. Raises: UsageError when there is none."""
    row = db.execute(select(drafts).where(drafts.c.code == code)).mappings().first()
    if row is None:
        raise UsageError(f"There is no draft {code}: see penholder draft list.")
    return _read_draft(row)


def list_drafts(db: Db) -> tuple[Draft, ...]:
    """All drafts in the order in which they were added."""
    return tuple(_read_draft(row) for row in db.execute(_LIST_DRAFTS).mappings())


def add_revision(db: Db, revision: Revision) -> None:
    """Add a revision of a draft. Raises: UsageError when the draft is unknown or the name is taken."""
    get_draft(db, revision.draft)
    where = (revisions.c.draft == revision.draft) & (revisions.c.name == revision.name)
    if db.execute(select(revisions.c.id).where(where)).first():
        raise UsageError(f"Draft {revision.draft} has a revision {revision.name} already: choose another name.")
    names = ("draft", "name", "sha256", "docx", "circulated_at")
    db.execute(insert(revisions).values({name: getattr(revision, name) for name in names}))


def get_revision(db: Db, draft: str, name: str) -> Revision:
    """One revision with its file. Raises: UsageError when there is none."""
    where = (revisions.c.draft == draft) & (revisions.c.name == name)
    row = db.execute(select(revisions).where(where)).mappings().first()
    if row is None:
        raise UsageError(f"There is no revision {name} of draft {draft}: see penholder draft list.")
    return _read_revision(row)


def list_revisions(db: Db, draft: str | None = None) -> tuple[Revision, ...]:
    """The revisions with their files in the order in which they were added; of one draft when it is given."""
    query = select(revisions).order_by(revisions.c.id)
    if draft is not None:
        query = query.where(revisions.c.draft == draft)
    return tuple(_read_revision(row) for row in db.execute(query).mappings())


def list_names(db: Db, draft: str) -> tuple[str, ...]:
    """The names of a draft's revisions in the order in which they were added; their files stay in the database."""
    return tuple(
        db.execute(select(revisions.c.name).where(revisions.c.draft == draft).order_by(revisions.c.id)).scalars()
    )


def circulate_revision(db: Db, draft: str, name: str, at: datetime) -> None:
    """Note when a revision went out; the first time counts. Raises: UsageError when there is none."""
    if get_revision(db, draft, name).circulated_at is None:
        where = (revisions.c.draft == draft) & (revisions.c.name == name)
        db.execute(update(revisions).where(where).values(circulated_at=at))


def add_step(db: Db, step: DraftStep) -> None:
    """Keep that a draft was published, withdrawn or reopened. Raises: UsageError when the draft is unknown."""
    get_draft(db, step.draft)
    db.execute(insert(steps).values({name: getattr(step, name) for name in _STEP}))


def list_steps(db: Db, draft: str | None = None) -> tuple[DraftStep, ...]:
    """What was done with drafts as a whole, oldest first; with one draft when it is given."""
    query = select(steps).order_by(steps.c.id)
    if draft is not None:
        query = query.where(steps.c.draft == draft)
    return tuple(DraftStep(**{name: row[name] for name in _STEP}) for row in db.execute(query).mappings())


def check_open(db: Db, code: str) -> None:
    """Nothing while a draft may still change. Raises: UsageError once it is published or withdrawn."""
    made = list_steps(db, code)
    if made and made[-1].kind is not StepKind.REOPENED:
        raise UsageError(f"Draft {code} is {made[-1].kind.value}: reopen it first, penholder draft reopen {code}.")


def _read_draft(row: RowMapping) -> Draft:
    values = {name: row[name] for name in ("code", "title", "type", "rule", "note")}
    return Draft(leads=decode(tuple[str, ...], row["leads"]), **values)


def _read_revision(row: RowMapping) -> Revision:
    return Revision(**{name: row[name] for name in ("draft", "name", "sha256", "docx", "circulated_at")})
