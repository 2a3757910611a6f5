"""Whose hand a change in a file is from: the name Word writes beside it. See: docs/analysis/carried-changes.md."""

import re
from collections.abc import Collection, Mapping

from pipeline.core.lookalikes import names_agency
from pipeline.core.model import Roster
from pipeline.core.senders import find_by_address
from pipeline.core.wording import fold

#: what Word writes instead of a person, in the languages of its users, where personal data is removed on saving
NAMELESS = frozenset(
    {
        "", "author", "auteur", "autor", "autore", "auteure", "forfatter", "verfasser", "user", "unknown",
        "unknown author",
        "microsoft office user", "windows user", "utilisateur", "usuario", "guest", "owner", "admin", "administrator",
        "\u0430\u0432\u0442\u043e\u0440", "\u4f5c\u8005", "\u0627\u0644\u0645\u0624\u0644\u0641",
    }
)  # fmt: skip
_ADDRESS = re.compile(r"[^\s<>()\[\],;:]+@[^\s<>()\[\],;:]+")
_ASIDE = re.compile(r"\([^()]*\)|\[[^\[\]]*\]|<[^<>]*>")
_WORD = re.compile(r"[^\W\d_]{2,}")


def is_nameless(person: str) -> bool:
    """Whether a file names nobody as the maker of a change."""
    return fold(person).strip().lower() in NAMELESS


def find_maker(person: str, roster: Roster, writers: Mapping[str, Collection[str]]) -> str | None:
    """Code of the member that the author of a change belongs to; None when the name is nobody's or of several.

    `writers` says under which names people of which members have written to us, by `make_name_key`.
    """
    if is_nameless(person):
        return None
    makers = _find_by_address(person, roster) or _find_by_name(person, roster) or writers.get(make_name_key(person), ())
    return next(iter(makers)) if len(makers) == 1 else None


def make_name_key(name: str) -> str:
    """The words of a person's name whatever their order and case, without what stands in brackets.

    "" for what is no full name: one word may be anybody's.
    """
    words = _WORD.findall(_ASIDE.sub(" ", fold(name)).lower())
    return " ".join(sorted(words)) if len(words) > 1 else ""


def _find_by_address(person: str, roster: Roster) -> set[str]:
    found = (find_by_address(address.lower(), roster).agency for address in _ADDRESS.findall(person))
    return {agency for agency in found if agency is not None}


def _find_by_name(person: str, roster: Roster) -> set[str]:
    shown = fold(person).strip()
    return {agency.member or agency.code for agency in roster.agencies if names_agency(shown, agency)}
