"""Decisions make the next revision; see docs/analysis/merge.md, Decisions."""

from dataclasses import replace

import pytest

from pipeline.redline.model import ChangeKind, Disposition, Origin
from pipeline.redline.read import read_text
from pipeline.redline.revise import ConflictingDecisions, revise
from tests.redline.sample import (
    build_docx,
    draft_docx,
    find_change,
    load,
    make_change,
    propose,
    read_draft,
    read_view,
    sample_change,
)

DOCX = build_docx(["Members often meet in Vienna.", "States protect all migrants.", "Data are limited."])
BASE = read_text(DOCX)
TEXT = BASE.get_story("body").text
WORDS = {"accepted_as_amended": "amended"}


def _decided(owner, disposition, old, new="", amended="", **fields):
    change = find_change(BASE, old, new, **fields)
    return propose(f"{owner}-{old}-{new}", owner, change, disposition=disposition, amended=amended)


def _accepted(owner, old, new="", **fields):
    return _decided(owner, Disposition.ACCEPTED, old, new, **fields)


def _clean(*proposals):
    return read_text(revise(DOCX, proposals).clean).get_story("body").text.splitlines()


def _sample_decisions():
    decisions = load("decisions_JST_r1.yaml")
    amended = {row["para"]: row["new"] for row in decisions["amended_texts"]}
    edits = {edit["id"]: edit for edit in load("edits.yaml")}
    docx = draft_docx("JST_r0")
    base = read_text(docx)
    numbered = {number: text for number, text, _ in read_draft("JST_r0") if number}
    for row in decisions["dispositions"]:
        edit = edits[row["edit"]]
        change = _in_file(base, numbered, edit)
        word = WORDS.get(row["disposition"], row["disposition"])
        wording = amended.get(edit["para"], "") if word == "amended" else ""
        yield propose(edit["id"], edit["agency"], change, disposition=Disposition(word), amended=wording)


def _in_file(base, numbered, edit):
    """The edit placed by the text of its paragraph, whose number the file leaves to Word."""
    story = base.get_story("body")
    by_text = {text: number for number, text in numbered.items()}
    paragraphs = tuple(
        replace(one, number=by_text.get(story.text[one.start : one.end], "")) for one in story.paragraphs
    )
    return sample_change(replace(base, stories=(replace(story, paragraphs=paragraphs), *base.stories[1:])), edit)


def test_s17_sample_decisions_make_the_next_revision_paragraph_by_paragraph():
    revised = revise(draft_docx("JST_r0"), list(_sample_decisions()))
    expected = [text for _, text, _ in read_draft("JST_r1")]
    assert read_text(revised.clean).get_story("body").text.splitlines() == expected
    assert revised.open == ()


def test_tracked_revision_shows_the_same_text_on_the_old_base():
    revised = revise(draft_docx("JST_r0"), list(_sample_decisions()))
    before = [text for _, text, _ in read_draft("JST_r0")]
    after = [text for _, text, _ in read_draft("JST_r1")]
    assert read_view(revised.tracked)["body"].splitlines() == before
    assert read_view(revised.tracked, lambda author: True)["body"].splitlines() == after


def test_new_paragraph_looks_like_the_one_before_it():
    revised = revise(draft_docx("JST_r0"), list(_sample_decisions()))
    styles = {text: style or "Normal" for _, text, style in read_draft("JST_r1")}
    story = read_text(revised.clean).get_story("body")
    for paragraph in story.paragraphs:
        expected = styles[story.text[paragraph.start : paragraph.end]]
        assert (paragraph.style or "Normal").lower() == expected.lower()


def test_clean_revision_holds_no_tracked_change():
    clean = revise(DOCX, [_accepted("WHO", "often ", "")]).clean
    everything = read_view(clean, lambda author: True)
    assert everything == read_view(clean)
    assert everything["body"].startswith("Members meet in Vienna.")


@pytest.mark.parametrize("disposition", [Disposition.REJECTED, Disposition.NOTED, Disposition.SUPERSEDED])
def test_dropped_proposals_are_in_neither_file(disposition):
    revised = revise(DOCX, [_decided("WHO", disposition, "often", "always")])
    assert read_view(revised.clean, lambda author: True)["body"] == TEXT
    assert read_view(revised.tracked, lambda author: True)["body"] == TEXT
    assert revised.open == ()


def test_open_proposals_stay_tracked_and_out_of_the_clean_text():
    waiting = _decided("WHO", Disposition.OPEN, "often", "always")
    revised = revise(DOCX, [waiting, _accepted("ILO", "limited", "scarce")])
    assert revised.open == (waiting.key,)
    assert "often" in read_view(revised.clean, lambda author: True)["body"]
    assert "scarce" in read_view(revised.clean)["body"]
    assert "always" in read_view(revised.tracked, lambda author: True)["body"]


