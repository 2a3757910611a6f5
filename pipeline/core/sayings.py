"""What the words of a mail say, all sentences taken together."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date
from itertools import islice

from pipeline.core.asked_date import find_asked_date
from pipeline.core.model import Clue
from pipeline.core.quotations import remove_placeholders, set_aside
from pipeline.core.rules import CLEAR, Rules, Saying, WordingRule
from pipeline.core.wording import split_sentences

#: sentences of these only qualify or decorate an answer
_BESIDE = frozenset({Saying.COURTESY, Saying.CONTRAST, Saying.SUGGESTION, Saying.NEGATION})
_THANKS = frozenset({Saying.COURTESY, Saying.ACKNOWLEDGEMENT, Saying.NEGATION})
_QUALIFYING = frozenset({Saying.CONTRAST, Saying.SUGGESTION})
#: a sentence that is an answer or asks says nothing about a missing file: "No comments on the attached draft."
_ANSWERS = frozenset(
    {
        Saying.NO_COMMENT,
        Saying.ASSENT,
        Saying.ENDORSEMENT,
        Saying.CONDITION,
        Saying.OBJECTION,
        Saying.DECLINE,
        Saying.QUESTION,
    }
)
#: shorter leftovers are names and codes
_FEWEST_WORDS = 4
_LETTER = re.compile(r"\w")
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
    #: sentences beside a clear answer or a receipt with words that may say more
    loaded: tuple[str, ...]
    #: speaks of a file outside an answering sentence
    promises_file: bool
    #: sentences that join somebody else's proposal
    supporting: tuple[str, ...]
    #: sentences that object, without anything between quotation marks
    objecting: tuple[str, ...]
    #: the last day named in a sentence that asks for more time
    extension_until: date | None
    clues: tuple[Clue, ...]
    #: sentences that say an earlier mail was for another draft, whatever else they say
    correcting: tuple[str, ...] = ()

    def says(self, *sayings: Saying) -> bool:
        """Whether any of `sayings` was found."""
        return not self.said.isdisjoint(sayings)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Sentence:
    #: without anything between quotation marks
    text: str
    #: as it was written, and what it introduces with a colon
    whole: str
    #: the same without anything between quotation marks
    spoken: str
    matched: tuple[WordingRule, ...]
    sayings: frozenset[Saying]


def find_words(text: str, rules: Rules, received: date, due: date | None = None) -> Words:
    """What `text` (only what the sender newly wrote) says; nothing between quotation marks says anything.

    An answer that is promised for a day behind the last one, `due`, asks for more time.
    """
    read = _read_sentences(text[:_LONGEST_TEXT], rules)
    sentences = tuple(_put_off(sentence, received, due) for sentence in read)
    said = frozenset[Saying]().union(*(sentence.sayings for sentence in sentences))
    plain = [sentence for sentence in sentences if sentence.sayings <= _BESIDE]
    days = [
        day
        for sentence in sentences
        if Saying.EXTENSION in sentence.sayings and (day := find_asked_date(sentence.text, received))
    ]
    return Words(
        said=said,
        qualifying=tuple(sentence.whole for sentence in plain if sentence.sayings & _QUALIFYING),
        unexplained=(
            *(
                sentence.whole
                for sentence in plain
                if not sentence.sayings - {Saying.NEGATION}
                and len(sentence.text.split(None, _FEWEST_WORDS)) > _FEWEST_WORDS
            ),
            *([text[_LONGEST_TEXT : _LONGEST_TEXT + _LONGEST_SHOWN]] if len(text) > _LONGEST_TEXT else []),
        ),
        loaded=tuple(_find_loaded(sentences if not said.isdisjoint(CLEAR) else _of_thanks(sentences), rules)),
        promises_file=any(Saying.ENCLOSURE in each.sayings and not each.sayings & _ANSWERS for each in sentences),
        supporting=tuple(sentence.whole for sentence in sentences if Saying.SUPPORT in sentence.sayings),
        objecting=tuple(sentence.spoken for sentence in sentences if Saying.OBJECTION in sentence.sayings),
        extension_until=max(days, default=None),
        clues=tuple(islice(_make_clues(sentences), _MOST_CLUES)),
        correcting=tuple(each.whole for each in sentences if any(map(_corrects, each.matched))),
    )


def list_hits(text: str, rules: Rules) -> Iterator[tuple[str, WordingRule]]:
    """Each sentence of `text` with each rule that finds something in it, in the order of the text."""
    for sentence in _read_sentences(text[:_LONGEST_TEXT], rules):
        yield from ((sentence.text, rule) for rule in sentence.matched)


def _of_thanks(sentences: tuple[_Sentence, ...]) -> tuple[_Sentence, ...]:
    """Where nothing is answered, only receipts and thanks are held to carry nothing else."""
    return tuple(sentence for sentence in sentences if sentence.sayings and sentence.sayings <= _THANKS)


def _find_loaded(sentences: tuple[_Sentence, ...], rules: Rules) -> Iterator[str]:
    """Sentences with a word that is neither plain nor a name, such as thanks for a text "that forgets the islands"."""
    for sentence in sentences:
        answers = not sentence.sayings.isdisjoint(CLEAR)
        turns = Saying.CONTRAST if answers else Saying.NEGATION
        if turns in sentence.sayings or rules.find_loaded(sentence.text, answers=answers):
            yield sentence.whole


def _put_off(sentence: _Sentence, received: date, due: date | None) -> _Sentence:
    if due is None or Saying.PROMISE not in sentence.sayings:
        return sentence
    day = find_asked_date(sentence.text, received)
    late = day is not None and day > due
    return replace(sentence, sayings=sentence.sayings | {Saying.EXTENSION}) if late else sentence


def _read_sentences(text: str, rules: Rules) -> Iterator[_Sentence]:
    aside = set_aside(text)
    parts = split_sentences(aside.text)
    for part, following in zip(parts, (*parts[1:], ""), strict=False):
        plain = remove_placeholders(part)
        if not _LETTER.search(plain):
            continue
        matched = rules.match(plain)
        introduced = f" {following}" if part.rstrip().endswith((":", "\uff1a")) else ""
        yield _Sentence(
            text=plain,
            whole=aside.restore(part + introduced),
            spoken=remove_placeholders(part + introduced) if introduced else plain,
            matched=matched,
            sayings=frozenset(rule.saying for rule in matched if not _corrects(rule)),
        )


def _corrects(rule: WordingRule) -> bool:
    return rule.saying is Saying.CORRECTION


def _make_clues(sentences: Iterable[_Sentence]) -> Iterator[Clue]:
    for sentence in sentences:
        shown = "a password" if Saying.CREDENTIAL in sentence.sayings else f'"{sentence.text[:_LONGEST_SHOWN]}"'
        for rule in sentence.matched:
            if rule.saying not in _BESIDE and not _corrects(rule):
                yield Clue(source=f"rule:{rule.name}", points_to=rule.saying.value, words=f"The text says {shown}.")
