"""Where a passage stands in a newer revision; see docs/analysis/outcomes.md."""

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.redline.model import BaseText, ChangeKind, Disposition, Proposal
from pipeline.redline.whereabouts import find_origin, find_whereabouts
from tests.redline.sample import draft_base, find_change, load, make_base, make_change, propose, sample_proposals

OLD = make_base(
    "Members meet in Vienna once a year.",
    "States protect migrants at all borders.",
    "Data on migrants are limited and old.",
    "The group shall report to its principals.",
    numbers=("1", "2", "3", "4"),
)
NEW = make_base(
    "A word of welcome from the chair.",
    "Members meet in Vienna once a year.",
    "States protect all migrants at every border of theirs.",
    "Youth are heard in all of this work.",
    "The group shall report to its principals.",
    numbers=("1", "2", "3", "4", "5"),
)


def decided(old: str, new: str, disposition: str, amended: str = "") -> Proposal:
    """A decided replacement of the only place where `old` stands."""
    change = find_change(OLD, old, new)
    return propose("1", "ILO", change, disposition=Disposition(disposition), amended=amended)


@pytest.mark.parametrize(
    ("proposal", "number"),
    [
        (decided("at all borders", "at every border", "accepted"), "3"),
        (decided("protect", "should protect", "rejected"), "3"),
        (decided("once a year", "twice a year", "rejected"), "2"),
        (decided("limited", "scarce", "noted"), None),
        (decided("Data on migrants are limited and old.\n", "", "accepted"), None),
        (decided("its principals", "the principals", "open"), "5"),
        (decided("limited", "scarce", "amended", "Youth are heard in all of this work."), "4"),
        (decided("limited", "scarce", "amended", "Youth are seen in all of this work."), None),
    ],
    ids=lambda value: value if isinstance(value, str) else None,
)
def test_a_passage_is_found_where_its_paragraph_went(proposal: Proposal, number: str | None) -> None:
    found = find_whereabouts(OLD, NEW, proposal)
    assert (found.number if found else None) == number


@pytest.mark.parametrize(("disposition", "number"), [("accepted", "4"), ("rejected", "3")])
def test_a_new_paragraph_is_found_by_its_words_when_it_was_taken(disposition: str, number: str) -> None:
    gap = OLD.get_story("body").text.index("Data")
    change = make_change(OLD, gap, gap, "Youth are heard in all of this work.\n")
    found = find_whereabouts(OLD, NEW, propose("1", "ILO", change, disposition=Disposition(disposition)))
    assert found is not None
    assert found.number == number


def test_a_paragraph_that_was_moved_is_found_by_its_words() -> None:
    text = OLD.get_story("body").text
    end = text.index("States")
    newer = make_base("States protect migrants.", "Data are old.", "Members meet in Vienna once a year.")
    change = make_change(OLD, 0, end, kind=ChangeKind.MOVE, target=len(text))
    found = find_whereabouts(OLD, newer, propose("1", "ILO", change, disposition=Disposition.ACCEPTED))
    assert found is not None
    assert (found.place, found.words) == (3, "Members meet in Vienna once a year.")


def test_a_story_that_is_gone_holds_nothing() -> None:
    proposal = decided("limited", "scarce", "accepted")
    assert find_whereabouts(OLD, BaseText(sha256="", stories=()), proposal) is None


def test_an_origin_is_the_paragraph_a_change_belongs_to() -> None:
    origin = find_origin(OLD, decided("limited", "scarce", "open").change)
    assert origin is not None
    assert (origin.story, origin.number, origin.place) == ("body", "3", 3)


def test_what_the_sample_round_took_in_is_found_where_it_stands() -> None:
    base, proposals = sample_proposals("JST")
    newer = draft_base("JST_r1")
    told = {row["edit"]: row["disposition"] for row in load("decisions_JST_r1.yaml")["dispositions"]}
    accepted = [one for one in proposals if told.get(one.key) == "accepted" and len(one.change.new.split()) > 3]
    assert len(accepted) > 5
    for one in accepted:
        found = find_whereabouts(base, newer, replace(one, disposition=Disposition.ACCEPTED))
        assert found is not None, one.key
        assert one.change.new.strip() in found.words, one.key


LINES = st.lists(st.text("abc dé", min_size=1, max_size=30), min_size=1, max_size=6)


@settings(max_examples=60, deadline=None)
@given(LINES, LINES, st.data())
def test_a_place_is_always_one_of_the_newer_text(old: list[str], new: list[str], data: st.DataObject) -> None:
    base, newer = make_base(*old), make_base(*new)
    text = base.get_story("body").text
    start = data.draw(st.integers(0, len(text)))
    end = data.draw(st.integers(start, len(text)))
    change = make_change(base, start, end, data.draw(st.text("abc \n", max_size=20)))
    proposal = propose("1", "ILO", change, disposition=data.draw(st.sampled_from(Disposition)), amended="abc abc abc")
    found = find_whereabouts(base, newer, proposal)
    assert found is None or new[found.place - 1] == found.words


@pytest.mark.parametrize("disposition", Disposition)
def test_a_text_that_did_not_change_has_every_passage_where_it_was(disposition: Disposition) -> None:
    for old in ("once a year", "at all borders", "limited and old"):
        proposal = propose("1", "ILO", find_change(OLD, old, "otherwise"), disposition=disposition)
        assert find_whereabouts(OLD, OLD, proposal) == find_origin(OLD, proposal.change)
