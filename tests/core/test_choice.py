"""Rungs held against each other: what agrees is filed, what disagrees waits, and nobody is chased meanwhile."""

from dataclasses import dataclass, field, replace
from itertools import permutations
from pathlib import Path

import pytest

from pipeline.core.classify import classify
from pipeline.core.context import Context
from pipeline.core.identify import identify
from pipeline.core.model import Action, Certainty, FileReading, Identity, Place, RoundPurpose
from pipeline.core.route import route
from pipeline.core.rules import Rules, load_rules
from tests.core.judging import make_context, make_file, make_mail, make_reply, make_round

CALLS = {"WAT": "<call-wat@group.example>", "NRG": "<call-nrg@group.example>"}
INDEXES = {"WAT": "01aa", "NRG": "01bb"}
ROUNDS = {"WAT": 1, "NRG": 2}


@dataclass(slots=True)
class Clues:
    """The parts of a message that the rungs of the ladder look at."""

    parents: list[str] = field(default_factory=list)
    references: list[str] = field(default_factory=list)
    index: str | None = None
    subject: str = ""
    quoted: str = ""
    text: str = "Please see."
    files: list[FileReading] = field(default_factory=list)

    def add(self, rung: str, draft: str) -> None:
        """Let one rung point to a draft."""
        if rung in ("in_reply_to", "second in_reply_to"):
            self.parents.append(CALLS[draft])
        elif rung == "references":
            self.references.append(CALLS[draft])
        elif rung == "thread_index":
            self.index = INDEXES[draft]
        elif rung == "subject token":
            self.subject = f"RE: [GRP-{draft}] call"
        elif rung == "subject code":
            self.subject = f"Comments on {draft}"
        elif rung == "quoted token":
            self.quoted = f"Subject: [GRP-{draft}] call"
        elif rung == "text of a file":
            self._put_file(replace(self._take_file(), likeness=((draft, "r0", 0.9),), tracked=1))
        else:
            self._put_file(replace(self._take_file(), stamp=(draft, "r0")))

    def _take_file(self) -> FileReading:
        return self.files.pop() if self.files else make_file()

    def _put_file(self, file: FileReading) -> None:
        self.files.append(file)

    def judge(
        self, context: Context, rules: Rules, sender: str = "fp@alpha.example", *, name: str = ""
    ) -> tuple[Identity, Action]:
        """Who and which draft, and where the message goes."""
        mail = make_mail(
            sender,
            self.subject,
            name=name,
            parent=tuple(self.parents),
            references=tuple(self.references),
            thread_index=self.index,
        )
        reply, files = make_reply(self.text, quoted=self.quoted), tuple(self.files)
        identity = identify(mail, reply, files, None, context)
        verdict = classify(mail, reply, None, identity, files, rules, context)
        return identity, route(verdict, identity, mail, files)


#: the ladder; of each line of a message one rung
LADDER = (
    "in_reply_to", "references", "thread_index", "subject token", "quoted token", "stamp of a file", "text of a file",
    "subject code",
)  # fmt: skip
SAME_LINE = {"subject token", "subject code"}
PAIRS = [
    *(pair for pair in permutations(LADDER, 2) if set(pair) != SAME_LINE),
    ("in_reply_to", "second in_reply_to"),
]


@pytest.fixture(scope="module")
def rules() -> Rules:
    """The rules that come with the product."""
    return load_rules(Path(__file__).parents[2] / "inbox_rules")


@pytest.fixture
def context() -> Context:
    """Two drafts, both open to ALPHA; every rung is known for both."""
    return known(make_context(make_round(1, "WAT"), make_round(2, "NRG", RoundPurpose.SILENCE)))


def known(context: Context) -> Context:
    """The context with our mails on both drafts."""
    ours = {draft: (ROUNDS[draft], draft, "r0", "ALPHA") for draft in CALLS}
    return replace(
        context,
        outgoing={CALLS[draft]: mail for draft, mail in ours.items()},
        thread_indexes={INDEXES[draft]: mail for draft, mail in ours.items()},
    )


@pytest.mark.parametrize(("one", "other"), PAIRS, ids=" against ".join)
def test_rungs_that_disagree_hold_the_mail_and_show_both(one: str, other: str, context: Context, rules: Rules) -> None:
    clues = Clues()
    clues.add(one, "WAT")
    clues.add(other, "NRG")
    identity, action = clues.judge(context, rules)
    assert (action.place, identity.draft, identity.round_id) == (Place.HELD, None, None)
    assert set(identity.candidates) == {"WAT", "NRG"}
    assert "WAT" in action.reason
    assert "NRG" in action.reason
    assert not action.acknowledge
    assert set(identity.other_rounds) == {("WAT", 1), ("NRG", 2)}, "nobody may be chased on either"


@pytest.mark.parametrize(("draft", "other"), [("WAT", "NRG"), ("NRG", "WAT")])
def test_weak_hints_hold_no_mail_that_three_strong_rungs_agree_on(
    draft: str, other: str, context: Context, rules: Rules
) -> None:
    clues = Clues(text=f"Please see. It goes with the clean water report and the energy statement, {other}.")
    for strong in ("in_reply_to", "subject token", "text of a file", "stamp of a file"):
        clues.add(strong, draft)
    clues.add("quoted token", other)
    identity, action = clues.judge(context, rules)
    assert (action.place, identity.draft, identity.which) == (Place.FILED, draft, Certainty.SURE)


