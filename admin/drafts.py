"""A draft as a document with every agency's proposals in place, decided one by one."""

from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from flask import Blueprint, Response, abort, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from admin.page import office, user_name
from admin.passages import Card, list_shown, make_cards, make_passages
from admin.phrases import gettext
from admin.undo import offer_decision
from pipeline.adapters import store
from pipeline.consolidate import DOCUMENTS, Consolidation, name_document, read_consolidation
from pipeline.errors import UsageError
from pipeline.overview import read_drafts
from pipeline.parcel import write_parcel
from pipeline.redline.model import Disposition
from pipeline.revise import dispose_all

blueprint = Blueprint("drafts", __name__, url_prefix="/drafts")


@dataclass(frozen=True, slots=True, kw_only=True)
class Filter:
    """One way to look at a draft, and how many cards it shows."""

    only: str
    label: str
    count: int


@blueprint.get("")
def index() -> str:
    """Every draft with its revisions and how far they are decided."""
    with office().database.read() as db:
        revisions = store.drafts.list_revisions(db)
        counts = store.proposals.count_by_revision(db)
    drafts = read_drafts(office().database, office().clock())
    return render_template("drafts/index.html", drafts=drafts, revisions=revisions, counts=counts)


@blueprint.get("/<code>/<revision>")
def show(code: str, revision: str) -> str:
    """One revision with its proposals; `only` filters by agency, by conflict or by what is still open."""
    consolidation = _read(code, revision)
    only = request.args.get("only", "")
    cards = make_cards(consolidation)
    return render_template(
        "drafts/show.html",
        consolidation=consolidation,
        passages=make_passages(consolidation, only),
        total=len(cards),
        decided=sum(card.disposition is not Disposition.OPEN for card in cards),
        filters=_list_filters(consolidation, cards),
        documents=_list_documents(),
        only=only,
    )


@blueprint.post("/<code>/<revision>/decisions")
def decide(code: str, revision: str) -> AnyResponse:
    """Record one decision about a change and all who propose it, and go back to the place it was made."""
    versions, disposition = _read_versions(), _read_disposition()
    consolidation = _read(code, revision)
    keys = {each.proposal.key for each in consolidation.stored if each.id in versions}
    if len(keys) != len(versions):
        abort(404)
    rivals = consolidation.find_accepted_rivals(keys) if disposition is Disposition.ACCEPTED else ()
    if rivals:
        raise UsageError(
            gettext(
                "The wording of %(rivals)s for the same words is accepted already. Decide that one otherwise first, or "
                "accept one of them with a wording of your own.",
                rivals=", ".join(rivals),
            )
        )
    dispose_all(
        office().database,
        versions,
        disposition,
        remark=request.form.get("remark", "").strip(),
        amended=request.form.get("amended", "").strip() if disposition is Disposition.AMENDED else "",
        by=user_name(),
        now=office().clock(),
    )
    place = request.form.get("place", type=int) or min(versions)
    page = url_for("drafts.show", code=code, revision=revision, only=request.form.get("only") or None)
    before = tuple(each for each in consolidation.stored if each.id in versions)
    offer_decision(gettext("Decided."), f"{page}#proposal-{min(versions)}", before)
    return redirect(f"{page}#proposal-{place}")


@blueprint.get("/<code>/<revision>/documents/<document>")
def download(code: str, revision: str, document: str) -> Response:
    """One of the documents made of a revision and its proposals."""
    if document not in DOCUMENTS:
        abort(404)
    consolidation = _read(code, revision)
    response = Response(DOCUMENTS[document](consolidation), mimetype="application/octet-stream")
    response.headers.set("Content-Disposition", "attachment", filename=name_document(consolidation, document))
    return response


@blueprint.get("/<code>/<revision>/parcel.zip")
def parcel(code: str, revision: str) -> Response:
    """Every document on a revision with what each agency sent, for its lead."""
    _read(code, revision)
    with TemporaryDirectory(prefix="penholder-parcel-") as folder:
        target = Path(folder) / "parcel.zip"
        write_parcel(office().desk, code, revision, target, office().clock())
        content = target.read_bytes()
    response = Response(content, mimetype="application/zip")
    response.headers.set("Content-Disposition", "attachment", filename=f"{code}_{revision}.zip")
    return response


def _read(code: str, revision: str) -> Consolidation:
    try:
        return read_consolidation(office().database, code, revision, office().clock())
    except UsageError:
        abort(404)


def _read_versions() -> dict[int, int]:
    """The version seen of each proposal of the card, by its id: fields "proposal" of the form "12:0"."""
    pairs = [value.partition(":") for value in request.form.getlist("proposal")]
    if not pairs or not all(id.isdecimal() and version.isdecimal() for id, _, version in pairs):
        abort(400)
    return {int(id): int(version) for id, _, version in pairs}


def _read_disposition() -> Disposition:
    try:
        return Disposition(request.form.get("disposition", ""))
    except ValueError:
        abort(400)


def _list_filters(consolidation: Consolidation, cards: tuple[Card, ...]) -> tuple[Filter, ...]:
    agencies = sorted({each.agency for card in cards for each in card.stored})
    labels = [("", gettext("Everything")), ("open", gettext("Open")), ("conflicts", gettext("In conflict"))]
    return tuple(
        Filter(only=only, label=label, count=len(list_shown(consolidation, cards, only)))
        for only, label in [*labels, *((agency, agency) for agency in agencies)]
    )


def _list_documents() -> tuple[tuple[str, str, str], ...]:
    """File, name and use of each document; one that has no name yet goes by its file's."""
    names = {
        "consolidated.docx": (
            gettext("Consolidated draft"),
            gettext("Word: every agency's changes tracked under its name, comments in place"),
        ),
        "compilation.docx": (
            gettext("Compilation"),
            gettext("Word: each paragraph with all proposals under it, sponsors in brackets"),
        ),
        "matrix.docx": (gettext("Comment table"), gettext("Word: one row for each proposal")),
        "matrix.xlsx": (gettext("Comment table"), gettext("Excel: the same rows, to sort and filter")),
        "dispositions.docx": (
            gettext("Report on decisions"),
            gettext("Word: every proposal once, with what was decided and why; for all members"),
        ),
        "next-clean.docx": (gettext("Next text, clean"), gettext("Word: what was decided is in the text")),
        "next-tracked.docx": (
            gettext("Next text, tracked"),
            gettext("Word: the same against this revision, open proposals too"),
        ),
        "text.docx": (gettext("The text itself"), gettext("Word: this revision, stamped with what it has come to")),
        "ledger.json": (gettext("Ledger"), gettext("JSON: every proposal with its source, for programs")),
    }
    return tuple((document, *names.get(document, (document, ""))) for document in DOCUMENTS)
