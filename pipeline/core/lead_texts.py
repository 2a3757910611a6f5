"""A whole text from a lead of the draft: a new base, not an answer. See: docs/analysis/classification.md."""

from pipeline.core.case import Case, Judgement
from pipeline.core.content import is_text
from pipeline.core.evidence import find_file_revision
from pipeline.core.model import Certainty, FileReading, MailKind
from pipeline.core.rules import Saying


def ask_lead(case: Case) -> Judgement | None:
    """That a lead of the draft sends a new base text; None when it does not."""
    draft = case.context.find_draft(case.identity.draft)
    if draft is None or case.identity.agency not in draft.leads:
        return None
    known = bool(case.context.rounds_of(draft.code))
    said = case.words.says(Saying.LEAD_TEXT)
    if not any(_is_whole_text(file, draft.code, known, said) for file in case.files):
        return None
    return Judgement(
        kind=MailKind.LEAD_REVISION,
        certainty=Certainty.LIKELY,
        words=f"A lead of {draft.code} sends a whole text of it.",
    )


def _is_whole_text(file: FileReading, draft: str, known: bool, said: bool) -> bool:
    """A text of the draft that differs from what we have; before the first one any text of the lead's is it."""
    found = find_file_revision(file)
    if not is_text(file) or (found is not None and found[0] != draft):
        return False
    if found is not None:
        return bool(file.tracked or file.silent) or not known
    return said or not known
