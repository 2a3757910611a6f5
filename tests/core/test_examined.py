"""Invented without a look at the code: the ladder of clues, a lead's text, recalls, flowed text, red ink."""

from pathlib import Path

import pytest

from pipeline.core.context import Context
from pipeline.core.model import MailKind, ParsedMail, Place, RoundPurpose
from pipeline.core.parse import parse_mail
from pipeline.core.quote import read_reply
from pipeline.core.rules import Rules, load_rules
from tests.core.judging import CALL, make_context, make_file, make_mail, make_round
from tests.core.test_choice import Clues, known
from tests.core.test_classify import judge
from tests.make_mail import make_mail as make_raw

WATER = make_file(draft="WAT", stamp=("WAT", "r0"), tracked=2, name="water.docx")
ENERGY = make_file(draft="NRG", stamp=("NRG", "r0"), tracked=1, name="energy.docx")
PASTED = make_file(draft="NRG", tracked=1, name="text.docx")
DMARC = (("authentication-results", "mx.group.example; spf=fail; dkim=none; dmarc=fail header.from=alpha.example"),)


@pytest.fixture(scope="module")
def rules() -> Rules:
    """The rules that come with the product."""
    return load_rules(Path(__file__).parents[2] / "inbox_rules")


@pytest.fixture
def context() -> Context:
    """Two drafts, both open to ALPHA."""
    return known(make_context(make_round(1, "WAT"), make_round(2, "NRG", RoundPurpose.SILENCE)))


def make_clues(*rungs: str, **lines: object) -> Clues:
    """Clues with rungs written "in_reply_to WAT"."""
    clues = Clues(**lines)  # type: ignore[arg-type]
    for rung in rungs:
        name, _, draft = rung.rpartition(" ")
        clues.add(name, draft)
    return clues


FILED, HELD, QUARANTINED = Place.FILED, Place.HELD, Place.QUARANTINED

