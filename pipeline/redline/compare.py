"""One version beside its base: what changed as a list, and as tracked changes."""

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from pipeline.redline.gather import gather
from pipeline.redline.ledger import list_fields
from pipeline.redline.merge import merge
from pipeline.redline.model import BaseText, ChangeSet
from pipeline.redline.places import find_home
from pipeline.redline.write import consolidate

#: no conflict is noted in a comparison, so nothing carries this date
_NO_DATE = datetime(1980, 1, 1, tzinfo=UTC)


def track_changes(base_docx: bytes, base: BaseText, changes: ChangeSet, *, author: str) -> bytes:
    """The base with everything a version changes as tracked changes and comments.

    Each stands under the name its file gives; what the file did not track stands under `author`.

    Raises: UnreadableFileError; UsageError when the file does not hold the text of `base`.
    """
    gathered = gather([(author, changes)])
    merged = merge(base, tuple(gathered.proposals.values()))
    folded = tuple(
        replace(one, change=replace(one.change, person=name), owners=(name,))
        for one in merged.folded
        for name in [one.change.person or author]
    )
    written = consolidate(
        base_docx,
        replace(merged, folded=folded),
        gathered.proposals,
        gathered.sources,
        secretariat=author,
        date=_NO_DATE,
    )
    return written.docx


def list_changes(base: BaseText, changes: ChangeSet) -> dict[str, Any]:
    """A change set as plain values for JSON; the keys are those of docs/ledger.md."""
    return {
        "base": changes.base,
        "source": changes.source,
        "coverage": round(changes.coverage, 4),
        "warnings": list(changes.warnings),
        "changes": [
            list_fields(change, find_home(base.get_story(change.story), change)) | {"reply_to": change.reply_to}
            for change in changes.changes
        ],
    }
