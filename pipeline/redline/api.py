"""The front door for other programs: bytes and values in, bytes and values out. See: docs/redline-api.md."""

from pipeline.redline.base_texts import KnownTexts, read_base_text, write_base_text
from pipeline.redline.change_sets import KnownChanges, read_change_set, write_change_set
from pipeline.redline.compare import list_changes, track_changes
from pipeline.redline.compilation import write_compilation
from pipeline.redline.decisions import Decision, decide, read_decisions
from pipeline.redline.gather import Gathered, gather
from pipeline.redline.kept import KnownStretches
from pipeline.redline.ledger_read import Ledger, read_ledger
from pipeline.redline.matrix_write import rows, write_matrix_docx, write_matrix_xlsx
from pipeline.redline.merge import merge
from pipeline.redline.model import (
    BaseText,
    Change,
    ChangeKind,
    ChangeSet,
    Conflict,
    Disposition,
    Folded,
    Merge,
    Origin,
    Paragraph,
    Proposal,
    Related,
    Relation,
    Story,
)
from pipeline.redline.read import read_changes, read_text
from pipeline.redline.rebase import Rebased, rebase
from pipeline.redline.report import write_disposition_report
from pipeline.redline.revise import ConflictingDecisions, Revised, revise
from pipeline.redline.write import Consolidated, consolidate

__all__ = [
    "BaseText",
    "Change",
    "ChangeKind",
    "ChangeSet",
    "Conflict",
    "ConflictingDecisions",
    "Consolidated",
    "Decision",
    "Disposition",
    "Folded",
    "Gathered",
    "KnownChanges",
    "KnownStretches",
    "KnownTexts",
    "Ledger",
    "Merge",
    "Origin",
    "Paragraph",
    "Proposal",
    "Rebased",
    "Related",
    "Relation",
    "Revised",
    "Story",
    "consolidate",
    "decide",
    "gather",
    "list_changes",
    "merge",
    "read_base_text",
    "read_change_set",
    "read_changes",
    "read_decisions",
    "read_ledger",
    "read_text",
    "rebase",
    "revise",
    "rows",
    "track_changes",
    "write_base_text",
    "write_change_set",
    "write_compilation",
    "write_disposition_report",
    "write_matrix_docx",
    "write_matrix_xlsx",
]
