"""What the words of a mail say, all sentences taken together."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from itertools import islice

from pipeline.core.asked_date import find_asked_date
from pipeline.core.model import Clue
from pipeline.core.quotations import remove_quotations
from pipeline.core.rules import Rules, Saying, WordingRule

#: sentences of these only qualify or decorate an answer
_BESIDE = frozenset({Saying.COURTESY, Saying.CONTRAST, Saying.SUGGESTION})
_QUALIFYING = frozenset({Saying.CONTRAST, Saying.SUGGESTION})
#: a sentence that is an answer says nothing about a missing file: "No comments on the attached draft."
_ANSWERS = frozenset(
    {Saying.NO_COMMENT, Saying.ASSENT, Saying.ENDORSEMENT, Saying.CONDITION, Saying.OBJECTION, Saying.DECLINE}
)
#: shorter leftovers are names and codes
_FEWEST_WORDS = 4
#: longest text looked at, in characters
_LONGEST_TEXT = 100_000
_LONGEST_SHOWN = 120
#: clues kept of one text: enough for a person to read
_MOST_CLUES = 30


@dataclass(frozen=True, slots=True, kw_only=True)
class Words:
    """The sayings of a mail and what no rule explains."""

    said: frozenset[Saying]
    #: sentences that take back, limit or suggest
    qualifying: tuple[str, ...]
    #: sentences no rule knows
    unexplained: tuple[str, ...]
    #: speaks of a file outside an answering sentence
    promises_file: bool
    #: sentences that join somebody else's proposal
    supporting: tuple[str, ...]
    #: the last day named in a sentence that asks for more time
    extension_until: date | None
    clues: tuple[Clue, ...]

    def says(self, *sayings: Saying) -> bool:
        """Whether any of `sayings` was found."""
        return not self.said.isdisjoint(sayings)


def find_words(text: str, rules: Rules, received: date) -> Words:
    """What `text` (only what the sender newly wrote) says, without anything between quotation marks."""
    found = rules.find_sayings(remove_quotations(text[:_LONGEST_TEXT]))
    sentences = [(sentence, frozenset(rule.saying for rule in matched)) for sentence, matched in found]
    plain = [(sentence, sayings) for sentence, sayings in sentences if sayings <= _BESIDE]
    days = [
        day
        for sentence, sayings in sentences
        if Saying.EXTENSION in sayings and (day := find_asked_date(sentence, received))
    ]
    return Words(
        said=frozenset[Saying]().union(*(sayings for _, sayings in sentences)),
        qualifying=tuple(sentence for sentence, sayings in plain if sayings & _QUALIFYING),
        unexplained=(
            *(
                sentence
                for sentence, sayings in plain
                if not sayings and len(sentence.split(None, _FEWEST_WORDS)) > _FEWEST_WORDS
            ),
            *([text[_LONGEST_TEXT : _LONGEST_TEXT + _LONGEST_SHOWN]] if len(text) > _LONGEST_TEXT else []),
        ),
        promises_file=any(Saying.ENCLOSURE in sayings and not sayings & _ANSWERS for _, sayings in sentences),
        supporting=tuple(sentence for sentence, sayings in sentences if Saying.SUPPORT in sayings),
        extension_until=max(days, default=None),
        clues=tuple(islice(_make_clues(found), _MOST_CLUES)),
    )


def list_hits(text: str, rules: Rules) -> Iterable[tuple[str, WordingRule]]:
    """Each sentence of `text` with each rule that finds something in it, in the order of the text."""
    for sentence, matched in rules.find_sayings(remove_quotations(text[:_LONGEST_TEXT])):
        yield from ((sentence, rule) for rule in matched)


def _make_clues(found: Iterable[tuple[str, tuple[WordingRule, ...]]]) -> Iterable[Clue]:
    for sentence, matched in found:
        secret = any(rule.saying is Saying.CREDENTIAL for rule in matched)
        shown = "a password" if secret else f'"{sentence[:_LONGEST_SHOWN]}"'
        for rule in matched:
            if rule.saying not in _BESIDE:
                yield Clue(source=f"rule:{rule.name}", points_to=rule.saying.value, words=f"The text says {shown}.")
