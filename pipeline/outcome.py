"""Tell each agency what became of its own proposals; a person releases the mails. See: docs/analysis/outcomes.md."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from pipeline.adapters import store
from pipeline.adapters.store import StoredProposal
from pipeline.circulate import read_letterhead
from pipeline.core import letters
from pipeline.core.model import Agency, MailState, Occasion, OutgoingMail, Round, SentMail
from pipeline.core.outcomes import ProposalOutcome, tidy
from pipeline.errors import UsageError
from pipeline.redline.model import TABLE_KINDS, BaseText, Change, ChangeKind, Disposition
from pipeline.redline.places import find_paragraph
from pipeline.redline.read import read_text
from pipeline.redline.table_words import CELL_END, ROW_END
from pipeline.redline.whereabouts import find_origin, find_whereabouts
from pipeline.redline.wording import is_about_all, quote, sort_by_place

#: more mails than any round has
_ALL = 100_000
_KINDS = {
    ChangeKind.ROW_INSERTION: "new_row",
    ChangeKind.TABLE_INSERTION: "new_table",
    ChangeKind.INSERTION: "replacement",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcomes:
    """The mails about one revision and what came of it."""

    draft: str
    #: the revision the proposals were made on, and the newer one
    revisions: tuple[str, str]
    #: one for each agency that proposed something and can be reached, in the order of the roster
    mails: tuple[OutgoingMail, ...]
    #: codes of agencies no mail reaches
    unreachable: tuple[str, ...] = ()
    #: codes of agencies whose mail is on its way, has left, or was cancelled: it is not written again
    told: tuple[str, ...] = ()
    #: how many proposals nobody has decided yet
    undecided: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class _Compared:
    """Everything that was proposed on one revision, and the text that came after."""

    revisions: tuple[str, str]
    stored: tuple[StoredProposal, ...]
    base: BaseText
    newer: BaseText


def choose_revisions(db: store.Db, code: str, base: str = "", newer: str = "") -> tuple[str, str]:
    """The two revisions of a draft the mails are about: those named, else the newest and the one before it.

    Raises: UsageError where there are no two.
    """
    names = store.drafts.list_names(db, store.drafts.get_draft(db, code).code)
    for named in filter(None, (base, newer)):
        if named not in names:
            raise UsageError(f"There is no revision {named} of draft {code}: see penholder draft list.")
    newer = newer or names[-1] if names else ""
    earlier = names[: names.index(newer)] if newer else ()
    if not earlier or (base and base not in earlier):
        raise UsageError(
            f"There is no text of {code} after {base or newer or 'the first'}: add the new revision first."
        )
    return base or earlier[-1], newer


def read_outcomes(
    database: store.Database, code: str, now: datetime, secret: str, *, base: str = "", newer: str = ""
) -> Outcomes:
    """The mails as they would be prepared; nothing is stored. Raises: UsageError."""
    with database.read() as db:
        return _read(db, code, choose_revisions(db, code, base, newer), now, secret)


def prepare_outcomes(
    database: store.Database, code: str, now: datetime, secret: str, *, by: str, base: str = "", newer: str = ""
) -> Outcomes:
    """The mails in the outbox, held until a person releases them.

    Prepared again, those still held say what is decided now, and one whose agency has no proposals any more is
    cancelled. Raises: UsageError.
    """
    with database.begin() as db:
        outcomes = _read(db, code, choose_revisions(db, code, base, newer), now, secret)
        held = {sent.mail.key: sent for sent in list_held(db, code, outcomes.revisions)}
        for mail in outcomes.mails:
            if mail.key in held:
                store.outbox.rewrite(db, held.pop(mail.key).id, mail)
            else:
                store.outbox.queue(db, mail, now, held=True)
        for sent in held.values():
            store.outbox.cancel(db, sent.id, by, now)
        words = f"prepared {len(outcomes.mails)} mails on what came of {outcomes.revisions[0]}"
        store.audit.write(db, now, by, words, f"draft {code}")
        return outcomes


def release_outcomes(
    database: store.Database, code: str, *, by: str, now: datetime, base: str = "", newer: str = ""
) -> tuple[SentMail, ...]:
    """The prepared mails that leave now. Raises: UsageError when none is held."""
    with database.begin() as db:
        revisions = choose_revisions(db, code, base, newer)
        held = list_held(db, code, revisions)
        if not held:
            raise UsageError(f"No mail on what came of {code} {revisions[0]} is held: prepare them first.")
        for sent in held:
            store.outbox.release(db, sent.id, by, now)
        return held


def list_held(db: store.Db, code: str, revisions: tuple[str, str]) -> tuple[SentMail, ...]:
    """The prepared mails that wait for a person, oldest first."""
    return tuple(sent for sent in list_prepared(db, code, revisions) if sent.state is MailState.HELD)


def list_prepared(db: store.Db, code: str, revisions: tuple[str, str]) -> tuple[SentMail, ...]:
    """The mails about these revisions that were ever prepared, whatever became of them, oldest first."""
    start = f"{letters.name_outcomes(code, revisions)}:"
    found = store.outbox.list_outgoing(db, occasion=Occasion.OUTCOME, with_raw=False, limit=_ALL)
    return tuple(sent for sent in reversed(found) if sent.mail.key.startswith(start))


def _read(db: store.Db, code: str, revisions: tuple[str, str], now: datetime, secret: str) -> Outcomes:
    compared = _compare(db, code, revisions)
    rounds = {round.id: round for round in store.rounds.list_rounds(db, code)}
    if not rounds:
        raise UsageError(f"No round on {code} was ever opened: nobody was asked.")
    gone = {sent.mail.key for sent in list_prepared(db, code, revisions) if sent.state is not MailState.HELD}
    written: dict[str, OutgoingMail | None] = {}
    for agency in store.rosters.get_roster(db).agencies:
        own = [each for each in compared.stored if each.proposal.owner == agency.code]
        if any(each.proposal.disposition is not Disposition.SUPERSEDED for each in own):
            letterhead = read_letterhead(db, _choose_round(own, rounds), secret)
            written[agency.code] = _write(letterhead, agency, compared, own, now)
    return Outcomes(
        draft=code,
        revisions=revisions,
        mails=tuple(mail for mail in written.values() if mail and mail.key not in gone),
        unreachable=tuple(agency for agency, mail in written.items() if mail is None),
        told=tuple(agency for agency, mail in written.items() if mail and mail.key in gone),
        undecided=sum(each.proposal.disposition is Disposition.OPEN for each in compared.stored),
    )


def _write(
    letterhead: letters.Letterhead, agency: Agency, compared: _Compared, own: Sequence[StoredProposal], now: datetime
) -> OutgoingMail | None:
    """The mail to one agency about what is its own; None when no address of it works."""
    listed = [each for each in own if each.proposal.disposition is not Disposition.SUPERSEDED]
    outcomes = _describe_all(compared, listed)
    try:
        return letters.outcome(letterhead, agency, compared.revisions, outcomes, len(own) - len(listed), now)
    except letters.UnreachableError:
        return None


def _compare(db: store.Db, code: str, revisions: tuple[str, str]) -> _Compared:
    base, newer = (read_text(store.drafts.get_revision(db, code, name).docx) for name in revisions)
    stored = store.proposals.list_proposals(db, draft=code, revision=revisions[0])
    return _Compared(revisions=revisions, stored=stored, base=base, newer=newer)


def _choose_round(own: Sequence[StoredProposal], rounds: Mapping[int, Round]) -> Round:
    """The newest round an agency proposed something in: its thread is the one to go on in."""
    concerned = [each.round_id for each in own if each.round_id in rounds]
    return rounds[max((id for id in concerned if id is not None), default=max(rounds))]


def _describe_all(compared: _Compared, listed: Sequence[StoredProposal]) -> tuple[ProposalOutcome, ...]:
    """In document order."""
    by_key = {each.proposal.key: each for each in listed}
    ordered = sort_by_place(compared.base, [each.proposal for each in listed])
    return tuple(_describe(compared, by_key[proposal.key]) for proposal in ordered)


def _describe(compared: _Compared, stored: StoredProposal) -> ProposalOutcome:
    change, proposal = stored.proposal.change, stored.proposal
    origin, now = find_origin(compared.base, change), find_whereabouts(compared.base, compared.newer, proposal)
    part, kind = _name_part(change), _name_kind(change)
    old, new = _quote(compared.base, change, kind)
    return ProposalOutcome(
        part=part,
        number=origin.number if origin else "",
        kind=kind,
        old=tidy(old),
        new=tidy(new),
        comment=tidy(change.remark),
        decision=proposal.disposition.value,
        amended=tidy(proposal.amended),
        remark=tidy(stored.remark),
        stands=None if part == "whole" or (now is not None and part != "text") else now is not None,
        now_number=now.number if now else "",
    )


def _name_part(change: Change) -> str:
    if is_about_all(change):
        return "whole"
    if change.story == "body":
        return "text"
    return "table" if change.story.startswith("body/") else "note"


def _name_kind(change: Change) -> str:
    if change.kind is ChangeKind.INSERTION and change.new.endswith("\n"):
        return "new_paragraph"
    return _KINDS.get(change.kind, change.kind.value)


def _quote(base: BaseText, change: Change, kind: str) -> tuple[str, str]:
    """Old and new wording; with some words around it where the change is within a paragraph."""
    if change.kind in TABLE_KINDS:
        return change.old, change.new.replace(CELL_END, " | ").replace(ROW_END, " / ")
    story = base.get_story(change.story)
    if change.target is not None:
        before = find_paragraph(story, change.target - 1) if change.target else None
        return change.old, before[1].number if before else ""
    return quote(story, change) if kind == "replacement" else (change.old, change.new)