def test_same_wording_of_two_agencies_is_applied_once():
    lines = _clean(_accepted("WHO", "often", "always"), _accepted("ILO", "often meet", "always meet"))
    assert lines[0] == "Members always meet in Vienna."


def test_words_beside_each_other_are_both_applied():
    lines = _clean(
        _accepted("WHO", "protect all", "protect and assist all", origin=Origin.TRACKED),
        _accepted("ILO", "protect all migrants", "protect all young migrants", origin=Origin.TRACKED),
    )
    assert lines[1] == "States protect and assist all young migrants."


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (("often", "always"), ("often", "seldom")),
        (("often meet", "gather"), ("often", "always")),
        (("States protect all migrants.\n", ""), ("all", "young")),
        (("often", "often and long"), ("often", "often but briefly")),
    ],
)
def test_two_wordings_for_the_same_words_are_refused_by_name(one, other):
    with pytest.raises(ConflictingDecisions, match=r"WHO.*ILO|ILO.*WHO"):
        revise(DOCX, [_accepted("WHO", *one), _accepted("ILO", *other)])


def test_words_that_one_owner_puts_beside_a_paragraph_it_rewrites_are_both_taken():
    start = TEXT.index("States protect")
    rewritten = make_change(BASE, start, start + len("States protect"), "Countries shelter", origin=Origin.TRACKED)
    added = make_change(
        BASE, start + len("States protect"), start + len("States protect"), " and", origin=Origin.TRACKED
    )
    proposals = [
        propose(f"k{n}", "WHO", change, disposition=Disposition.ACCEPTED) for n, change in enumerate((rewritten, added))
    ]
    assert _clean(*proposals)[1] == "Countries shelter and all migrants."


def test_two_wordings_of_one_owner_for_the_same_words_are_refused():
    with pytest.raises(ConflictingDecisions):
        revise(DOCX, [_accepted("WHO", "often", "always"), _accepted("WHO", "often", "seldom")])


def test_two_new_paragraphs_in_one_place_are_both_taken():
    gap = TEXT.index("States")
    proposals = [
        propose(owner, owner, make_change(BASE, gap, gap, f"From {owner}.\n"), disposition=Disposition.ACCEPTED)
        for owner in ("ILO", "WHO")
    ]
    assert _clean(*proposals)[1:3] == ["From ILO.", "From WHO."]


def test_overlapping_deletions_are_both_obeyed():
    assert _clean(_accepted("WHO", "often meet "), _accepted("ILO", "meet in "))[0] == "Members Vienna."


def test_one_amended_wording_for_overlapping_passages_is_applied_once():
    amended = {"disposition": Disposition.AMENDED, "amended": "always meet at Vienna"}
    lines = _clean(
        _decided("WHO", old="often meet in Vienna", new="x", **amended),
        _decided("ILO", old="meet in Vienna", new="y", **amended),
    )
    assert lines[0] == "Members always meet at Vienna."


def test_amended_paragraph_keeps_its_mark():
    gap = TEXT.index("States")
    new = propose(
        "k", "WHO", make_change(BASE, gap, gap, "One.\n"), disposition=Disposition.AMENDED, amended="Another."
    )
    assert _clean(new)[1:3] == ["Another.", "States protect all migrants."]


@pytest.mark.parametrize(
    ("proposals", "line", "expected"),
    [
        ([("WHO", "often", "always")], 0, "Members [often] [always] meet in Vienna."),
        (
            [("WHO", "often", "always"), ("ILO", "often", "seldom")],
            0,
            "Members [often] [seldom] [always] meet in Vienna.",
        ),
        ([("WHO", "often ", "")], 0, "Members [often] meet in Vienna."),
        ([("WHO", "States protect all migrants.\n", "")], 1, "[States protect all migrants.]"),
    ],
)
def test_bracketed_wordings_all_stay(proposals, line, expected):
    decided = [_decided(owner, Disposition.BRACKETED, old, new) for owner, old, new in proposals]
    assert _clean(*decided)[line] == expected


def test_bracketed_new_paragraph_stands_alone():
    gap = TEXT.index("States")
    change = make_change(BASE, gap, gap, "New.\n")
    lines = _clean(propose("k", "WHO", change, disposition=Disposition.BRACKETED))
    assert lines[:3] == ["Members often meet in Vienna.", "[New.]", "States protect all migrants."]


def test_accepted_move_takes_the_paragraph_along():
    moved = _accepted("WHO", "Data are limited.\n", kind=ChangeKind.MOVE, target=0)
    assert _clean(moved) == ["Data are limited.", "Members often meet in Vienna.", "States protect all migrants."]


def test_nothing_decided_gives_the_base():
    revised = revise(DOCX, [])
    assert read_view(revised.clean) == read_view(DOCX)
    assert read_view(revised.tracked, lambda author: True) == read_view(DOCX)
