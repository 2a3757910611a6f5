"""The annual report: what the group did in a year, as a Word file for its members. See: docs/analysis/year.md."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import date

from pipeline.core.model import Draft, Mandate, PlannedDraft, Round, RoundEnd
from pipeline.figures import Tally, Year
from pipeline.redline.paper import Chapter, Grid, write_paper

_DRAFT_HEADINGS = ("Draft", "Lead", "Rounds", "Answers", "On time", "Proposals", "Accepted", "As amended", "Came to")
_AGENCY_HEADINGS = (
    *("Agency", "Asked", "Answered", "On time", "Proposals", "Accepted", "As amended", "Rejected"),
    *("Other", "Open"),
)
#: what the last round of a text came to
_ENDS = {
    RoundEnd.CLOSED: "inputs collected",
    RoundEnd.ENDORSED: "endorsed",
    RoundEnd.NOT_ENDORSED: "not endorsed",
    RoundEnd.NO_OBJECTION: "no objection",
    RoundEnd.SILENCE_BROKEN: "silence broken",
    RoundEnd.WITHDRAWN: "withdrawn",
}
_DECISION_HEADINGS = ("Number", "Decided", "By", "Decision", "To act", "Due", "Done")
_PLAN_HEADINGS = ("Text", "To go out", "Inputs by", "Milestones", "Lead")


def write_annual_report(year: Year) -> bytes:
    """The Word file. The same figures give the same bytes."""
    return write_paper(f"{year.roster.name}: annual report {year.year}", tuple(_list_chapters(year)))


def _list_chapters(year: Year) -> Iterator[Chapter]:
    yield Chapter(heading="The year in figures", sentences=tuple(_sum_up(year)))
    drafts = tuple(_write_draft(*each) for each in year.drafts)
    none = () if drafts else ("No call for inputs went out in this year.",)
    yield Chapter(heading="Texts", sentences=none, grid=Grid(headings=_DRAFT_HEADINGS, rows=drafts))
    agencies = tuple(_write_agency(code, tally) for code, tally in year.agencies)
    yield Chapter(
        heading="Members",
        sentences=(
            "An answer is on time when it was received by the deadline that applied to the member, more time granted "
            "included. Leads are not asked for answers to their own texts. Other proposals were noted, or are kept in "
            "brackets.",
        ),
        grid=Grid(headings=_AGENCY_HEADINGS, rows=agencies),
    )
    if year.mandates:
        decisions = tuple(_write_mandate(each) for each in year.mandates)
        yield Chapter(heading="Decisions", grid=Grid(headings=_DECISION_HEADINGS, rows=decisions))
    if year.planned:
        planned = tuple(_write_planned(each) for each in year.planned)
        yield Chapter(heading="Work plan", grid=Grid(headings=_PLAN_HEADINGS, rows=planned))


def _sum_up(year: Year) -> Iterator[str]:
    total, rounds = year.total, sum(len(held) for _, held, _ in year.drafts)
    chair = ", ".join(year.roster.chair)
    yield f"The group has {len(year.roster.members)} members. When this report was made it was chaired by {chair}."
    yield (
        f"Texts: {len(year.drafts)}. Rounds: {rounds}. Answers received: {_rate(total.answered, total.asked)}. "
        f"Of these on time: {_rate(total.on_time, total.answered)}."
    )
    if total.silent:
        yield f"Members that let a silence procedure pass without a word: {total.silent}."
    yield (
        f"Proposals: {total.proposals}. Accepted: {_rate(total.accepted, total.proposals)}. Accepted as amended: "
        f"{_rate(total.amended, total.proposals)}. Rejected: {_rate(total.rejected, total.proposals)}. Noted or in "
        f"brackets: {_rate(total.kept, total.proposals)}. Not decided: {_rate(total.open, total.proposals)}."
    )


def _write_draft(draft: Draft, rounds: Sequence[Round], tally: Tally) -> tuple[str, ...]:
    name, made = f"{draft.code}: {draft.title}", (tally.proposals, tally.accepted, tally.amended)
    end = rounds[-1].end
    came_to = _ENDS[end] if end else "open"
    return name, ", ".join(draft.leads), str(len(rounds)), *_answers(tally), *map(str, made), came_to


def _write_agency(code: str, tally: Tally) -> tuple[str, ...]:
    decided = (tally.proposals, tally.accepted, tally.amended, tally.rejected, tally.kept, tally.open)
    return code, str(tally.asked), *_answers(tally), *map(str, decided)


def _answers(tally: Tally) -> tuple[str, str]:
    """How many answered, and how many of them on time."""
    return _rate(tally.answered, tally.asked), _rate(tally.on_time, tally.answered)


def _write_mandate(each: Mandate) -> tuple[str, ...]:
    done = f"{each.done_on.isoformat()} {each.outcome}".strip() if each.done_on else ""
    return each.number, each.decided_on.isoformat(), each.by, each.text, each.owner, _write_day(each.due), done


def _write_planned(each: PlannedDraft) -> tuple[str, ...]:
    milestones = _join(f"{one.day.isoformat()} {one.title}" for one in each.milestones)
    return (
        f"{each.code}: {each.title}",
        _write_day(each.circulate),
        _write_day(each.inputs_by),
        milestones,
        _join(each.leads),
    )


def _write_day(day: date | None) -> str:
    return day.isoformat() if day else ""


def _join(words: Iterable[str]) -> str:
    return "; ".join(words)


def _rate(part: int, whole: int) -> str:
    """ "25 of 32 (78 %)"; a dash when there was nothing to count."""
    return f"{part} of {whole} ({round(100 * part / whole)}\N{NO-BREAK SPACE}%)" if whole else "–"
