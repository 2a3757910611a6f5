"""A draft as a document with every agency's proposals in place, decided one by one."""

from collections.abc import Iterator
from dataclasses import dataclass

from flask import Blueprint, Response, abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext
from werkzeug.wrappers import Response as AnyResponse

from admin.page import office, user_name
from pipeline.adapters import store
from pipeline.adapters.store import StoredProposal
from pipeline.consolidate import DOCUMENTS, Consolidation, name_document, read_consolidation
from pipeline.redline.model import Change, ChangeKind, Conflict, Disposition, Paragraph, Story
from pipeline.revise import dispose

blueprint = Blueprint("drafts", __name__, url_prefix="/drafts")

#: words shown on either side of a change
CONTEXT = 60


@dataclass(frozen=True, slots=True, kw_only=True)
class Wording:
    """A change as a person reads it: what stays around it, what goes, what comes."""

    before: str
    old: str
    new: str
    after: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Card:
    """One proposal with everything its card shows."""

    stored: StoredProposal
    wording: Wording
    #: other owners of the same change
    supporters: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Passage:
    """One paragraph of the base with the proposals on it."""

    paragraph: Paragraph
    text: str
    #: proposals that stand alone
    cards: tuple[Card, ...]
    #: proposals that cannot all be taken as they are
    conflicts: tuple[tuple[Conflict, tuple[Card, ...]], ...]


@blueprint.get("")
def index() -> str:
    """Every draft with its revisions and how far they are decided."""
    with office().database.read() as db:
        drafts = store.drafts.list_drafts(db)
        revisions = store.drafts.list_revisions(db)
        counts = store.proposals.count_by_revision(db)
    return render_template("drafts/index.html", drafts=drafts, revisions=revisions, counts=counts)


@blueprint.get("/<code>/<revision>")
def show(code: str, revision: str) -> str:
    """One revision with its proposals; `only` filters by agency or by what is still open."""
    consolidation = _read(code, revision)
    only = request.args.get("only", "")
    return render_template(
        "drafts/show.html",
        consolidation=consolidation,
        passages=tuple(passage for passage in _make_passages(consolidation) if _is_shown(passage, only)),
        decided=sum(each.proposal.disposition is not Disposition.OPEN for each in consolidation.stored),
        agencies=sorted({each.agency for each in consolidation.stored}),
        documents=tuple(DOCUMENTS),
        only=only,
    )


@blueprint.post("/<code>/<revision>/proposals/<int:proposal_id>")
def decide(code: str, revision: str, proposal_id: int) -> AnyResponse:
    """Record a disposition and go back to the place it was made."""
    try:
        disposition = Disposition(request.form.get("disposition", ""))
    except ValueError:
        abort(400)
    dispose(
        office().database,
        proposal_id,
        disposition,
        remark=request.form.get("remark", "").strip(),
        amended=request.form.get("amended", "").strip(),
        by=user_name(),
        now=office().clock(),
        version=request.form.get("version", type=int, default=0),
    )
    flash(gettext("Decided."), "done")
    target = url_for("drafts.show", code=code, revision=revision, only=request.form.get("only") or None)
    return redirect(f"{target}#proposal-{proposal_id}")


@blueprint.get("/<code>/<revision>/documents/<document>")
def download(code: str, revision: str, document: str) -> Response:
    """One of the documents made of a revision and its proposals."""
    if document not in DOCUMENTS:
        abort(404)
    consolidation = _read(code, revision)
    response = Response(DOCUMENTS[document](consolidation), mimetype="application/octet-stream")
    response.headers.set("Content-Disposition", "attachment", filename=name_document(consolidation, document))
    return response


def _read(code: str, revision: str) -> Consolidation:
    with office().database.read() as db:
        known = {(each.draft, each.name) for each in store.drafts.list_revisions(db)}
    if (code, revision) not in known:
        abort(404)
    return read_consolidation(office().database, code, revision, office().clock())


# --- From proposals to cards ------------------------------------------------------------------------------------


def _make_passages(consolidation: Consolidation) -> Iterator[Passage]:
    for story in consolidation.merge.base.stories:
        own = [each for each in consolidation.stored if each.proposal.change.story == story.name]
        if story.name != "body" and not own:
            continue
        for paragraph in story.paragraphs:
            on_it = [each for each in own if _is_on(each.proposal.change, paragraph, story)]
            yield _make_passage(consolidation, story, paragraph, on_it)


def _is_on(change: Change, paragraph: Paragraph, story: Story) -> bool:
    last = paragraph is story.paragraphs[-1]
    return paragraph.start <= change.start <= paragraph.end or (last and change.start > paragraph.end)


def _make_passage(
    consolidation: Consolidation, story: Story, paragraph: Paragraph, on_it: list[StoredProposal]
) -> Passage:
    cards = {each.proposal.key: _make_card(consolidation, story, each) for each in on_it}
    conflicts = []
    for conflict in consolidation.merge.conflicts:
        within = tuple(cards.pop(key) for key in conflict.proposals if key in cards)
        if within:
            conflicts.append((conflict, within))
    return Passage(
        paragraph=paragraph,
        text=story.text[paragraph.start : paragraph.end],
        cards=tuple(cards.values()),
        conflicts=tuple(conflicts),
    )


def _make_card(consolidation: Consolidation, story: Story, stored: StoredProposal) -> Card:
    folded = next((each for each in consolidation.merge.folded if stored.proposal.key in each.keys), None)
    owners = folded.owners if folded else ()
    supporters = tuple(owner for owner in owners if owner != stored.proposal.owner)
    return Card(stored=stored, wording=_make_wording(story.text, stored.proposal.change), supporters=supporters)


def _make_wording(text: str, change: Change) -> Wording:
    paragraph_start = text.rfind("\n", 0, change.start) + 1
    paragraph_end = text.find("\n", change.end)
    before = text[max(paragraph_start, change.start - CONTEXT) : change.start]
    after = text[change.end : min(paragraph_end if paragraph_end >= 0 else len(text), change.end + CONTEXT)]
    old = text[change.start : change.end]
    if change.kind is ChangeKind.COMMENT:
        return Wording(before=before, old="", new="", after=f"{old}{after}")
    return Wording(before=before, old=change.old.strip("\n"), new=change.new.strip("\n"), after=after)


def _is_shown(passage: Passage, only: str) -> bool:
    if not only:
        return True
    cards = [*passage.cards, *(card for _, within in passage.conflicts for card in within)]
    if only == "open":
        return any(card.stored.proposal.disposition is Disposition.OPEN for card in cards)
    if only == "conflicts":
        return bool(passage.conflicts)
    return any(card.stored.agency == only for card in cards)