LADDER = {
    "reply and token agree": (make_clues("in_reply_to WAT", "subject token WAT"), "fp@alpha.example", FILED, "WAT"),
    "thread index alone": (make_clues("thread_index NRG"), "fp@alpha.example", FILED, "NRG"),
    "subject typed afresh, token in the quotation": (
        make_clues("quoted token WAT", subject="our views"), "fp@alpha.example", FILED, "WAT",
    ),
    "fresh mail with our file under another name": (
        make_clues(subject="as discussed", files=[WATER]), "fp@alpha.example", FILED, "WAT",
    ),
    "thread of one, subject token of the other": (
        make_clues("in_reply_to WAT", "subject token NRG"), "fp@alpha.example", HELD, None,
    ),
    "thread of one, pasted text of the other": (
        make_clues("in_reply_to WAT", files=[PASTED]), "fp@alpha.example", HELD, None,
    ),
    "thread of one, stamped text of the other": (
        make_clues("in_reply_to WAT", files=[ENERGY]), "fp@alpha.example", FILED, "NRG",
    ),
    "references of one, thread index of the other": (
        make_clues("references WAT", "thread_index NRG"), "fp@alpha.example", HELD, None,
    ),
    "three for one, a title word for the other": (
        make_clues(
            "in_reply_to WAT", "references WAT", "subject token WAT", text="The energy statement says the same."
        ), "fp@alpha.example", FILED, "WAT",
    ),
    "both files, no thread": (make_clues(files=[WATER, ENERGY]), "fp@alpha.example", FILED, "WAT"),
    "nothing at all": (make_clues(text="As agreed on the telephone."), "fp@alpha.example", HELD, None),
    "private address in our thread": (make_clues("in_reply_to WAT"), "ines.ode@webmail.example", HELD, None),
    "private address with our file": (make_clues(files=[WATER]), "ines.ode@webmail.example", HELD, None),
    "colleague at the agency's own domain, in our thread": (
        make_clues("in_reply_to WAT"), "registry@alpha.example", FILED, "WAT",
    ),
    "colleague at the agency's own domain, fresh": (
        make_clues(subject="WAT"), "registry@alpha.example", HELD, "WAT",
    ),
    "look-alike with a hyphen": (
        make_clues("in_reply_to WAT"), "fp@betaland-org.example", QUARANTINED, None,
    ),
    "look-alike with a doubled letter": (
        make_clues("in_reply_to WAT"), "fp@bettaland.example", QUARANTINED, None,
    ),
    "look-alike with a digit": (make_clues("in_reply_to WAT"), "fp@beta1and.example", QUARANTINED, None),
    "look-alike below a foreign domain": (
        make_clues("in_reply_to WAT"), "fp@mail.betaland.example.attacker.example", QUARANTINED, None,
    ),
    "again: thread index against the subject's token": (
        make_clues("thread_index WAT", "subject token NRG"), "fp@alpha.example", HELD, None,
    ),
    "again: all of one line": (
        make_clues("in_reply_to NRG", "subject token NRG", "quoted token NRG"), "fp@alpha.example", FILED, "NRG",
    ),
    "again: bare code and the file agree": (
        make_clues("subject code WAT", files=[WATER]), "fp@alpha.example", FILED, "WAT",
    ),
    "again: bare code against the pasted text": (
        make_clues("subject code WAT", files=[PASTED]), "fp@alpha.example", HELD, None,
    ),
    "again: two tokens in the quotation": (
        make_clues(quoted="[GRP-WAT] call, [GRP-NRG] call"), "fp@alpha.example", HELD, None,
    ),
    "again: the other draft's file beside our thread's": (
        make_clues("in_reply_to NRG", files=[ENERGY, WATER]), "fp@alpha.example", FILED, "NRG",
    ),
    "again: private address that shows a member's name": (
        make_clues("in_reply_to WAT", subject="ALPHA comments"), "alpha.drafts@webmail.example", HELD, None,
    ),
    "again: below the agency's own domain": (
        make_clues("in_reply_to WAT"), "unit@field.alpha.example", FILED, "WAT",
    ),
    "again: look-alike under another suffix": (
        make_clues("in_reply_to WAT"), "fp@betaland.invalid", QUARANTINED, None,
    ),
    "again: look-alike with a homoglyph": (
        make_clues("in_reply_to WAT"), "fp@b\u0435taland.example", QUARANTINED, None,
    ),
    "body of a member": (make_clues("in_reply_to WAT"), "fp@east.pair.example", FILED, "WAT"),
}  # fmt: skip


@pytest.mark.parametrize(("clues", "sender", "place", "draft"), LADDER.values(), ids=LADDER)
def test_place_and_draft_follow_from_the_rungs(
    clues: Clues, sender: str, place: Place, draft: str | None, context: Context, rules: Rules
) -> None:
    identity, action = clues.judge(context, rules, sender)
    assert (action.place, identity.draft) == (place, draft)


def test_a_forged_member_is_quarantined_whatever_the_thread() -> None:
    _, action = judge("No comments.", mail=make_mail(parent=CALL, headers=DMARC))
    assert action.place is Place.QUARANTINED


def test_a_colleague_of_another_member_forwards_nothing_on_its_behalf(context: Context, rules: Rules) -> None:
    clues = make_clues("in_reply_to WAT", text="Forwarded on behalf of BETALAND, whose server is down: no comments.")
    identity, action = clues.judge(context, rules)
    assert identity.agency == "ALPHA"
    assert action.needs_attention


