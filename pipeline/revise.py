"""Decisions on proposals, and new revisions: no wording enters a text without a person's disposition."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from pipeline.adapters import store
from pipeline.core.model import Draft, Revision
from pipeline.errors import UsageError
from pipeline.reading import read_base
from pipeline.redline.model import Disposition
from pipeline.understand import Desk


@dataclass(frozen=True, slots=True, kw_only=True)
class Added:
    """A revision that was added."""

    draft: str
    name: str
    #: how many paragraphs carry a number
    paragraphs: int


def add_revision(
    desk: Desk, code: str, name: str, docx: bytes, *, new_draft: Draft | None = None, dry_run: bool = False
) -> Added:
    """Add a text as a revision of a draft; `new_draft` when the draft is new too.

    Raises: UsageError when the draft is unknown, published or withdrawn, or the revision is there; UnreadableFileError
    when it is no Word file.
    """
    text = desk.reader.call(read_base, docx)
    with desk.database.read() as db:
        _check_new(db, code, name, new_draft)
    if not dry_run:
        digest = hashlib.sha256(docx).hexdigest()
        with desk.database.begin() as db:
            if new_draft is not None:
                store.drafts.add_draft(db, new_draft)
            store.drafts.add_revision(db, Revision(draft=code, name=name, sha256=digest, docx=docx, circulated_at=None))
    numbered = sum(bool(paragraph.number) for paragraph in text.get_story("body").paragraphs)
    return Added(draft=code, name=name, paragraphs=numbered)


def _check_new(db: store.Db, code: str, name: str, new_draft: Draft | None) -> None:
    """Nothing. Raises: UsageError for what could not be added, also before a dry run says that it would be."""
    known = {draft.code for draft in store.drafts.list_drafts(db)}
    if new_draft is None:
        store.drafts.get_draft(db, code)
        store.drafts.check_open(db, code)
    elif code in known:
        raise UsageError(f"There is a draft {code} already: leave --title away to add a revision to it.")
    if name in {revision.name for revision in store.drafts.list_revisions(db, code)}:
        raise UsageError(f"Draft {code} has a revision {name} already: choose another name.")


def dispose(
    database: store.Database,
    proposal_id: int,
    disposition: Disposition,
    *,
    remark: str,
    amended: str,
    by: str,
    now: datetime,
    version: int,
) -> None:
    """Record what a person decided about a proposal, with who, when and why. Raises: as `dispose_all`."""
    dispose_all(database, {proposal_id: version}, disposition, remark=remark, amended=amended, by=by, now=now)


def dispose_all(
    database: store.Database,
    versions: Mapping[int, int],
    disposition: Disposition,
    *,
    remark: str,
    amended: str,
    by: str,
    now: datetime,
) -> None:
    """Record one decision about proposals that are the same, all or none; `versions`: the version seen, by id.

    Raises: UsageError when a rejection has no reason, an amendment no wording, the draft is published or withdrawn, or
    somebody else decided meanwhile.
    """
    if disposition is Disposition.REJECTED and not remark:
        raise UsageError("Give a reason when you reject a proposal: its agency will read it.")
    if disposition is Disposition.AMENDED and not amended:
        raise UsageError("Write the amended wording, or accept the proposal as it is.")
    if disposition is Disposition.SUPERSEDED:
        raise UsageError("A proposal is superseded by a newer mail of its agency only.")
    with database.begin() as db:
        for code in {store.proposals.get_proposal(db, proposal_id).draft for proposal_id in versions}:
            store.drafts.check_open(db, code)
        for proposal_id, version in versions.items():
            store.proposals.dispose(
                db, proposal_id, disposition, remark=remark, amended=amended, by=by, at=now, version=version
            )
            store.audit.write(db, now, by, f"{disposition}: {remark}".rstrip(": "), f"proposal {proposal_id}")
