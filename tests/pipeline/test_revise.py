"""Decisions and new revisions: a person, a reason, the newest state."""

import pytest

from pipeline.adapters import store
from pipeline.core.model import Draft, Rule
from pipeline.errors import UnreadableFileError, UsageError
from pipeline.redline.model import Disposition
from pipeline.revise import add_revision, dispose
from pipeline.understand import Desk
from tests.pipeline import desk as small
from tests.pipeline.desk import NOW, edit, take, with_file

DRAFT = Draft(code="SEA", title="Paper on the Sea", type="paper", leads=(), rule=Rule.INPUTS)


@pytest.fixture
def proposed(desk: Desk) -> Desk:
    """A desk with one proposal."""
    take(desk, with_file(desk, "ILO", edit("shared with herds", "shared with working animals", 2)))
    return desk


def decide(desk: Desk, disposition: Disposition, *, remark: str = "", amended: str = "", version: int = 0) -> None:
    """The chair decides about the first proposal."""
    dispose(desk.database, 1, disposition, remark=remark, amended=amended, by="chair", now=NOW, version=version)


@pytest.mark.parametrize(
    ("disposition", "words"),
    [
        (Disposition.REJECTED, "reason"),
        (Disposition.AMENDED, "amended wording"),
        (Disposition.SUPERSEDED, "newer mail"),
    ],
)
def test_a_decision_without_what_it_needs_is_refused(proposed: Desk, disposition: Disposition, words: str) -> None:
    before = small.dump(proposed)
    with pytest.raises(UsageError, match=words):
        decide(proposed, disposition)
    assert small.dump(proposed) == before


@pytest.mark.parametrize(
    ("disposition", "told"),
    [
        (Disposition.ACCEPTED, {}),
        (Disposition.NOTED, {}),
        (Disposition.BRACKETED, {}),
        (Disposition.OPEN, {}),
        (Disposition.REJECTED, {"remark": "outside the mandate"}),
        (Disposition.AMENDED, {"amended": "shared with animals"}),
    ],
)
def test_a_decision_is_kept_with_who_when_and_why(
    proposed: Desk, disposition: Disposition, told: dict[str, str]
) -> None:
    decide(proposed, disposition, **told)  # type: ignore[arg-type]
    (kept,) = small.list_proposals(proposed)
    assert (kept.proposal.disposition, kept.decided_by, kept.decided_at, kept.version) == (disposition, "chair", NOW, 1)
    assert (kept.remark, kept.proposal.amended) == (told.get("remark", ""), told.get("amended", ""))
    with proposed.database.read() as db:
        (entry,) = store.audit.list_entries(db, subject="proposal 1")
    assert entry.who == "chair"


def test_a_decision_on_a_stale_page_is_refused(proposed: Desk) -> None:
    decide(proposed, Disposition.ACCEPTED)
    with pytest.raises(UsageError, match="decided by chair in the meantime"):
        decide(proposed, Disposition.NOTED)
    (kept,) = small.list_proposals(proposed)
    assert kept.proposal.disposition is Disposition.ACCEPTED


def test_a_new_draft_comes_with_its_text(desk: Desk) -> None:
    added = add_revision(desk, "SEA", "r0", small.base_docx(), new_draft=DRAFT)
    assert (added.draft, added.name, added.paragraphs) == ("SEA", "r0", 6)
    with desk.database.read() as db:
        assert store.drafts.get_draft(db, "SEA") == DRAFT
        assert store.drafts.get_revision(db, "SEA", "r0").docx == small.base_docx()


def test_a_dry_run_says_the_same_and_changes_nothing(desk: Desk) -> None:
    before = small.dump(desk)
    tried = add_revision(desk, "SEA", "r0", small.base_docx(), new_draft=DRAFT, dry_run=True)
    assert small.dump(desk) == before
    assert add_revision(desk, "SEA", "r0", small.base_docx(), new_draft=DRAFT) == tried


@pytest.mark.parametrize("dry_run", [True, False])
@pytest.mark.parametrize(
    ("code", "name", "new", "words"),
    [
        ("SEA", "r0", None, "no draft SEA"),
        ("WAT", "r0", None, "revision r0 already"),
        ("WAT", "r1", Draft(code="WAT", title="x", type="x", leads=(), rule=Rule.INPUTS), "draft WAT already"),
    ],
)
def test_what_cannot_be_added_is_refused_in_a_dry_run_too(
    desk: Desk, code: str, name: str, new: Draft | None, words: str, dry_run: bool
) -> None:
    before = small.dump(desk)
    with pytest.raises(UsageError, match=words):
        add_revision(desk, code, name, small.base_docx(), new_draft=new, dry_run=dry_run)
    assert small.dump(desk) == before


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04 broken", b"%PDF-1.4"])
def test_a_file_that_is_no_word_file_is_refused(desk: Desk, content: bytes) -> None:
    before = small.dump(desk)
    with pytest.raises(UnreadableFileError):
        add_revision(desk, "WAT", "r1", content)
    assert small.dump(desk) == before
