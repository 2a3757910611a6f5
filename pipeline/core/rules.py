"""Wording rules the secretariat edits: `inbox_rules/*.toml`. See: docs/analysis/classification.md."""

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

import re2

from pipeline.core.wording import fold
from pipeline.errors import ConfigurationError

#: matches nothing at all
_NOTHING = r"[^\x00-\x{10FFFF}]"
_WORD = re.compile(r"[^\W\d_]+")
_SPACES = re.compile(" +")
_LANGUAGES = ("en", "fr", "es", "ru", "ar", "zh", "any")


class Saying(StrEnum):
    """What one sentence of a mail says."""

    NO_COMMENT = "no_comment"
    #: says yes in words that are an answer of their own: "endorses the statement"
    ENDORSEMENT = "endorsement"
    #: says yes: an endorsement where one was asked for, else "no comments"
    ASSENT = "assent"
    CONDITION = "condition"
    #: not cleared yet inside the agency
    PROVISIONAL = "provisional"
    OBJECTION = "objection"
    DECLINE = "decline"
    ACKNOWLEDGEMENT = "acknowledgement"
    #: an answer is still to come
    PROMISE = "promise"
    EXTENSION = "extension"
    QUESTION = "question"
    SUPERSESSION = "supersession"
    #: takes back an objection or a proposal
    WITHDRAWAL = "withdrawal"
    ADDITION = "addition"
    CONSOLIDATED = "consolidated"
    #: joins what somebody sent before
    CONFIRMS_OTHERS = "confirms_others"
    SUPPORT = "support"
    CREDENTIAL = "credential"
    LINK = "link"
    #: speaks of a file that should be there
    ENCLOSURE = "enclosure"
    LEAD_TEXT = "lead_text"
    RECALL = "recall"
    #: an earlier mail was for another draft: told beside what the sentence says, never instead of it
    CORRECTION = "correction"
    #: takes back or limits what was said before: "however", "except"
    CONTRAST = "contrast"
    SUGGESTION = "suggestion"
    #: says no, which a courtesy has no reason to
    NEGATION = "negation"
    #: greeting, thanks, apology: carries no answer
    COURTESY = "courtesy"
    #: words that take nothing back beside a clear answer
    PLAIN = "plain"
    #: words of thanks and wishes, which take nothing back in sentences that are no answer
    COURTEOUS = "courteous"
    #: words that are read over wherever they stand: "unfortunately"
    ASIDE = "aside"

    # sets of sayings are compared for every sentence; the hash of an enum is worked out anew each time
    __hash__ = str.__hash__


#: answers that must never be read into a mail that says more
CLEAR = (Saying.NO_COMMENT, Saying.ASSENT, Saying.ENDORSEMENT)


