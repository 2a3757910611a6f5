"""The end of a draft: published, withdrawn, or taken up again. See: docs/analysis/closing.md."""

from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urlsplit

from pipeline.adapters import store
from pipeline.close import Ending, withdraw_round
from pipeline.core.draft_states import find_draft_state, find_last_closed, may_publish
from pipeline.core.model import DraftState, DraftStep, StepKind
from pipeline.errors import UsageError


@dataclass(frozen=True, slots=True, kw_only=True)
class Withdrawal:
    """A draft that was withdrawn, and the rounds that ended with it."""

    step: DraftStep
    #: the newest round first
    endings: tuple[Ending, ...]


def publish(
    database: store.Database,
    code: str,
    *,
    by: str,
    now: datetime,
    link: str = "",
    reason: str = "",
    dry_run: bool = False,
) -> DraftStep:
    """The text of the round that was closed last, published; nothing of the draft changes from then on.

    Raises: UsageError while the draft's own rule is not met, while a round is open, and for a link that is none.
    """
    if link and urlsplit(link).scheme not in {"http", "https"}:
        raise UsageError(f"{link} is no address of a page: write https:// before it, or leave it away.")
    with database.read() if dry_run else database.begin() as db:
        store.drafts.check_open(db, code)
        draft, rounds = store.drafts.get_draft(db, code), store.rounds.list_rounds(db, code)
        state, last = find_draft_state(rounds, store.drafts.list_steps(db, code)), find_last_closed(rounds)
        if last is None or not may_publish(draft, state):
            words = state.value.replace("_", " ")
            raise UsageError(
                f"{code} is {words}, and its rule is {draft.rule.value}: close a round that meets it first."
            )
        step = DraftStep(
            draft=code,
            kind=StepKind.PUBLISHED,
            revision=last.current_revision,
            at=now,
            by=by,
            reason=reason,
            link=link,
        )
        if not dry_run:
            _keep(db, step)
        return step


def withdraw(
    database: store.Database, code: str, *, by: str, now: datetime, secret: str, reason: str, dry_run: bool = False
) -> Withdrawal:
    """The draft withdrawn and its open rounds closed; everybody whom they asked is told once, with the reason.

    Who was asked in several rounds is told in the thread of the newest.

    Raises: UsageError when it is published or withdrawn already, and without a reason.
    """
    if not reason:
        raise UsageError("Give the reason in a sentence: everybody who was asked will read it.")
    step = DraftStep(draft=code, kind=StepKind.WITHDRAWN, revision="", at=now, by=by, reason=reason)
    with database.read() if dry_run else database.begin() as db:
        store.drafts.check_open(db, code)
        endings: tuple[Ending, ...] = ()
        for round in reversed(store.rounds.list_rounds(db, code, open_only=True)):
            told = {mail.agency or "" for ending in endings for mail in ending.mails}
            ending = withdraw_round(db, round, told, by=by, now=now, secret=secret, reason=reason, dry_run=dry_run)
            endings += (ending,)
        if not dry_run:
            _keep(db, step)
        return Withdrawal(step=step, endings=endings)


def reopen(
    database: store.Database, code: str, *, by: str, now: datetime, reason: str, dry_run: bool = False
) -> DraftStep:
    """The draft taken up again after it was published or withdrawn; closed rounds stay closed.

    Raises: UsageError when it is neither, and without a reason.
    """
    if not reason:
        raise UsageError("Give the reason in a sentence: it stands in the record of the draft.")
    with database.read() if dry_run else database.begin() as db:
        store.drafts.get_draft(db, code)
        before = store.drafts.list_steps(db, code)
        if find_draft_state((), before) not in {DraftState.PUBLISHED, DraftState.WITHDRAWN}:
            raise UsageError(f"{code} is neither published nor withdrawn: it can be worked on.")
        step = DraftStep(draft=code, kind=StepKind.REOPENED, revision="", at=now, by=by, reason=reason)
        if not dry_run:
            _keep(db, step)
        return step


def _keep(db: store.Db, step: DraftStep) -> None:
    store.drafts.add_step(db, step)
    words = f"{step.kind.value} {step.revision}".strip() + (f": {step.reason}" if step.reason else "")
    store.audit.write(db, step.at, step.by, words, f"draft {step.draft}")
