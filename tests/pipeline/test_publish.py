"""A draft is published when its rule is met, and withdrawn with a word to everybody who was asked."""

from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from pipeline import close, overview, publish, remind
from pipeline.adapters import store
from pipeline.core.model import DraftState, MailState, Occasion, RoundEnd, RoundPurpose, StepKind
from pipeline.errors import UsageError
from tests.pipeline import office

NOW = office.OPENED + office.HOUR


@pytest.fixture
def database(tmp_path: Path) -> Iterator[store.Database]:
    """The sample group's database."""
    with office.open_office(tmp_path) as opened:
        yield opened


def close_first(database: store.Database, end: RoundEnd) -> None:
    """A round of the joint statement that ended so."""
    office.open_round(database, "JST", purpose=RoundPurpose.SILENCE, revision="r1")
    with database.begin() as db:
        store.rounds.close_round(db, 1, NOW, end)


def get_state(database: store.Database, code: str = "JST") -> DraftState:
    """How far a draft is."""
    return overview.read_draft(database, code, NOW).state


def publish_it(database: store.Database, link: str = "", *, dry_run: bool = False) -> str:
    """The revision that was published."""
    return publish.publish(database, "JST", by="officer", now=NOW, link=link, dry_run=dry_run).revision


def test_what_stands_is_published_with_who_when_and_where(database: store.Database) -> None:
    close_first(database, RoundEnd.NO_OBJECTION)
    assert publish_it(database, dry_run=True) == "r1"
    assert get_state(database) is DraftState.NO_OBJECTION
    assert publish_it(database, "https://gmg.example/statement") == "r1"
    board = overview.read_draft(database, "JST", NOW)
    (step,) = board.steps
    assert board.state is DraftState.PUBLISHED
    assert (step.kind, step.by, step.at, step.link) == (
        StepKind.PUBLISHED, "officer", NOW, "https://gmg.example/statement",
    )  # fmt: skip


@pytest.mark.parametrize("end", [RoundEnd.SILENCE_BROKEN, RoundEnd.CLOSED, RoundEnd.NOT_ENDORSED])
def test_what_does_not_stand_is_not_published(database: store.Database, end: RoundEnd) -> None:
    close_first(database, end)
    with pytest.raises(UsageError, match="its rule is silence"):
        publish_it(database)


def test_nothing_is_published_while_a_round_is_open(database: store.Database) -> None:
    close_first(database, RoundEnd.NO_OBJECTION)
    office.open_round(database, "JST", now=NOW)
    with pytest.raises(UsageError, match="JST is out for inputs"):
        publish_it(database)


def test_a_link_is_an_address_of_a_page(database: store.Database) -> None:
    close_first(database, RoundEnd.NO_OBJECTION)
    with pytest.raises(UsageError, match="no address of a page"):
        publish_it(database, "javascript:alert(1)")


def test_a_published_draft_does_not_change(database: store.Database) -> None:
    close_first(database, RoundEnd.NO_OBJECTION)
    publish_it(database)
    changes: tuple[Callable[[], object], ...] = (
        lambda: office.open_round(database, "JST", now=NOW),
        lambda: publish_it(database),
        lambda: publish.withdraw(database, "JST", by="officer", now=NOW, secret=office.SECRET, reason="no"),
    )
    for change in changes:
        with pytest.raises(UsageError, match="JST is published: reopen it first"):
            change()


def test_a_withdrawal_closes_the_rounds_and_tells_everybody_who_was_asked(database: store.Database) -> None:
    office.open_round(database, "YTH")
    office.note_poll(database, office.T7)
    remind.remind(database, office.T7, office.SECRET)
    told = {"by": "officer", "now": office.T7, "secret": office.SECRET, "reason": "The summit was put off."}
    foreseen = publish.withdraw(database, "YTH", dry_run=True, **told)  # type: ignore[arg-type]
    assert get_state(database, "YTH") is DraftState.OUT_FOR_INPUTS
    withdrawal = publish.withdraw(database, "YTH", **told)  # type: ignore[arg-type]
    (ending,) = withdrawal.endings
    assert ending.mails == foreseen.endings[0].mails
    assert ending.round.end is RoundEnd.WITHDRAWN
    mails = [each for each in office.list_mails(database) if each.state is MailState.QUEUED]
    results = [each for each in mails if each.mail.occasion is Occasion.RESULT]
    assert {each.mail.agency for each in results} == {asked.agency for asked in ending.round.addressees}
    assert all("The summit was put off." in each.mail.text for each in results)
    assert not [each for each in mails if each.mail.occasion is Occasion.REMINDER]
    assert remind.remind(database, office.T7 + timedelta(days=5), office.SECRET) == ()


def test_who_was_asked_twice_is_told_of_a_withdrawal_once(database: store.Database) -> None:
    office.open_round(database, "YTH")
    newest = office.open_round(database, "YTH", revision="r1", purpose=RoundPurpose.SILENCE).round
    withdrawal = publish.withdraw(database, "YTH", by="officer", now=NOW, secret=office.SECRET, reason="Put off.")
    assert [(each.round.id, len(each.mails)) for each in withdrawal.endings] == [(2, len(newest.addressees)), (1, 0)]


def test_a_withdrawal_needs_a_reason(database: store.Database) -> None:
    with pytest.raises(UsageError, match="Give the reason"):
        publish.withdraw(database, "YTH", by="officer", now=NOW, secret=office.SECRET, reason="")


def test_a_reopened_draft_is_worked_on_again_in_a_new_round(database: store.Database) -> None:
    close_first(database, RoundEnd.NO_OBJECTION)
    publish_it(database)
    publish.reopen(database, "JST", by="officer", now=NOW, reason="a mistake in paragraph 3")
    assert get_state(database) is DraftState.NO_OBJECTION
    with database.read() as db:
        assert store.rounds.get_round(db, 1).end is RoundEnd.NO_OBJECTION
    office.open_round(database, "JST", now=NOW)
    assert get_state(database) is DraftState.OUT_FOR_INPUTS
    with pytest.raises(UsageError, match="neither published nor withdrawn"):
        publish.reopen(database, "JST", by="officer", now=NOW, reason="again")


def test_a_draft_whose_silence_is_broken_says_so(database: store.Database) -> None:
    office.open_round(database, "JST", purpose=RoundPurpose.SILENCE)
    assert get_state(database) is DraftState.UNDER_SILENCE
    office.file_message(database, "objection", at=NOW, identity={"draft": "JST"})
    assert get_state(database) is DraftState.SILENCE_BROKEN
    end = close.close_round(database, 1, by="officer", now=NOW, secret=office.SECRET).round.end
    assert (end, get_state(database)) == (RoundEnd.SILENCE_BROKEN, DraftState.SILENCE_BROKEN)