@pytest.mark.parametrize(
    ("text", "mail", "kind", "place"),
    [
        (
            "Please find the new text, which reflects the inputs received so far.",
            make_mail("fp@betaland.example", "[GRP-WAT] new base text"), MailKind.LEAD_REVISION, FILED,
        ),
        (
            "As lead, we circulate rev.1 herewith. It supersedes the zero draft.",
            make_mail("fp@betaland.example", "[GRP-WAT] rev.1"), MailKind.LEAD_REVISION, FILED,
        ),
    ],
    ids=["new text", "rev.1"],
)  # fmt: skip
def test_a_leads_new_text_is_a_revision(text: str, mail: ParsedMail, kind: MailKind, place: Place) -> None:
    verdict, action = judge(text, make_file(draft="WAT", silent=9), mail=mail)
    assert (verdict.kind, action.place) == (kind, place)


@pytest.mark.parametrize(
    ("subject", "text"),
    [
        ("Recall: [GRP-WAT] call", "A. Specimen would like to recall the message, \"[GRP-WAT] call\"."),
        ("Message Recall", "I should like to recall my last e-mail. Please delete it unread."),
        ("Rappel : [GRP-WAT] call", "L'expéditeur souhaite rappeler le message « [GRP-WAT] call »."),
    ],
    ids=["as Outlook writes it", "typed", "french Outlook"],
)  # fmt: skip
def test_a_recall_is_never_an_answer(subject: str, text: str) -> None:
    verdict, _ = judge(text, mail=make_mail(subject=subject, parent=CALL))
    assert verdict.kind is MailKind.RECALL


FLOWED = {
    "a typed mark is stuffed with a space": (
        "Our threshold:\n > 50 % of households\nis the one to keep.",
        "Our threshold:\n> 50 % of households\nis the one to keep.",
    ),
    "a quotation below keeps its mark": (
        "Fine with us.\n\nOn 1 Oct 2012 10:00, GMG Drafts wrote:\n> Please send\n> your comments.",
        "Fine with us.",
    ),
    "a stuffed sentence": (
        "The second line of the box reads\n > Water is scarce and every State has to act.\nPlease keep it.",
        "The second line of the box reads\n> Water is scarce and every State has to act.\nPlease keep it.",
    ),
    "stuffed From": ("The line\n From here on\nshould go.", "The line\nFrom here on\nshould go."),
    "stuffed mark above a quotation": (
        "Our line reads:\n > 30 % by 2015\n\nOn 1 Oct 2012 10:00, GMG Drafts wrote:\n> 30 % by 2020",
        "Our line reads:\n> 30 % by 2015",
    ),
}  # fmt: skip


@pytest.mark.parametrize(("text", "new"), FLOWED.values(), ids=FLOWED)
def test_a_space_before_a_typed_mark_of_flowed_text_says_that_it_is_no_quotation(text: str, new: str) -> None:
    raw = make_raw(text=text, headers={"Content-Type": "text/plain; charset=utf-8; format=flowed"})
    assert read_reply(parse_mail(raw)).new_text == new


BLOCK = (
    "<div><b>From:</b> GMG<br><b>Sent:</b> Tuesday, October 02, 2012<br><b>To:</b> ILO<br><b>Subject:</b> Call</div>"
)
INK = {
    "red words beside struck ones": (
        "<p>4. The young <s style='color:red'>are at risk</s> <span style='color:#FF0000'>face risks</span> daily.</p>",
        (("are at risk", "face risks"),),
    ),
    "a deletion alone": ("<p>The <del>very</del> poor.</p>", (("very", ""),)),
    "a red sentence added": (
        "<p>Wells run dry. <font color='red'>Pumps rust.</font></p>", (("", "Pumps rust."),),
    ),
    "words in another blue of the client": ("<p style='color:#1F497D'>Wells run dry.</p>", ()),
}  # fmt: skip


@pytest.mark.parametrize(("quoted", "edits"), INK.values(), ids=INK)
def test_red_ink_in_the_quotation_is_an_edit(quoted: str, edits: tuple[tuple[str, str], ...]) -> None:
    reply = read_reply(parse_mail(make_raw(text=None, html=f"<div>Changes in red below.</div>{BLOCK}{quoted}")))
    assert tuple((old.strip(), new.strip()) for old, new in reply.quote_edits) == edits
