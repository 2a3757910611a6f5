"""What became of an agency's proposals: its own and nobody else's, as decided, released by a person."""

from datetime import timedelta
from hashlib import sha256
from typing import Any

import pytest

from pipeline.adapters import store
from pipeline.consolidate import read_consolidation
from pipeline.core.model import MailState, OutgoingMail, Revision
from pipeline.errors import UsageError
from pipeline.outcome import Outcomes, prepare_outcomes, read_outcomes, release_outcomes
from pipeline.redline.model import Change, ChangeKind, Disposition, Origin
from pipeline.redline.read import read_text
from pipeline.revise import dispose
from pipeline.understand import Desk
from tests.pipeline import desk as small
from tests.pipeline.desk import NOW, SECRET, edit, take, with_file

LATER = NOW + timedelta(days=1)


@pytest.fixture
def decided(desk: Desk) -> Desk:
    """Proposals of two agencies, two of three decided, and the next revision made of them."""
    take(
        desk,
        with_file(desk, "ILO", edit("shared with herds", "shared with camels", 2), edit("once a year", "monthly", 6)),
    )
    take(desk, with_file(desk, "WHO", edit("shared with herds", "shared with working animals", 2, author="WHO Water")))
    decide(desk, 1, Disposition.REJECTED, remark="Camels are few.")
    decide(desk, 2, Disposition.ACCEPTED)
    add_next(desk)
    return desk


def decide(desk: Desk, number: int, disposition: Disposition, *, remark: str = "", amended: str = "") -> None:
    """The chair decides about a proposal."""
    with desk.database.read() as db:
        version = store.proposals.get_proposal(db, number).version
    told = {"remark": remark, "amended": amended, "by": "chair", "now": NOW, "version": version}
    dispose(desk.database, number, disposition, **told)  # type: ignore[arg-type]


def add_next(desk: Desk) -> None:
    """Register the next text as r1."""
    content = read_consolidation(desk.database, "WAT", "r0", NOW).revised.clean
    digest = sha256(content).hexdigest()
    with desk.database.begin() as db:
        store.drafts.add_revision(db, Revision(draft="WAT", name="r1", sha256=digest, docx=content, circulated_at=None))


def prepare(desk: Desk) -> Outcomes:
    """Put the mails into the outbox, held."""
    return prepare_outcomes(desk.database, "WAT", LATER, SECRET, by="chair")


def tell(outcomes: Outcomes, agency: str) -> str:
    """The text of the mail to one agency, its line ends as spaces."""
    return " ".join(next(mail for mail in outcomes.mails if mail.agency == agency).text.split())


def test_each_agency_is_told_of_its_own_proposals_and_where_they_stand(decided: Desk) -> None:
    outcomes = prepare(decided)
    assert [mail.agency for mail in outcomes.mails] == ["ILO", "WHO"]
    assert outcomes.undecided == 1
    ilo = tell(outcomes, "ILO")
    assert "In short: 1 accepted, 1 not accepted." in ilo
    assert 'Paragraph 2: replace "herds" with "camels" Not accepted. Now in paragraph 2 of r1. Remark: Camels' in ilo
    assert 'Paragraph 6: replace "once a year" with "monthly" Accepted. Now in paragraph 6 of r1.' in ilo
    assert "working animals" not in ilo
    who = tell(outcomes, "WHO")
    assert "Not decided yet. Now in paragraph 2 of r1." in who
    assert "camels" not in who


def test_the_mails_wait_until_a_person_releases_them(decided: Desk) -> None:
    prepare(decided)
    assert [each.state for each in small.list_mails(decided, "outcome")] == [MailState.HELD] * 2
    released = release_outcomes(decided.database, "WAT", by="anna", now=LATER)
    assert [sent.mail.agency for sent in released] == ["ILO", "WHO"]
    assert [each.state for each in small.list_mails(decided, "outcome")] == [MailState.QUEUED] * 2
    with decided.database.read() as db:
        entries = store.audit.list_entries(db, subject=f"outgoing {released[0].id}")
    assert [(entry.who, entry.what) for entry in entries] == [("anna", "released the mail")]
    with pytest.raises(UsageError, match="prepare them first"):
        release_outcomes(decided.database, "WAT", by="anna", now=LATER)


def test_prepared_again_a_held_mail_says_what_is_decided_now(decided: Desk) -> None:
    prepare(decided)
    decide(decided, 3, Disposition.AMENDED, amended="shared with all animals")
    outcomes = prepare(decided)
    kept = small.list_mails(decided, "outcome")
    assert len(kept) == 2
    assert 'Accepted with other words: "shared with all animals"' in tell(outcomes, "WHO")
    assert [each.mail.raw for each in kept] == [mail.raw for mail in outcomes.mails]
    assert outcomes.undecided == 0


