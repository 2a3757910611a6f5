"""The ledger lists every change with whose it is and where it stands."""

import json

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
