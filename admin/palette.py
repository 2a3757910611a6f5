"""Where one can go from anywhere besides the main pages: texts, and what passed with each agency."""

from collections.abc import Iterator

from flask import Blueprint, Response, jsonify, url_for

from admin.page import office
from admin.phrases import gettext
from pipeline.adapters import store

blueprint = Blueprint("palette", __name__)


@blueprint.get("/palette.json")
def show() -> Response:
    """Every place by its words: {"places": [{"label": words, "url": address}]}."""
    return jsonify(places=[{"label": label, "url": url} for label, url in _list_places()])


def _list_places() -> Iterator[tuple[str, str]]:
    with office().database.read() as db:
        revisions, rounds = store.drafts.list_revisions(db), store.rounds.list_rounds(db)
        members = store.rosters.get_roster(db).members
    for revision in revisions:
        yield (
            gettext("Proposals on %(draft)s %(revision)s", draft=revision.draft, revision=revision.name),
            url_for("drafts.show", code=revision.draft, revision=revision.name),
        )
    for draft in dict.fromkeys(round.draft for round in rounds):
        for member in members:
            yield f"{member.code} · {draft}", url_for("timeline.show", code=draft, agency_code=member.code)
