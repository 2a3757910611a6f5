import pytest

from pipeline.log import line


@pytest.mark.parametrize(
    ("facts", "text"),
    [
        ({"message": 12, "place": "filed"}, "event message=12 place=filed"),
        ({"agency": None, "kind": "other"}, "event kind=other"),
        ({"why": "two words"}, "event why='two words'"),
        ({"why": ""}, "event why=''"),
        ({"why": "a\nb"}, "event why='a\\nb'"),
    ],
)
def test_a_line_is_one_line_of_pairs(facts: dict[str, object], text: str) -> None:
    assert line("event", **facts) == text