#: of single words, not of sentences
OF_WORDS = (Saying.PLAIN, Saying.COURTEOUS, Saying.ASIDE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Example:
    """A sentence and whether the rule finds it."""

    text: str
    matches: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class WordingRule:
    """One way to say one thing in one language."""

    name: str
    saying: Saying
    #: BCP 47 tag, or "any"
    language: str
    #: RE2 syntax, matched without regard to case and accents
    pattern: str
    #: words in the same sentence that take the meaning away; "" for none
    unless: str
    examples: tuple[Example, ...]
    #: file name, for messages to people
    file: str


class Rules:
    """All wording rules, compiled into one set for the patterns and one for the exceptions."""

    def __init__(self, rules: tuple[WordingRule, ...]) -> None:
        """Compile `rules`. Raises: ConfigurationError naming file and rule."""
        self.rules = rules
        self._asked = tuple(rule for rule in rules if rule.saying not in OF_WORDS)
        self._patterns = _compile_set(self._asked, [rule.pattern for rule in self._asked])
        # Inflected words are found by their stems.
        self._clear = re2.compile(rf"(?:{_any(rules, CLEAR)})[\p{{Cyrillic}}\p{{Arabic}}]*", _make_options())
        self._plain = re2.compile(_any(rules, (Saying.PLAIN,)), _make_options())
        self._courteous = re2.compile(_any(rules, (Saying.PLAIN, Saying.COURTEOUS)), _make_options())
        self._asides = re2.compile(_any(rules, (Saying.ASIDE,)), _make_options())
        # An empty exception would match everything: one that can match nothing stands for it.
        self._exceptions = _compile_set(self._asked, [rule.unless or _NOTHING for rule in self._asked])

    def match(self, sentence: str) -> tuple[WordingRule, ...]:
        """The rules that find something in `sentence`, in order of the files; those of single words ask nothing."""
        folded = self._read_over(sentence)
        found = set(self._patterns.Match(folded) or ())
        if not found:
            return ()
        found -= set(self._exceptions.Match(folded) or ())
        return tuple(self._asked[index] for index in sorted(found))

    def find_hit(self, rule: WordingRule, sentence: str) -> str:
        """The words of `sentence`, without accents, that the pattern of `rule` finds first; "" when it finds none."""
        found = re2.search(rule.pattern, self._read_over(sentence), _make_options())
        return str(found[0]) if found else ""

    def find_loaded(self, sentence: str, *, answers: bool = True) -> tuple[str, ...]:
        """The words of `sentence` that are neither part of a clear answer, nor plain, nor names.

        A sentence that `answers` has to be plainer than one of thanks beside it.
        """
        rest = self._clear.sub(" ", self._read_over(sentence))
        allowed = self._plain if answers else self._courteous
        return tuple(word for word in _WORD.findall(rest) if word == word.lower() and not allowed.fullmatch(word))

    def _read_over(self, sentence: str) -> str:
        folded = fold(sentence)
        if self._asides.search(folded) is None:
            return folded.strip()
        return _SPACES.sub(" ", self._asides.sub(" ", folded)).strip()


def load_rules(folder: Path) -> Rules:
    """All rules in the `*.toml` files of `folder`, in order of file name.

    Raises: ConfigurationError naming file and rule.
    """
    files = sorted(folder.glob("*.toml"))
    if not files:
        raise ConfigurationError(f"no wording rules in {folder}: put the *.toml files of inbox_rules there")
    rules = tuple(rule for path in files for rule in _read_file(path))
    seen: dict[str, str] = {}
    for rule in rules:
        if rule.name in seen:
            raise ConfigurationError(f"{rule.file}: rule {rule.name!r} is already in {seen[rule.name]}; rename one")
        seen[rule.name] = rule.file
    return Rules(rules)


def _read_file(path: Path) -> tuple[WordingRule, ...]:
    try:
        content = tomllib.loads(path.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise ConfigurationError(f"{path.name} is not valid TOML: {error}") from error
    tables = content.get("rule", [])
    if not isinstance(tables, list) or not tables or set(content) != {"rule"}:
        raise ConfigurationError(f"{path.name}: expected [[rule]] tables and nothing else")
    return tuple(_read_rule(path.name, table) for table in tables)


def _read_rule(file: str, table: Mapping[str, object]) -> WordingRule:
    name = table.get("name")
    if not isinstance(name, str) or not name:
        raise ConfigurationError(f"{file}: a rule has no name")
    unknown = set(table) - {"name", "kind", "language", "pattern", "unless", "examples"}
    if unknown:
        raise ConfigurationError(f"{file}, rule {name!r}: unknown key {sorted(unknown)[0]!r}")
    language = _read_text(file, name, table, "language")
    if language not in _LANGUAGES:
        raise ConfigurationError(f"{file}, rule {name!r}: language is one of {', '.join(_LANGUAGES)}")
    return WordingRule(
        name=name,
        saying=_read_saying(file, name, table),
        language=language,
        pattern=_read_pattern(file, name, table, "pattern"),
        unless=_read_pattern(file, name, table, "unless"),
        examples=_read_examples(file, name, table.get("examples")),
        file=file,
    )


def _read_text(file: str, name: str, table: Mapping[str, object], key: str) -> str:
    value = table.get(key)
    if not isinstance(value, str) or not value:
        raise ConfigurationError(f"{file}, rule {name!r}: {key} must be a text")
    return value


def _read_saying(file: str, name: str, table: Mapping[str, object]) -> Saying:
    try:
        return Saying(_read_text(file, name, table, "kind"))
    except ValueError:
        known = ", ".join(Saying)
        raise ConfigurationError(f"{file}, rule {name!r}: kind is one of {known}") from None


def _read_pattern(file: str, name: str, table: Mapping[str, object], key: str) -> str:
    """One pattern, or a list of which any may match; folded as the text will be."""
    value = table.get(key, "" if key == "unless" else None)
    parts = value if isinstance(value, list) else [value]
    texts = [part for part in parts if isinstance(part, str)]
    if len(texts) < len(parts):
        raise ConfigurationError(f"{file}, rule {name!r}: {key} must be a text or a list of texts")
    folded = [fold(part) for part in texts if part]
    if key == "pattern" and not folded:
        raise ConfigurationError(f"{file}, rule {name!r}: pattern is missing")
    for part in folded:
        _compile(file, name, part)
    return "|".join(f"(?:{part})" for part in folded)


def _read_examples(file: str, name: str, value: object) -> tuple[Example, ...]:
    if not isinstance(value, list) or not value:
        raise ConfigurationError(f"{file}, rule {name!r}: give at least one example")
    examples = []
    for table in value:
        if not isinstance(table, dict) or set(table) != {"text", "matches"}:
            raise ConfigurationError(f"{file}, rule {name!r}: an example has text and matches")
        examples.append(Example(text=str(table["text"]), matches=bool(table["matches"])))
    return tuple(examples)


def _make_options() -> re2.Options:
    options = re2.Options()
    options.case_sensitive = False
    options.log_errors = False
    # A set that runs out of memory finds nothing, silently.
    options.max_mem = 64 << 20
    return options


def _compile(file: str, name: str, pattern: str) -> None:
    try:
        re2.compile(pattern, _make_options())
    except re2.error as error:
        raise ConfigurationError(f"{file}, rule {name!r}: {pattern!r} is not a pattern RE2 knows: {error}") from error


def _any(rules: tuple[WordingRule, ...], sayings: tuple[Saying, ...]) -> str:
    """One pattern that finds what any rule of these sayings finds; one that finds nothing when there is none."""
    return "|".join(f"(?:{rule.pattern})" for rule in rules if rule.saying in sayings) or _NOTHING


def _compile_set(rules: tuple[WordingRule, ...], patterns: list[str]) -> re2.Set:
    compiled = re2.Set.SearchSet(_make_options())
    for rule, pattern in zip(rules, patterns, strict=True):
        _compile(rule.file, rule.name, pattern)
        compiled.Add(pattern)
    compiled.Compile()
    return compiled
