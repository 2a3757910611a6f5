"""What a conversion loses is noticed before it is lost."""

import io
import zipfile

import pytest

from pipeline.redline.foreign import find_lost_people, has_tracked_changes

_CHANGE = "<text:changed-region><text:insertion><office:change-info><dc:creator>{}</dc:creator></office:change-info>"


def make_odt(content: str) -> bytes:
    """An archive with this text."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("content.xml", content)
    return packed.getvalue()


def test_the_authors_of_tracked_changes_are_named_once_each() -> None:
    tracked = "".join(_CHANGE.format(name) for name in ("WHO &amp; Co", "ILO", "WHO &amp; Co"))
    odt = make_odt(f"<office:text><text:tracked-changes>{tracked}</text:tracked-changes></office:text>")
    assert find_lost_people(odt) == ("WHO & Co", "ILO")


@pytest.mark.parametrize("content", ["<office:text><dc:creator>Ann</dc:creator></office:text>", ""])
def test_the_author_of_the_text_or_of_a_comment_is_none_of_them(content: str) -> None:
    assert find_lost_people(make_odt(content)) == ()
    assert find_lost_people(b"PK broken") == ()


@pytest.mark.parametrize(
    ("rtf", "tracked"),
    [
        (rb"{\rtf1 The {\deleted\revauthdel1 old }well}", True),
        (rb"{\rtf1 is {\revised\revauth1 very }deep}", True),
        (rb"{\rtf1 {\*\revtbl {Unknown;}} is deep}", False),
        (rb"{\rtf1 is \revised0 deep}", False),
    ],
)
def test_tracked_changes_in_rtf_are_seen(rtf: bytes, tracked: bool) -> None:
    assert has_tracked_changes(rtf) is tracked
