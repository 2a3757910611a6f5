"""A played round held against what the scenario expects: right and total by category, and every miss in a line."""

import tomllib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from pipeline.adapters import store
from pipeline.adapters.store.proposals import StoredProposal
from pipeline.bootstrap import Office
from pipeline.core.model import InboundMessage, MailKind, Place, Response, ResponseState, Round
from pipeline.core.tracking import responses
from pipeline.demo.expected import ExpectedMoment, ExpectedPair, ExpectedRound, MessageExpectation
from pipeline.demo.matching import find_proposals
from pipeline.demo.play import Played
from pipeline.demo.scenario import Scenario, ScenarioEdit
from pipeline.errors import UsageError
from pipeline.redline.merge import merge
from pipeline.redline.model import BaseText, Disposition, Relation
from pipeline.redline.read import read_text
from pipeline.redline.rebase import rebase

#: the categories in the order they are printed
CATEGORIES = (
    "stored",
    "messages",
    "proposals",
    "states",
    "conflicts",
    "reminders",
    "rehearsal",
    "rebasing",
    "worst failures",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One thing that was looked at."""

    category: str
    #: what it is about: "M12", "YTH-UNW-1", "JST r0 deadline"
    subject: str
    #: what was wrong; "" when it is right
    miss: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Score:
    """One line of the table."""

    category: str
    right: int
    total: int
    #: the least that has to be right
    floor: int


def score(findings: Sequence[Finding], floor: dict[str, int]) -> tuple[Score, ...]:
    """The table by category; where the folder records no floor, everything has to be right."""
    table = []
    for category in CATEGORIES:
        own = [finding for finding in findings if finding.category == category]
        right = sum(not finding.miss for finding in own)
        table.append(Score(category=category, right=right, total=len(own), floor=floor.get(category, len(own))))
    return tuple(table)


def load_floor(folder: Path) -> dict[str, int]:
    """The recorded floor of a scenario folder by category; empty without a floor.toml. Raises: UsageError."""
    path = folder / "floor.toml"
    if not path.exists():
        return {}
    try:
        floor = tomllib.loads(path.read_text(encoding="utf-8"))
    except tomllib.TOMLDecodeError as error:
        raise UsageError(f"floor.toml cannot be read: {error}") from None
    if unknown := set(floor) - set(CATEGORIES):
        raise UsageError(f"floor.toml: {', '.join(sorted(unknown))}: write one of {', '.join(CATEGORIES)}")
    if wrong := [category for category, value in floor.items() if type(value) is not int]:
        raise UsageError(f"floor.toml: {', '.join(wrong)}: write a whole number")
    return floor


class Check:
    """Reads the office once after a played round and compares."""

    def __init__(self, scenario: Scenario, office: Office, played: Played) -> None:
        """Read everything the comparison needs."""
        self.scenario = scenario
        self.played = played
        with office.database.read() as db:
            self.roster = store.rosters.get_roster(db)
            self.drafts = {draft.code: draft for draft in store.drafts.list_drafts(db)}
            self.rounds = store.rounds.list_rounds(db)
            self.messages = {each.id: each for each in store.messages.list_messages(db, limit=100_000)}
            self.proposals = store.proposals.list_proposals(db)
            self.filings = {each.id: store.messages.list_filings(db, each.id) for each in self.rounds}
            self.decisions = {each.id: store.rounds.list_decisions(db, each.id) for each in self.rounds}
            revisions = store.drafts.list_revisions(db)
        self.bases = {(each.draft, each.name): read_text(each.docx) for each in revisions}
        self.names: dict[int | None, set[str]] = {}
        for name, arrival in played.arrivals.items():
            self.names.setdefault(arrival.message_id, set()).add(name)

    def findings(self) -> Iterator[Finding]:
        """Every comparison, category by category."""
        yield from self._check_stored()
        yield from self._check_messages()
        yield from self._check_proposals()
        yield from self._check_states()
        yield from self._check_conflicts()
        yield from self._check_reminders()
        yield from self._check_rehearsal()
        yield from self._check_rebasing()
        yield from self._check_worst()

    # --- Messages ---------------------------------------------------------------------------------------------

    def _message_of(self, name: str) -> InboundMessage | None:
        arrival = self.played.arrivals.get(name)
        return self.messages.get(arrival.message_id) if arrival and arrival.message_id is not None else None

    def _check_stored(self) -> Iterator[Finding]:
        """Every message is stored once, recognised, and in one named place."""
        seen: set[int] = set()
        for expected in self.scenario.messages:
            message = self._message_of(expected.id)
            miss = ""
            if message is None:
                miss = "not stored"
            elif message.id in seen and not self.played.arrivals[expected.id].repeated:
                miss = f"shares record {message.id} with another message"
            elif message.place is Place.RECEIVED or message.recognition is None:
                miss = "stored but not recognised"
            seen.add(message.id if message else 0)
            yield Finding(category="stored", subject=expected.id, miss=miss)

    def _check_messages(self) -> Iterator[Finding]:
        for expected in self.scenario.messages:
            misses = ", ".join(self._compare_message(expected.id, expected.expect))
            yield Finding(category="messages", subject=expected.id, miss=misses)

    def _compare_message(self, name: str, expect: MessageExpectation) -> Iterator[str]:
        message = self._message_of(name)
        if message is None or message.recognition is None:
            yield "not there"
            return
        identity, verdict = message.recognition.identity, message.recognition.verdict
        place = "unmatched" if message.place is Place.HELD else message.place.value
        place = Place.IGNORED.value if self.played.arrivals[name].repeated else place
        found = (
            ("draft", expect.draft, identity.draft if identity else None),
            ("agency", expect.agency, identity.agency if identity else None),
            ("kind", expect.kind, verdict.kind.value),
            ("place", expect.message_state, place),
        )
        for what, wanted, got in found:
            if wanted != got:
                yield f"{what}: {got} instead of {wanted}"
        response = self.played.arrivals[name].response
        if expect.response_state is not None and response != expect.response_state:
            allowed = "contributed" if "if xlsx is read" in expect.extension else None
            if response != allowed:
                yield f"response: {response} instead of {expect.response_state}"

    # --- Proposals --------------------------------------------------------------------------------------------

    def _check_proposals(self) -> Iterator[Finding]:
        """Every edit of every readable message exactly once, of the right agency, and nothing beside them."""
        for expected in self.scenario.messages:
            message = self._message_of(expected.id)
            if message is None or message.place is not Place.FILED:
                continue
            if expected.expect.kind == "lead_revision":
                continue
            if self.played.arrivals[expected.id].repeated:
                continue
            own = [each for each in self.proposals if each.message_id == message.id]
            used: set[int] = set()
            hidden = expected.expect.hidden_edits if "if xlsx is read" in expected.expect.extension else ()
            for name in (*expected.expect.edits, *expected.expect.comments, *hidden):
                matched = self._find(self.scenario.get_edit(name), own)
                used |= {each.id for each in matched}
                yield Finding(
                    category="proposals", subject=name, miss="" if matched else f"not read from {expected.id}"
                )
            for extra in own:
                if extra.id not in used:
                    words = f"{extra.proposal.change.old[:40]!r} -> {extra.proposal.change.new[:40]!r}"
                    yield Finding(category="proposals", subject=expected.id, miss=f"nobody proposed {words}")

    def _find(self, edit: ScenarioEdit, among: Sequence[StoredProposal]) -> tuple[StoredProposal, ...]:
        base = self._base_of(edit)
        return find_proposals(edit, among, base) if base else ()

    def _base_of(self, edit: ScenarioEdit) -> BaseText | None:
        return self.bases.get((edit.draft, edit.base))

    # --- Rounds -----------------------------------------------------------------------------------------------

    def _round_of(self, draft: str, revision: str) -> Round | None:
        return next((each for each in self.rounds if (each.draft, each.revision) == (draft, revision)), None)

    def _responses(self, round_: Round, moment: ExpectedMoment | None = None) -> tuple[Response, ...]:
        at = moment.at if moment else max(message.received for message in self.scenario.messages)
        filings = [each for each in self.filings[round_.id] if each.received_at <= at]
        decisions = [each for each in self.decisions[round_.id] if each.at <= at]
        return responses(round_, self.drafts[round_.draft], self.roster, filings, decisions, at)

    def _check_states(self) -> Iterator[Finding]:
        for expected in self.scenario.expected.rounds:
            round_ = self._round_of(expected.draft, expected.revision)
            found = {each.agency: each for each in self._responses(round_)} if round_ else {}
            yield from self._compare_states(expected, found)

    def _compare_states(self, expected: ExpectedRound, found: dict[str, Response]) -> Iterator[Finding]:
        for wanted in expected.states:
            response = found.get(wanted.agency)
            miss = ""
            if response is None:
                miss = "no response is kept"
            elif not self._same_state(wanted.state, response):
                miss = f"{response.state} instead of {wanted.state}"
            elif wanted.by is not None and wanted.by not in self.names.get(response.by, ()):
                miss = f"by {_list(self.names.get(response.by, set()))} instead of {wanted.by}"
            subject = f"{expected.draft} {expected.revision} {wanted.agency}"
            yield Finding(category="states", subject=subject, miss=miss)

    def _same_state(self, wanted: str, response: Response) -> bool:
        overdue = response.state is ResponseState.OVERDUE and wanted == ResponseState.AWAITING
        return response.state == wanted or overdue

    def _check_reminders(self) -> Iterator[Finding]:
        for moment in self.scenario.expected.moments:
            round_ = self._round_of(moment.draft, moment.revision)
            found = self._responses(round_, moment) if round_ else ()
            misses = ", ".join(self._compare_moment(moment, found))
            subject = f"{moment.draft} {moment.revision} {moment.moment}"
            yield Finding(category="reminders", subject=subject, miss=misses)

    def _check_rehearsal(self) -> Iterator[Finding]:
        """What the rehearsal says is what leaves, as long as nothing else comes in."""
        for key, agreed in self.played.foreseen.items():
            miss = "" if agreed else "left otherwise than rehearsed"
            yield Finding(category="rehearsal", subject=key, miss=miss)

    def _compare_moment(self, moment: ExpectedMoment, found: Sequence[Response]) -> Iterator[str]:
        chased = {each.agency for each in found if each.outstanding and not each.do_not_chase}
        owed = set(moment.remind) | set(moment.overdue) | set(moment.silent)
        if chased != owed:
            yield f"chases {_list(chased - owed)} too many and {_list(owed - chased)} too few"
        overdue = {each.agency for each in found if each.overdue}
        if moment.overdue and overdue != set(moment.overdue):
            yield f"overdue {_list(overdue)} instead of {_list(moment.overdue)}"
        held = {each.agency for each in found if each.do_not_chase}
        wanted = {agency for agency, why in moment.do_not_chase if not self._is_read_after_all(why)}
        if held != wanted:
            yield f"does not chase {_list(held)} instead of {_list(wanted)}"

    def _is_read_after_all(self, why: str) -> bool:
        """Whether the message a reason names was read better than the least the scenario asks for."""
        name = why.rpartition(" ")[2]
        expect = next((each.expect for each in self.scenario.messages if each.id == name), None)
        message = self._message_of(name)
        return (
            expect is not None
            and "if xlsx is read" in expect.extension
            and bool(message and not message.attention_open)
        )

    # --- Texts ------------------------------------------------------------------------------------------------

    def _live(self, draft: str) -> list[StoredProposal]:
        return [
            each
            for each in self.proposals
            if each.draft == draft and each.proposal.disposition is not Disposition.SUPERSEDED
        ]

    def _check_conflicts(self) -> Iterator[Finding]:
        for name, _ in self.scenario.expected.superseded:
            edit = self.scenario.get_edit(name)
            live = self._find(edit, self._live(edit.draft))
            later = any(self._same_wording(edit, other) for other in self.scenario.edits if other.id != edit.id)
            miss = "still open" if live and not later else ""
            yield Finding(category="conflicts", subject=f"{name} superseded", miss=miss)
        for pair in self.scenario.expected.pairs:
            yield Finding(category="conflicts", subject=" ".join(pair.edits), miss=self._compare_pair(pair))

    def _same_wording(self, one: ScenarioEdit, other: ScenarioEdit) -> bool:
        return (one.agency, one.draft, one.para, one.old, one.new) == (
            other.agency,
            other.draft,
            other.para,
            other.old,
            other.new,
        )

    def _compare_pair(self, pair: ExpectedPair) -> str:
        edits = [self.scenario.get_edit(name) for name in pair.edits]
        live = self._live(pair.draft)
        keys = [{each.proposal.key for each in self._find(edit, live)} for edit in edits]
        if not all(keys):
            return "one side was not read"
        base = self.bases[(edits[0].draft, edits[0].base)]
        merged = merge(base, [each.proposal for each in live if each.revision == edits[0].base])
        found = {
            each.relation
            for each in merged.related
            if (each.first in keys[0] and each.second in keys[1]) or (each.first in keys[1] and each.second in keys[0])
        }
        strongest = next((each for each in _STRENGTH if each in found), None)
        return "" if strongest == pair.relation else f"{strongest} instead of {pair.relation}"

    def _check_rebasing(self) -> Iterator[Finding]:
        for draft, revision, rows in self.scenario.expected.rebases:
            new = self.bases.get((draft, revision))
            for row in rows:
                edit = self.scenario.get_edit(row.edit)
                old, proposals = self._base_of(edit), self._find(edit, self._live(draft))
                miss = "not read" if not proposals else ""
                if new is not None and old is not None and proposals:
                    results = {rebase(each.proposal.change, old, new).result for each in proposals}
                    worst = next(each for each in _REBASED if each in results)
                    miss = "" if worst == row.result else f"{worst} instead of {row.result}"
                yield Finding(category="rebasing", subject=row.edit, miss=miss)

    # --- The four worst failures --------------------------------------------------------------------------------

    def _check_worst(self) -> Iterator[Finding]:
        """See: architecture, promise 5."""
        unread = [name for name in self._names_of_unread() if self._kind_of(name) is MailKind.NO_COMMENT]
        yield Finding(category="worst failures", subject="no comment for an unread answer", miss=" ".join(unread))
        yield Finding(category="worst failures", subject="chasing while mail lies here", miss=" ".join(self._chased()))
        wrong = " ".join(self._credited_wrongly())
        yield Finding(category="worst failures", subject="words of one credited to another", miss=wrong)
        yield Finding(
            category="worst failures", subject="one of two overlapping edits lost", miss=" ".join(self._lost())
        )

    def _names_of_unread(self) -> Iterator[str]:
        for message in self.scenario.messages:
            if message.expect.hidden_edits or any("unreadable" in flag for flag in message.expect.flags):
                yield message.id

    def _kind_of(self, name: str) -> MailKind | None:
        message = self._message_of(name)
        return message.recognition.verdict.kind if message and message.recognition else None

    def _chased(self) -> Iterator[str]:
        for moment in self.scenario.expected.moments:
            round_ = self._round_of(moment.draft, moment.revision)
            waiting = {agency for agency, _ in moment.do_not_chase}
            for response in self._responses(round_, moment) if round_ else ():
                if response.agency in waiting and response.outstanding and not response.do_not_chase:
                    yield f"{moment.draft} {moment.moment} {response.agency}"

    def _credited_wrongly(self) -> Iterator[str]:
        for expected in self.scenario.messages:
            message = self._message_of(expected.id)
            identity = message.recognition.identity if message and message.recognition else None
            if message is None or identity is None or message.place is not Place.FILED:
                continue
            if identity.agency != expected.expect.agency:
                yield f"{expected.id} to {identity.agency}"

    def _lost(self) -> Iterator[str]:
        for pair in self.scenario.expected.pairs:
            live = self._live(pair.draft)
            for name in pair.edits:
                edit = self.scenario.get_edit(name)
                if pair.visible and not self._find(edit, live):
                    yield name


_STRENGTH = (Relation.DELETE_VS_EDIT, Relation.CONFLICT, Relation.IDENTICAL, Relation.NEAR)
_REBASED = ("needs_reanchoring", "kept_paragraph_changed", "kept")


def _list(codes: Sequence[str] | set[str]) -> str:
    return ", ".join(sorted(codes)) or "nobody"