def test_a_mail_that_has_left_or_was_cancelled_is_not_written_again(decided: Desk) -> None:
    prepare(decided)
    ilo, who = small.list_mails(decided, "outcome")
    with decided.database.begin() as db:
        store.outbox.release(db, ilo.id, "anna", LATER)
        store.outbox.cancel(db, who.id, "anna", LATER)
    decide(decided, 2, Disposition.NOTED)
    outcomes = prepare(decided)
    assert (outcomes.mails, outcomes.told) == ((), ("ILO", "WHO"))
    assert [each.mail.raw for each in small.list_mails(decided, "outcome")] == [ilo.mail.raw, who.mail.raw]


def test_a_mail_whose_agency_has_nothing_listed_any_more_is_cancelled(decided: Desk) -> None:
    prepare(decided)
    take(
        decided,
        with_file(
            decided, "WHO", edit("once a year", "weekly", 6, author="WHO"), text="This replaces our earlier file."
        ),
    )
    with decided.database.begin() as db:
        gone = [each.id for each in store.proposals.list_proposals(db) if each.agency == "WHO" and each.id > 3]
    assert gone
    outcomes = prepare(decided)
    assert "replaced by your later mail" in tell(outcomes, "WHO")
    assert "working animals" not in tell(outcomes, "WHO")


def test_a_dry_run_says_the_same_and_stores_nothing(decided: Desk) -> None:
    before = small.dump(decided)
    tried = read_outcomes(decided.database, "WAT", LATER, SECRET)
    assert small.dump(decided) == before
    assert prepare(decided) == tried


def test_whom_no_mail_reaches_is_named(decided: Desk) -> None:
    with decided.database.begin() as db:
        for address in ("water@who.example",):
            store.rosters.mark_bounced(db, address, NOW)
    outcomes = prepare(decided)
    assert ([mail.agency for mail in outcomes.mails], outcomes.unreachable) == (["ILO"], ("WHO",))


@pytest.mark.parametrize(
    ("told", "words"),
    [
        ({"newer": "r9"}, "no revision r9"),
        ({"base": "r9"}, "no revision r9"),
        ({"base": "r1"}, "no text of WAT after r1"),
        ({"newer": "r0"}, "no text of WAT after r0"),
    ],
)
def test_what_cannot_be_compared_is_refused(decided: Desk, told: dict[str, str], words: str) -> None:
    with pytest.raises(UsageError, match=words):
        read_outcomes(decided.database, "WAT", LATER, SECRET, **told)


def test_a_draft_of_one_revision_has_no_outcomes_yet(desk: Desk) -> None:
    with pytest.raises(UsageError, match="add the new revision first"):
        read_outcomes(desk.database, "WAT", LATER, SECRET)


def test_the_mails_stay_in_the_thread_of_the_call(decided: Desk) -> None:
    def thread(mail: OutgoingMail) -> bytes:
        return next(line for line in mail.raw.split(b"\r\n") if line.startswith(b"In-Reply-To:"))

    for mail in prepare(decided).mails:
        assert small.call_id(decided, mail.agency or "").encode() in thread(mail)


def add(desk: Desk, *changes: Change) -> None:
    """Proposals of WHO that came with no message."""
    with desk.database.begin() as db:
        store.proposals.add_proposals(
            db, message_id=None, round_id=1, draft="WAT", revision="r0", agency="WHO", body=None, changes=changes
        )


def test_every_kind_of_proposal_is_put_into_words(desk: Desk) -> None:
    with desk.database.read() as db:
        story = read_text(store.drafts.get_revision(db, "WAT", "r0").docx).get_story("body")
    first, second, third = [paragraph for paragraph in story.paragraphs if paragraph.number][:3]

    def change(kind: ChangeKind, start: int, end: int, **told: Any) -> Change:
        old = story.text[start:end]
        return Change(kind=kind, origin=Origin.TYPED, story="body", start=start, end=end, old=old, **told)

    add(
        desk,
        change(ChangeKind.COMMENT, 0, 0, remark="Rather \u202e long."),
        change(ChangeKind.COMMENT, first.start, first.start + 5, remark="Which?"),
        change(ChangeKind.MOVE, first.start, first.end + 1, target=third.start),
        change(ChangeKind.DELETION, second.start, second.end + 1),
        change(ChangeKind.INSERTION, third.start, third.start, new="Wells are deep.\n"),
        change(ChangeKind.FORMATTING, third.start, third.start + 4, remark="bold"),
    )
    add_next(desk)
    words = tell(prepare(desk), "WHO")
    for said in (
        "The draft as a whole: Rather long.",
        f'Paragraph {first.number}: on "{story.text[first.start : first.start + 5].strip()}": Which?',
        f"Paragraph {first.number}: move after paragraph {second.number}",
        f"Paragraph {second.number}: delete",
        f'After paragraph {second.number}: new paragraph "Wells are deep."',
        f"Paragraph {third.number}: other look of",
    ):
        assert said in words
    assert "In short: 6 not decided yet." in words
