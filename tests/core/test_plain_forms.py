"""What most mail writes plainly is read at one look, and as the long way reads it."""

import re
from email.message import Message
from email.utils import parsedate_to_datetime

from hypothesis import given
from hypothesis import strategies as st

from pipeline.core.languages import _SMALL_WORDS, detect_language, find_foreign_language
from pipeline.core.lookalikes import names_agency
from pipeline.core.mail_dates import read_date
from pipeline.core.model import Agency
from pipeline.core.parts import _charset
from pipeline.core.wording import fold

WORDS = st.sampled_from([word for words in _SMALL_WORDS.values() for word in sorted(words)])
PIECES = (
    WORDS
    | WORDS.map(str.title)
    | st.sampled_from(["deadline", "UN", "le2", "_les_", "d'une", "\n", "\u00e9t\u00e9", "\u0434\u0430"])
)
NAMES = st.sampled_from(
    ["", "ILO", "Ilo", "OHCHR", "Human Rights", "human rights", "Oficina (ILO)", "\u00c9cole", "UN", "a|b", "B.C.D."]
)
TYPES = st.lists(
    st.sampled_from(
        [
            "text/plain", "text", "application/x-y", ";", "; ", ";\r\n ", ";\t", "charset=", "Charset=", "charset =",
            "=", "charset*=", "utf-8", '"utf-8"', '"utf-8', "us_ascii'en'x", "\u00e9", " ", "format=x", "(old)", '""',
        ]
    ),
    max_size=8,
).map("".join)  # fmt: skip


def names_plainly(shown: str, agency: Agency) -> bool:
    """By itself in any case; among other words a long name in any case, a short one in capitals."""
    if shown.strip().lower() in [fold(each).lower() for each in (agency.code, *agency.aliases)]:
        return True
    long = [fold(each).lower() for each in (agency.name, *agency.aliases) if len(each) > 4]
    short = [each for each in (agency.code, *agency.aliases) if len(each) > 2 and each.isupper()]
    tried = [(each, re.IGNORECASE) for each in long] + [(each, re.NOFLAG) for each in short]
    return any(re.search(rf"(?<!\w){re.escape(each)}(?!\w)", shown, flag) for each, flag in tried)


@given(st.lists(PIECES, max_size=16).map(" ".join))
def test_a_foreign_language_is_any_that_is_told_and_not_english(text: str) -> None:
    told = detect_language(text)
    assert find_foreign_language(text) == ("" if told == "en" else told)


@given(NAMES, NAMES, st.lists(NAMES, max_size=3), st.lists(NAMES, max_size=4).map(" ".join))
def test_an_agency_is_named_as_if_its_names_were_looked_for_one_by_one(
    code: str, name: str, aliases: list[str], shown: str
) -> None:
    agency = Agency(code=code, name=name, timezone="UTC", aliases=tuple(aliases))
    assert names_agency(fold(shown), agency) == names_plainly(fold(shown), agency)


@given(TYPES)
def test_the_charset_of_a_part_is_the_one_the_standard_library_finds(written: str) -> None:
    part = Message()
    part["Content-Type"] = written
    found = part.get_param("charset")
    value = found[2] if isinstance(found, tuple) else found
    assert _charset(part) == (value.strip() if value else None)


@given(
    st.sampled_from(["", "Mon, ", "Xyz, "]),
    st.integers(0, 33),
    st.sampled_from(["Jan", "Feb", "Sep", "Dec", "Foo", "Mon"]),
    st.sampled_from(["1979", "1980", "2012", "2200", "2201", "0050"]),
    st.sampled_from(["00:00", "09:30:59", "23:59:60", "24:00", "12:60:00"]),
    st.sampled_from(["+0000", "-0000", "+0530", "-2359", "+2400", "+0199"]),
)
def test_a_date_in_form_is_the_one_the_standard_library_reads(
    weekday: str, day: int, month: str, year: str, hour: str, offset: str
) -> None:
    written = f"{weekday}{day} {month} {year} {hour} {offset}"
    try:
        expected = parsedate_to_datetime(written)
    except (ValueError, TypeError):
        expected = None
    found = read_date(written)
    if expected is None or not 1980 <= expected.year <= 2200:
        assert found is None
    else:
        assert found is not None
        assert found.replace(tzinfo=expected.tzinfo) == expected
        assert found.utcoffset() == (expected.utcoffset() or found.utcoffset())
