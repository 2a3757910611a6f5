"""The year: planned texts, what was decided for when, the calendar to subscribe to, the annual report."""

import hmac
from datetime import date

from flask import Blueprint, Response, abort, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from admin.page import current_user, office, user_name
from admin.phrases import gettext
from pipeline.adapters import store
from pipeline.agenda import read_calendar
from pipeline.annual import write_annual_report
from pipeline.core.chairing import find_day
from pipeline.errors import UsageError
from pipeline.figures import count_year
from pipeline.year import close_mandate

blueprint = Blueprint("year", __name__, url_prefix="/year")

DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


@blueprint.get("")
def show() -> str:
    """The work plan, the register of decisions, and what can be taken along."""
    with office().database.read() as db:
        roster = store.rosters.get_roster(db)
        planned, mandates = store.year.list_planned(db), store.year.list_mandates(db)
        rounds = store.rounds.list_rounds(db)
    user, today = current_user(), find_day(roster, office().clock())
    feed = url_for("year.feed", user_id=user.id, token=make_token(user), _external=True) if user else ""
    return render_template(
        "year/show.html",
        planned=planned,
        mandates=mandates,
        begun={each.draft: each for each in rounds},
        today=today,
        feed=feed,
        years=sorted({today.year, *(find_day(roster, each.opened_at).year for each in rounds)}, reverse=True),
    )


@blueprint.post("/decisions")
def close() -> AnyResponse:
    """Note that a decision was carried out."""
    number, outcome = request.form.get("number", ""), request.form.get("outcome", "").strip()
    if not outcome:
        raise UsageError(gettext("Say in a sentence what came of it."))
    close_mandate(office().database, number, None, outcome, by=user_name(), now=office().clock())
    flash(gettext("Decision %(number)s is done.", number=number), "done")
    return redirect(url_for("year.show"))


@blueprint.get("/calendar.ics")
def calendar() -> Response:
    """The calendar, for whoever is signed in."""
    return _answer_calendar()


@blueprint.get("/calendar/<int:user_id>/<token>.ics")
def feed(user_id: int, token: str) -> Response:
    """The calendar at the private address of one account, for programs that cannot sign in."""
    with office().database.read() as db:
        user = store.users.get_user_by_id(db, user_id)
    if user is None or user.disabled or not hmac.compare_digest(make_token(user), token):
        abort(404)
    return _answer_calendar()


@blueprint.get("/report/<int:year>.docx")
def report(year: int) -> Response:
    """The annual report as a Word file."""
    now = office().clock()
    if not date.min.year <= year <= now.year:
        abort(404)
    content = write_annual_report(count_year(office().database, year, now))
    name = f"annual-report_{year}.docx"
    return Response(content, mimetype=DOCX, headers={"Content-Disposition": f"attachment; filename={name}"})


def make_token(user: store.User) -> str:
    """What makes the calendar address of an account private: gone with its sessions, its password or our secret."""
    words = f"calendar:{user.id}:{user.session}:{user.password_hash}"
    return hmac.new(office().settings.secret.encode(), words.encode(), "sha256").hexdigest()


def _answer_calendar() -> Response:
    content = read_calendar(office().database, office().clock())
    return Response(
        content, mimetype="text/calendar", headers={"Content-Disposition": "attachment; filename=group.ics"}
    )
