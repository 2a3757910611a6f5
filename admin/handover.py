"""What is still open, and the change of chair."""

from datetime import date

from flask import Blueprint, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from admin.page import office, user_name
from admin.phrases import gettext
from pipeline.core.chairing import Term
from pipeline.errors import UsageError
from pipeline.handover import hand_over, plan_hand_over
from pipeline.unfinished import read_unfinished

blueprint = Blueprint("handover", __name__, url_prefix="/handover")


@blueprint.get("")
def show() -> str:
    """Everything somebody still has to do."""
    now = office().clock()
    return render_template("handover/show.html", open=read_unfinished(office().database, now), now=now)


@blueprint.post("")
def change() -> Response:
    """Hand over on the first day of the term: now, or when that day begins."""
    now, to, term = office().clock(), request.form.getlist("to"), _read_term()
    if request.form.get("confirmed") != "yes":
        raise UsageError(gettext("Confirm that the next chair agrees, then send the form again."))
    if term[0] > read_unfinished(office().database, now).today:
        plan_hand_over(office().database, to, term, by=user_name(), now=now)
        flash(gettext("Planned. The chair changes when %(day)s begins.", day=term[0].isoformat()), "done")
    else:
        done = hand_over(office().database, to, term, by=user_name(), now=now)
        flash(gettext("Handed over to %(chair)s.", chair=", ".join(done.chair)), "done")
    return redirect(url_for("handover.show"))


def _read_term() -> Term:
    """First and last day as the form gives them. Raises: UsageError."""
    try:
        return date.fromisoformat(request.form.get("start", "")), date.fromisoformat(request.form.get("end", ""))
    except ValueError:
        raise UsageError(gettext("Write both days of the term as year-month-day: 2013-01-01.")) from None