@pytest.mark.parametrize("strong", [("in_reply_to", "subject token"), ("in_reply_to", "text of a file")])
def test_a_weaker_line_against_two_strong_ones_is_confirmed_by_a_person(
    strong: tuple[str, str], context: Context, rules: Rules
) -> None:
    clues = Clues()
    for rung in strong:
        clues.add(rung, "WAT")
    clues.add("quoted token", "NRG")
    identity, action = clues.judge(context, rules)
    assert (action.place, identity.draft, action.needs_attention) == (Place.FILED, "WAT", True)


# --- Several drafts in one message --------------------------------------------------------------------------------


WATER = make_file(draft="WAT", stamp=("WAT", "r0"), tracked=2, name="water.docx")
ENERGY = make_file(draft="NRG", stamp=("NRG", "r0"), tracked=1, name="energy.docx")
ENERGY_COPIED = replace(ENERGY, stamp=None)


@pytest.mark.parametrize(
    ("rungs", "files", "draft", "other", "which"),
    [
        (("in_reply_to",), (WATER, ENERGY), "WAT", (("NRG", 2),), Certainty.SURE),
        (("in_reply_to",), (ENERGY, WATER), "WAT", (("NRG", 2),), Certainty.SURE),
        (("subject token",), (WATER, ENERGY), "WAT", (("NRG", 2),), Certainty.SURE),
        (("in_reply_to",), (WATER, ENERGY_COPIED), "WAT", (("NRG", 2),), Certainty.LIKELY),
        ((), (WATER, ENERGY), "WAT", (("NRG", 2),), Certainty.LIKELY),
        ((), (ENERGY, WATER), "NRG", (("WAT", 1),), Certainty.LIKELY),
    ],
)
def test_each_file_serves_its_own_draft(
    rungs: tuple[str, ...], files: tuple[FileReading, ...], draft: str, other: object, which: Certainty,
    context: Context, rules: Rules,
) -> None:  # fmt: skip
    clues = Clues(files=list(files))
    for rung in rungs:
        clues.add(rung, "WAT")
    identity, action = clues.judge(context, rules)
    assert (action.place, identity.draft, identity.other_rounds) == (Place.FILED, draft, other)
    assert identity.which is which
    assert action.needs_attention == (which is not Certainty.SURE)


def test_a_file_of_a_draft_nobody_asks_its_sender_about_is_shown(context: Context, rules: Rules) -> None:
    only_water = known(make_context(make_round(1, "WAT"), replace(make_round(2, "NRG"), addressees=())))
    clues = Clues(files=[WATER, ENERGY])
    clues.add("in_reply_to", "WAT")
    identity, action = clues.judge(only_water, rules)
    assert (action.place, identity.draft, identity.candidates) == (Place.FILED, "WAT", ("WAT", "NRG"))
    assert (identity.other_rounds, action.needs_attention) == ((), True)


def test_files_of_two_drafts_of_which_one_is_not_asked_wait_for_a_person(rules: Rules) -> None:
    only_water = known(make_context(make_round(1, "WAT"), replace(make_round(2, "NRG"), addressees=())))
    identity, action = Clues(files=[WATER, ENERGY]).judge(only_water, rules)
    assert (action.place, identity.candidates) == (Place.HELD, ("WAT", "NRG"))
    assert identity.other_rounds == (("WAT", 1),)


def test_a_file_against_the_thread_is_held_where_its_sender_is_not_asked(rules: Rules) -> None:
    only_water = known(make_context(make_round(1, "WAT"), replace(make_round(2, "NRG"), addressees=())))
    clues = Clues(files=[ENERGY])
    clues.add("in_reply_to", "WAT")
    identity, action = clues.judge(only_water, rules)
    assert (action.place, set(identity.candidates)) == (Place.HELD, {"WAT", "NRG"})


def test_a_mail_that_names_no_draft_stops_the_chasing_on_all_its_sender_is_asked_about(
    context: Context, rules: Rules
) -> None:
    identity, action = Clues(text="Thank you, see below.").judge(context, rules)
    assert (action.place, identity.other_rounds) == (Place.HELD, (("WAT", 1), ("NRG", 2)))


def test_a_strangers_mail_stops_nobody_from_being_chased(context: Context, rules: Rules) -> None:
    identity, _ = Clues(files=[WATER, ENERGY]).judge(context, rules, "x@elsewhere.example")
    assert identity.other_rounds == ()


def test_a_private_box_that_shows_a_members_name_is_held_with_a_suggestion(context: Context, rules: Rules) -> None:
    clues = Clues(files=[WATER])
    clues.add("in_reply_to", "WAT")
    identity, action = clues.judge(context, rules, "someone@webmail.example", name="BETALAND Water Unit")
    assert (action.place, identity.agency, identity.suggested_draft) == (Place.HELD, None, "WAT")
    assert "may be BETALAND" in action.reason
    assert not action.acknowledge


def test_mails_of_two_rounds_on_one_draft_are_confirmed_by_a_person(rules: Rules) -> None:
    first, second = make_round(1, "WAT"), make_round(2, "WAT", RoundPurpose.SILENCE)
    context = replace(
        make_context(first, second),
        outgoing={CALLS["WAT"]: (1, "WAT", "r0", "ALPHA"), CALLS["NRG"]: (2, "WAT", "r0", "ALPHA")},
    )
    clues = Clues(parents=list(CALLS.values()))
    identity, action = clues.judge(context, rules)
    assert (identity.draft, identity.round_id, action.needs_attention) == ("WAT", 2, True)
