"""The workload of the redline benchmark is what it says, and missed limits are told like kept ones."""

import pytest

from bench.redline import Limit, Report, Series
from bench.redline_ways import WAYS, Watch, list_versions
from bench.redline_workload import make_workload


@pytest.fixture(scope="module")
def workload(tmp_path_factory):
    return make_workload(tmp_path_factory.mktemp("draft"), versions=6, words=1_600, seed=7)


def test_every_edit_made_is_found_again(workload):
    found = WAYS["ours"](workload.base.parent, 6, Watch())
    assert found["changes"] == workload.made
    assert found["conflicts"] > 0
    assert found["rejecting everything gives the base"]


def test_same_seed_gives_the_same_files(workload, tmp_path):
    again = make_workload(tmp_path, versions=6, words=1_600, seed=7)
    assert [path.read_bytes() for path in again.versions] == [path.read_bytes() for path in workload.versions]


def test_base_is_no_version_of_itself(workload):
    assert list_versions(workload.base.parent, 99) == list(workload.versions)


@pytest.mark.parametrize("way", ["bare", "late"])
def test_other_ways_take_their_time(workload, way):
    watch = Watch()
    WAYS[way](workload.base.parent, 6, watch)
    assert watch.processor > 0
    assert watch.wall > 0


@pytest.mark.parametrize(
    ("measured", "least", "words"),
    [(2.0, False, "at most 3: kept"), (4.0, False, "at most 3: MISSED"), (4.0, True, "at least 3: kept")],
)
def test_limits_say_whether_they_are_kept(measured, least, words):
    assert words in Report().describe([Limit(name="ratio", measured=measured, wanted=3, least=least)])


def test_growth_is_the_exponent():
    report = Report()
    for versions, seconds in ((10, 1.0), (100, 20.0)):
        key = ("ours", "draft", versions)
        report.series[key] = Series(way="ours", files="draft", versions=versions, seconds=[seconds], memory=[1])
    growth = report.growth(("ours", "draft", 10), ("ours", "draft", 100), 10)
    assert growth == pytest.approx(1.30103, abs=1e-4)
