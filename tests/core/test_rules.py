"""The wording rules: each one finds its own examples, and a wrong file is named."""

from pathlib import Path

import pytest

from pipeline.core.rules import OF_WORDS, Rules, Saying, load_rules
from pipeline.errors import ConfigurationError

FOLDER = Path(__file__).parents[2] / "inbox_rules"
RULES = load_rules(FOLDER)


@pytest.mark.parametrize(
    ("rule", "text", "matches"),
    [
        (rule.name, example.text, example.matches)
        for rule in RULES.rules
        if rule.saying not in OF_WORDS
        for example in rule.examples
    ],
)
def test_rule_agrees_with_its_examples(rule: str, text: str, matches: bool) -> None:
    assert (rule in {found.name for found in RULES.match(text)}) is matches


@pytest.mark.parametrize(
    ("saying", "text", "matches"),
    [
        (rule.saying, example.text, example.matches)
        for rule in RULES.rules
        if rule.saying in (Saying.PLAIN, Saying.COURTEOUS)
        for example in rule.examples
    ],
)
def test_words_that_load_nothing_agree_with_their_examples(saying: Saying, text: str, matches: bool) -> None:
    assert (RULES.find_loaded(text, answers=saying is Saying.PLAIN) == ()) is matches


@pytest.mark.parametrize(
    ("text", "matches"),
    [
        (example.text, example.matches)
        for rule in RULES.rules
        if rule.saying is Saying.ASIDE
        for example in rule.examples
    ],
)
def test_words_that_are_read_over_change_no_meaning(text: str, matches: bool) -> None:
    assert (Saying.DECLINE in {rule.saying for rule in RULES.match(text)}) is matches


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("[[rule]\n", "not valid TOML"),
        ("a = 1\n", "expected [[rule]]"),
        ('[[rule]]\nkind = "no_comment"\n', "has no name"),
        ('[[rule]]\nname = "x"\nkind = "nonsense"\nlanguage = "en"\npattern = "a"\n', "kind is one of"),
        ('[[rule]]\nname = "x"\nkind = "assent"\nlanguage = "tlh"\npattern = "a"\n', "language is one of"),
        ('[[rule]]\nname = "x"\nkind = "assent"\nlanguage = "en"\npattern = "(a"\n', "not a pattern"),
        ('[[rule]]\nname = "x"\nkind = "assent"\nlanguage = "en"\npattern = "(?=a)"\n', "not a pattern"),
        ('[[rule]]\nname = "x"\nkind = "assent"\nlanguage = "en"\n', "pattern"),
        ('[[rule]]\nname = "x"\nkind = "assent"\nlanguage = "en"\npattern = "a"\n', "example"),
        ('[[rule]]\nname = "x"\nkind = "assent"\nlanguage = "en"\npattern = "a"\nwhen = 1\n', "unknown key"),
    ],
)
def test_wrong_file_is_named_with_its_rule(tmp_path: Path, content: str, said: str) -> None:
    (tmp_path / "odd.toml").write_text(content, encoding="utf-8")
    with pytest.raises(ConfigurationError, match=r"odd\.toml") as caught:
        load_rules(tmp_path)
    assert said in str(caught.value)


def test_folder_without_rules_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError, match="no wording rules"):
        load_rules(tmp_path)


def test_same_name_twice_is_an_error(tmp_path: Path) -> None:
    rule = '[[rule]]\nname = "x"\nkind = "assent"\nlanguage = "en"\npattern = "a"\n'
    rule += 'examples = [{text = "a", matches = true}]\n'
    (tmp_path / "one.toml").write_text(rule, encoding="utf-8")
    (tmp_path / "two.toml").write_text(rule, encoding="utf-8")
    with pytest.raises(ConfigurationError, match="already in one.toml"):
        load_rules(tmp_path)


def test_accents_case_and_curly_marks_make_no_difference() -> None:
    found = {rule.saying for rule in RULES.match("NOUS N\u2019AVONS PAS D\u2019OBSERVATIONS")}
    assert found == {Saying.NO_COMMENT, Saying.NEGATION}


def test_no_rules_match_nothing() -> None:
    assert Rules(()).match("No comments.") == ()
