"""All proposals on one revision, held against each other, and every document that is made of them."""

from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property, lru_cache

from pipeline.adapters import store
from pipeline.adapters.store import StoredProposal
from pipeline.core.draft_states import describe_text
from pipeline.core.model import Draft, Revision
from pipeline.redline.banner import add_banner
from pipeline.redline.compilation import write_compilation
from pipeline.redline.matrix_write import rows, write_matrix_docx, write_matrix_xlsx
from pipeline.redline.merge import merge
from pipeline.redline.model import BaseText, Disposition, Merge, Proposal, Relation
from pipeline.redline.read import read_text
from pipeline.redline.report import write_disposition_report
from pipeline.redline.revise import Revised, revise
from pipeline.redline.stamp import note_status, stamp
from pipeline.redline.write import Consolidated, consolidate

_RIVALS = (Relation.CONFLICT, Relation.DELETE_VS_EDIT)


@dataclass(frozen=True, kw_only=True)
class Consolidation:
    """One revision with everything that was proposed on it. It has no slots: what several documents need is kept."""

    draft: Draft
    revision: Revision
    stored: tuple[StoredProposal, ...]
    merge: Merge
    #: sha256 of the message each proposal came in, by its key
    sources: dict[str, str]
    at: datetime
    #: what the text has come to: "not endorsed"
    status: str

    @property
    def proposals(self) -> dict[str, Proposal]:
        """The proposals by key."""
        return {each.proposal.key: each.proposal for each in self.stored}

    def find_accepted_rivals(self, keys: Collection[str]) -> tuple[str, ...]:
        """Owners of accepted proposals that cannot stand beside those of `keys`."""
        proposals = self.proposals
        pairs = [(pair.first, pair.second) for pair in self.merge.related if pair.relation in _RIVALS]
        rivals = {other for one, other in (*pairs, *((b, a) for a, b in pairs)) if one in keys and other not in keys}
        accepted = [proposals[key] for key in sorted(rivals) if proposals[key].disposition is Disposition.ACCEPTED]
        return tuple(dict.fromkeys(proposal.owner for proposal in accepted))

    @cached_property
    def written(self) -> Consolidated:
        """The consolidated draft and the ledger that names every revision mark in it."""
        return consolidate(
            self.revision.docx, self.merge, self.proposals, self.sources, secretariat="Secretariat", date=self.at
        )

    @cached_property
    def revised(self) -> Revised:
        """The next revision. Raises: ConflictingDecisions."""
        return revise(self.revision.docx, tuple(self.proposals.values()))

    @property
    def remarks(self) -> dict[str, str]:
        """What was said when deciding, by key of the proposal."""
        return {each.proposal.key: each.remark for each in self.stored if each.remark}


def read_consolidation(database: store.Database, code: str, revision: str, now: datetime) -> Consolidation:
    """Everything proposed on a revision. Raises: UsageError when there is no such draft or revision."""
    with database.read() as db:
        draft, text = store.drafts.get_draft(db, code), store.drafts.get_revision(db, code, revision)
        stored = store.proposals.list_proposals(db, draft=code, revision=revision)
        status = describe_text(store.rounds.list_rounds(db, code), revision)
        digests = store.messages.find_digests(db, {each.message_id for each in stored if each.message_id is not None})
    sources = {each.proposal.key: digests[each.message_id] for each in stored if each.message_id is not None}
    return Consolidation(
        draft=draft,
        revision=text,
        stored=stored,
        merge=merge(_read_base(text.docx), [each.proposal for each in stored]),
        sources=sources,
        at=now,
        status=status,
    )


@lru_cache(maxsize=8)
def _read_base(docx: bytes) -> BaseText:
    # every look at a draft asks for the text of the same file
    return read_text(docx)


def _redline(consolidation: Consolidation) -> bytes:
    revision = consolidation.revision
    return stamp(
        consolidation.written.docx,
        draft=revision.draft,
        revision=revision.name,
        note=f"proposals of {_day(consolidation)}, not endorsed",
    )


def _banner(consolidation: Consolidation) -> str:
    """What every page says of itself: which text, as of when, and what that has come to."""
    revision = consolidation.revision
    return f"{revision.draft} {revision.name} \u2013 {_day(consolidation)} \u2013 {consolidation.status}"


def _day(consolidation: Consolidation) -> str:
    return f"{consolidation.at.day} {consolidation.at:%B %Y}"


def _ledger(consolidation: Consolidation) -> bytes:
    return consolidation.written.ledger.encode()


def _compile(consolidation: Consolidation) -> bytes:
    content = write_compilation(consolidation.merge.base, consolidation.merge, consolidation.proposals)
    return add_banner(content, _banner(consolidation))


def _matrix_docx(consolidation: Consolidation) -> bytes:
    content = write_matrix_docx(rows(consolidation.merge, consolidation.proposals, consolidation.remarks))
    return add_banner(content, _banner(consolidation))


def _matrix_xlsx(consolidation: Consolidation) -> bytes:
    return write_matrix_xlsx(rows(consolidation.merge, consolidation.proposals, consolidation.remarks))


def _report(consolidation: Consolidation) -> bytes:
    content = write_disposition_report(consolidation.merge, consolidation.proposals, consolidation.remarks)
    return add_banner(content, _banner(consolidation))


def _next_clean(consolidation: Consolidation) -> bytes:
    return note_status(consolidation.revised.clean, _describe_next(consolidation))


def _next_tracked(consolidation: Consolidation) -> bytes:
    return note_status(consolidation.revised.tracked, _describe_next(consolidation))


def _describe_next(consolidation: Consolidation) -> str:
    """A next text is nobody's yet, whatever the one it was made from has come to."""
    revision = consolidation.revision
    return f"made from {revision.draft} {revision.name} \u2013 {_day(consolidation)} \u2013 not endorsed"


def _text(consolidation: Consolidation) -> bytes:
    revision, note = consolidation.revision, f"{_day(consolidation)}, {consolidation.status}"
    return stamp(revision.docx, draft=revision.draft, revision=revision.name, note=note)


#: end of the file's name -> what writes it
DOCUMENTS: dict[str, Callable[[Consolidation], bytes]] = {
    "consolidated.docx": _redline,
    "compilation.docx": _compile,
    "matrix.docx": _matrix_docx,
    "matrix.xlsx": _matrix_xlsx,
    "dispositions.docx": _report,
    "ledger.json": _ledger,
    "next-clean.docx": _next_clean,
    "next-tracked.docx": _next_tracked,
    "text.docx": _text,
}


def name_document(consolidation: Consolidation, document: str) -> str:
    """A telling file name: "YTH_r0_consolidated.docx"."""
    return f"{consolidation.draft.code}_{consolidation.revision.name}_{document}"
