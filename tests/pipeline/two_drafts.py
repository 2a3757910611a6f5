"""A second draft for the small round: the same agencies are asked about both."""

import io
import zipfile
from hashlib import sha256

from pipeline.adapters import store
from pipeline.circulate import open_round
from pipeline.core.model import Draft, Revision, RoundPurpose, Rule
from pipeline.demo.documents import AuthoredEdit, build_base_docx, build_reply_docx
from pipeline.demo.texts import parse_markdown
from pipeline.demo.wordml import Origin
from pipeline.understand import Desk
from tests.pipeline import desk as small

TEXT = """# Harbours as Places of Arrival

1. Ships that bring people to land arrive at every hour, and a harbour master seldom knows of them beforehand.

2. Each harbour keeps one shed with blankets, lamps and dry clothes, which volunteers look after in turns.

3. Pilots report a ship in distress to the nearest harbour and to the coast guard in the same minute.

4. A doctor examines the new arrivals before anybody asks them for their names or their papers.

5. Fees for mooring are waived for any vessel that has taken people from the water.
"""
_ORIGIN = Origin(title="Harbours", author="WTG drafts", saved=small.OPENED, stamp=("WTG", "SEA", "r0"))
_UNSTAMPED = Origin(title="Harbours", author="WTG drafts", saved=small.OPENED, stamp=None)


def add_harbours(desk: Desk) -> None:
    """Circulate the draft SEA as round 2, beside WAT in round 1."""
    content = build_base_docx(parse_markdown(TEXT), _ORIGIN)
    draft = Draft(code="SEA", title="Harbours as Places of Arrival", type="paper", leads=(), rule=Rule.INPUTS)
    revision = Revision(draft="SEA", name="r0", sha256=sha256(content).hexdigest(), docx=content, circulated_at=None)
    with desk.database.begin() as db:
        store.drafts.add_draft(db, draft)
        store.drafts.add_revision(db, revision)
    told = {"revision": "r0", "deadline": small.DEADLINE, "purpose": RoundPurpose.INPUTS, "now": small.OPENED}
    open_round(desk.database, "SEA", secret=small.SECRET, **told)


def harbour_docx(*edits: AuthoredEdit, stamped: bool = True) -> bytes:
    """The second draft with tracked changes."""
    return build_reply_docx(parse_markdown(TEXT), edits, _ORIGIN if stamped else _UNSTAMPED)


def make_zip(**files: bytes) -> bytes:
    """An archive of Word files by the stem of their names."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        for stem, content in files.items():
            archive.writestr(f"{stem}.docx", content)
    return packed.getvalue()
