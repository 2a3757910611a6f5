"""Merging is a table of relations and a few laws; see docs/analysis/merge.md."""

import random

import pytest

from pipeline.redline.merge import merge
from pipeline.redline.model import ChangeKind, Disposition, Relation
from tests.redline.sample import find_change, load, make_base, make_change, propose, sample_proposals

BASE = make_base("The members must often meet in Vienna.", "States should protect all migrants.", "Data are limited.")
TEXT = BASE.get_story("body").text


def _pairs(*changes):
    proposals = [propose(f"k{place}", f"A{place}", change) for place, change in enumerate(changes)]
    return merge(BASE, proposals)


def test_sample_round_gives_exactly_the_expected_pairs():
    expected = {(frozenset(pair["edits"]), pair["relation"]) for pair in load("expected_conflicts.yaml")["pairs"]}
    found = set()
    for draft in ("YTH", "JST", "HLD"):
        merged = merge(*sample_proposals(draft))
        found |= {(frozenset((pair.first, pair.second)), pair.relation.value) for pair in merged.related}
    assert found == expected


def test_superseded_proposals_are_left_out():
    merged = merge(*sample_proposals("YTH"))
    keys = {key for folded in merged.folded for key in folded.keys}
    assert "YTH-IOM-1" not in keys
    assert "YTH-IOM-5" in keys


@pytest.mark.parametrize(
    ("one", "other", "relation"),
    [
        (("often", "regularly"), ("often", "seldom"), Relation.CONFLICT),
        (("often", "regularly"), ("often", " regularly "), Relation.IDENTICAL),
        ((" often", ""), ("often ", ""), Relation.IDENTICAL),
        (("members", "Members"), ("Vienna", "Geneva"), None),
        (("often", "regularly"), ("Vienna", "Geneva"), Relation.NEAR),
        (("Vienna", "Geneva"), ("States should", "States must"), None),
        (("often meet", "regularly meet"), ("meet in Vienna", "meet in Geneva"), Relation.NEAR),
        (("must often", "should often"), ("must often", "must always"), Relation.NEAR),
        (("all", "all young"), ("all", "all young"), Relation.IDENTICAL),
        (("all", "all young"), ("all migrants", "all poor migrants"), Relation.CONFLICT),
        (("all migrants", "young migrants"), ("protect all", "protect and assist all"), Relation.NEAR),
        (("States should protect all migrants.\n", ""), ("all", "young"), Relation.DELETE_VS_EDIT),
        (("States should protect all migrants.\n", ""), ("Data", "Figures"), None),
        (("States should protect all migrants.\n", ""), ("States should", "States shall"), Relation.DELETE_VS_EDIT),
        (("protect all", "protect"), ("all migrants", "migrants"), Relation.IDENTICAL),
    ],
)
def test_relation_of_two_changes(one, other, relation):
    related = _pairs(find_change(BASE, *one), find_change(BASE, *other)).related
    assert [pair.relation for pair in related] == ([relation] if relation else [])


def _after_first(new):
    gap = TEXT.index("States")
    return make_change(BASE, gap, gap, new)


@pytest.mark.parametrize(
    ("one", "other", "relation"),
    [
        (_after_first("New.\n"), _after_first("New.\n"), Relation.IDENTICAL),
        (_after_first("New.\n"), _after_first("Other.\n"), Relation.CONFLICT),
        (_after_first("New.\n"), find_change(BASE, "States", "Countries"), None),
        (_after_first("New.\n"), _after_first("All "), None),
        (
            _after_first("New.\n"),
            make_change(BASE, TEXT.index("\n"), TEXT.index("\n"), "\nNew."),
            Relation.IDENTICAL,
        ),
        (_after_first("New.\n"), find_change(BASE, "States should protect all migrants.\n"), None),
    ],
)
def test_whole_paragraphs_clash_only_with_each_other(one, other, relation):
    related = _pairs(one, other).related
    assert [pair.relation for pair in related] == ([relation] if relation else [])


def test_heading_without_a_dot_is_not_near_the_words_below_it():
    base = make_base("Data protection", "Members often meet.")
    one, other = find_change(base, "protection", "privacy"), find_change(base, "Members", "States")
    assert merge(base, [propose("1", "WHO", one), propose("2", "ILO", other)]).related == ()


def test_moving_a_paragraph_another_edits_needs_a_person():
    moved = find_change(BASE, "Data are limited.\n", kind=ChangeKind.MOVE, target=0)
    merged = _pairs(moved, find_change(BASE, "limited", "scarce"))
    assert [pair.relation for pair in merged.related] == [Relation.DELETE_VS_EDIT]
    assert "A0" in merged.conflicts[0].reason


def test_comments_relate_to_nothing_and_stay_apart():
    remark = find_change(BASE, "often", kind=ChangeKind.COMMENT, remark="Why?")
    merged = _pairs(remark, remark, find_change(BASE, "often", "always"))
    assert merged.related == ()
    assert len(merged.folded) == 3


def test_same_owner_twice_counts_once():
    change = find_change(BASE, "often", "always")
    merged = merge(BASE, [propose("k1", "WHO", change), propose("k2", "WHO", change)])
    assert merged.related == ()
    assert [(folded.keys, folded.owners) for folded in merged.folded] == [(("k1", "k2"), ("WHO",))]


def test_identical_changes_are_one_with_all_supporters():
    merged = _pairs(find_change(BASE, "often", "always"), find_change(BASE, "must often", "must always"))
    assert [folded.owners for folded in merged.folded] == [("A0", "A1")]


def test_owner_never_disagrees_with_itself():
    changes = [find_change(BASE, "often", "always"), find_change(BASE, "must often meet", "meet")]
    assert merge(BASE, [propose(f"k{n}", "WHO", change) for n, change in enumerate(changes)]).related == ()


def test_conflicts_are_connected_sets_named_in_document_order():
    merged = _pairs(
        find_change(BASE, "Data are", "Figures are"),
        find_change(BASE, "Data are limited", "There is little data"),
        find_change(BASE, "limited", "scarce"),
        find_change(BASE, "often", "always"),
        find_change(BASE, "often", "seldom"),
    )
    assert [(conflict.name, conflict.proposals) for conflict in merged.conflicts] == [
        ("C1", ("k3", "k4")),
        ("C2", ("k0", "k1", "k2")),
    ]


def test_reason_names_the_owners_and_the_paragraph():
    base, proposals = sample_proposals("JST")
    reasons = {conflict.proposals: conflict.reason for conflict in merge(base, proposals).conflicts}
    reason = reasons["JST-TAD-2", "JST-DESA-1"]
    assert "UNCTAD" in reason
    assert "DESA" in reason
    assert "paragraph 17" in reason


def test_order_of_arrival_changes_nothing():
    base, proposals = sample_proposals("HLD")
    expected = merge(base, proposals)
    shuffled = list(proposals)
    random.Random(7).shuffle(shuffled)
    assert merge(base, shuffled) == expected


def test_no_proposals_give_an_empty_merge():
    merged = merge(BASE, [])
    assert (merged.folded, merged.related, merged.conflicts) == ((), (), ())


def test_superseded_is_a_disposition_like_any_other():
    gone = propose("k", "WHO", find_change(BASE, "often", ""), disposition=Disposition.SUPERSEDED)
    assert merge(BASE, [gone]).folded == ()
