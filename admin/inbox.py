"""The inbox: every message with the place it ended in and the reason."""

from flask import Blueprint, render_template, request

from admin.page import office
from admin.phrases import gettext
from pipeline.adapters import store
from pipeline.core.model import Place
from pipeline.correct import suggest_correction

blueprint = Blueprint("inbox", __name__)

#: messages on one page
PAGE = 50


@blueprint.get("/inbox")
def show() -> str:
    """Messages, newest first; place, agency, draft, search and page are all in the address."""
    place, asked = request.args.get("place", "attention"), _read_conditions()
    with office().database.read() as db:
        found = store.messages.list_messages(
            db,
            places=(Place(place),) if place in set(Place) else (),
            attention_only=place == "attention",
            agency=asked.get("agency"),
            draft=asked.get("draft"),
            search=asked.get("search", ""),
            before_id=request.args.get("before", type=int),
            limit=PAGE + 1,
        )
        suggestions = {each.id: made for each in found[:PAGE] if (made := suggest_correction(db, each)) is not None}
        counts, attention = store.messages.count_inbox(db)
    return render_template(
        "inbox/show.html",
        messages=found[:PAGE],
        following=found[PAGE - 1].id if len(found) > PAGE else None,
        place=place,
        asked=asked,
        filters=_filters(counts, attention),
        suggestions=suggestions,
    )


def _read_conditions() -> dict[str, str]:
    """The conditions besides the place: they stay while a person turns the pages."""
    return {name: value for name in ("agency", "draft", "search") if (value := request.args.get(name, "").strip())}


def _filters(counts: dict[Place, int], attention: int) -> tuple[tuple[str, str, int], ...]:
    return (
        ("attention", gettext("Needs a person"), attention),
        ("all", gettext("All"), sum(counts.values())),
        (Place.FILED, gettext("Filed"), counts[Place.FILED]),
        (Place.HELD, gettext("Held"), counts[Place.HELD]),
        (Place.IGNORED, gettext("Ignored"), counts[Place.IGNORED]),
        (Place.QUARANTINED, gettext("Quarantined"), counts[Place.QUARANTINED]),
        (Place.FAILED, gettext("Could not be read"), counts[Place.FAILED]),
    )
