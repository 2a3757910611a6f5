"""The ledger lists every change with whose it is and where it stands."""

import json
from dataclasses import replace

from pipeline.redline.ledger import write_ledger
from pipeline.redline.merge import merge
from tests.redline.sample import sample_proposals


def _ledger(draft, sources=None):
    base, proposals = sample_proposals(draft)
    by_key = {one.key: one for one in proposals}
    return by_key, json.loads(write_ledger(merge(base, proposals), by_key, sources or {}))


def test_every_change_is_listed_once_with_its_place_and_source():
    by_key, ledger = _ledger("JST", {"JST-DESA-1": "ab" * 32})
    entries = {entry["id"]: entry for entry in ledger["changes"]}
    assert sorted(entries) == sorted(by_key)
    entry = entries["JST-DESA-1"]
    change = by_key["JST-DESA-1"].change
    assert (entry["agency"], entry["paragraph"], entry["story"]) == ("DESA", "17", "body")
    assert (entry["start"], entry["end"], entry["old"], entry["new"]) == (
        change.start,
        change.end,
        change.old,
        change.new,
    )
    assert entry["source"] == "ab" * 32


def test_members_of_a_conflict_name_their_group():
    _, ledger = _ledger("JST")
    groups = {entry["id"]: entry["group"] for entry in ledger["changes"]}
    assert groups["JST-DESA-1"] == groups["JST-TAD-2"] is not None
    assert groups["JST-WHO-1"] is None


def test_identical_changes_name_each_other_and_all_owners():
    _, ledger = _ledger("YTH")
    entries = {entry["id"]: entry for entry in ledger["changes"]}
    assert entries["YTH-UNW-2"]["same_as"] == ["YTH-FPA-2"]
    assert entries["YTH-UNW-2"]["owners"] == entries["YTH-FPA-2"]["owners"] == ["UNFPA", "UNWOMEN"]


def test_words_like_json_are_words():
    strange = '"": 0, "kind": "move"}, {"id": "" \\ \n'
    base, proposals = sample_proposals("JST")
    changed = [replace(one, amended=strange, change=replace(one.change, remark=strange)) for one in proposals]
    by_key = {one.key: one for one in changed}
    entries = json.loads(write_ledger(merge(base, changed), by_key, {}))["changes"]
    assert {(entry["id"], entry["amended"], entry["remark"]) for entry in entries} == {
        (key, strange, strange) for key in by_key
    }


def test_what_is_remembered_of_one_draft_is_not_said_of_another():
    base, proposals = sample_proposals("JST")
    shifted = replace(
        base,
        stories=tuple(
            replace(story, paragraphs=tuple(replace(one, number=f"9{one.number}") for one in story.paragraphs))
            for story in base.stories
        ),
    )
    by_key = {one.key: one for one in proposals}
    plain, other = (json.loads(write_ledger(merge(one, proposals), by_key, {}))["changes"] for one in (base, shifted))
    assert [entry["paragraph"] for entry in other] == [f"9{entry['paragraph']}" for entry in plain]
