"""A later mail of an agency adds, unless its words, the name of its file or a person say that it replaces."""

import pytest

from pipeline.redline.model import Disposition
from pipeline.understand import Desk
from tests.pipeline import desk as small
from tests.pipeline.desk import HOUR, OPENED, edit, take, with_file
from tests.pipeline.two_drafts import add_harbours, harbour_docx

HERDS = edit("shared with herds", "shared with working animals", 2)
SOAP = edit("clean water and soap", "clean water, soap and towels", 5)
LAMPS = edit("blankets, lamps", "blankets, torches", 2)


@pytest.mark.parametrize(
    ("words", "name", "replaces"),
    [
        ("Please find our comments attached.", "more.docx", False),
        ("Please find our comments attached.", "WAT_ILO.docx", False),
        ("Please find our comments attached.", "WAT_ILO_v2.docx", True),
        ("Please find our comments attached.", "WAT_ILO (2).docx", True),
        ("Please find our comments attached.", "WAT_ILO_final.docx", True),
        ("Please find our comments attached.", "WAT_ILO_rev1.docx", True),
        ("One addition to our comments, attached.", "more.docx", False),
        ("Further to our earlier comments, please see the attached.", "more.docx", False),
        ("Ci-joint un complément, en complément de nos commentaires.", "suite.docx", False),
        ("Please disregard my earlier e-mail, these are the cleared comments.", "cleared.docx", True),
        ("This version supersedes our submission of yesterday.", "cleared.docx", True),
        ("La version ci-jointe annule et remplace la précédente.", "texte.docx", True),
        ("La presente versión anula y sustituye la anterior.", "texto.docx", True),
        ("If you have received this in error please disregard this message.", "more.docx", False),
    ],
)
def test_it_adds_unless_it_says_otherwise(desk: Desk, words: str, name: str, replaces: bool) -> None:
    take(desk, with_file(desk, "ILO", HERDS, name="WAT_ILO.docx"))
    take(desk, with_file(desk, "ILO", SOAP, name=name, text=words), at=OPENED + 2 * HOUR)
    assert small.get_message(desk, 1).superseded_by == (2 if replaces else None)
    first = Disposition.SUPERSEDED if replaces else Disposition.OPEN
    assert [each.proposal.disposition for each in small.list_proposals(desk)] == [first, Disposition.OPEN]


@pytest.mark.parametrize(("edits", "standing"), [((LAMPS,), {2}), ((), {1})])
def test_words_replace_on_another_draft_only_what_a_changed_file_takes_the_place_of(
    desk: Desk, edits: tuple[small.AuthoredEdit, ...], standing: set[int]
) -> None:
    add_harbours(desk)
    for hour, words, changes in (
        (1, "Please see both.", (LAMPS,)),
        (2, "This version supersedes our earlier one.", edits),
    ):
        files = [("WAT.docx", small.reply_docx(HERDS), small.DOCX), ("SEA.docx", harbour_docx(*changes), small.DOCX)]
        take(desk, small.answer(desk, "ILO", words, attachments=files), at=OPENED + hour * HOUR)
    found = small.list_proposals(desk, include_superseded=False)
    assert {each.message_id for each in found if each.draft == "SEA"} == standing
    assert {each.message_id for each in found if each.draft == "WAT"} == {2}
