"""Invented machine mail of many systems, and people's mail that looks like it."""

import pytest

from pipeline.core.machine_mail import find_machine_mail
from pipeline.core.parse import parse_mail
from tests.core.machine_specimens import Specimen, all_specimens, find_differences

OURS = frozenset({"gmg-drafts@gmg.example"})
SPECIMENS = list(all_specimens("bounces", "replies", "more", "examined"))


@pytest.mark.parametrize("specimen", SPECIMENS, ids=lambda specimen: specimen.name)
def test_every_specimen_is_read_as_its_first_line_says(specimen: Specimen) -> None:
    assert find_differences(specimen, find_machine_mail(parse_mail(specimen.raw), OURS)) == []


def test_names_of_specimens_are_their_own() -> None:
    assert len({specimen.name for specimen in SPECIMENS}) == len(SPECIMENS)
