"""Mail that goes out: what was sent, what waits, what is uncertain; each as its recipient gets it."""

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext
from pipeline.remind import plan_all
from werkzeug.wrappers import Response

from admin.page import office, user_name
from pipeline.adapters import store
from pipeline.core.model import MailState
from pipeline.errors import UsageError

blueprint = Blueprint("outgoing", __name__, url_prefix="/outgoing")


@blueprint.get("")
def show() -> str:
    """The outbox, and the timetable of reminders with the reason where one will be skipped."""
    state = request.args.get("state", "")
    states = (MailState(state),) if state in set(MailState) else ()
    with office().database.read() as db:
        mails = store.outbox.list_outgoing(db, states=states)
        counts = store.outbox.counts(db)
    planned = [each for each in plan_all(office().database, office().clock()) if each.at >= office().clock()]
    return render_template("outgoing/show.html", mails=mails, counts=counts, state=state, planned=planned)


@blueprint.get("/<int:mail_id>")
def preview(mail_id: int) -> str:
    """One mail exactly as its recipient gets it."""
    with office().database.read() as db:
        try:
            sent = store.outbox.get_outgoing(db, mail_id)
        except UsageError:
            abort(404)
    head, _, _ = sent.mail.raw.partition(b"\r\n\r\n")
    return render_template("outgoing/preview.html", sent=sent, head=head.decode("utf-8", "replace"))


@blueprint.post("/<int:mail_id>/state")
def change(mail_id: int) -> Response:
    """Hold, release or cancel a mail that has not left."""
    steps = {"hold": store.outbox.hold, "release": store.outbox.release, "cancel": store.outbox.cancel}
    step = steps.get(request.form.get("step", ""))
    if step is None:
        abort(400)
    with office().database.begin() as db:
        step(db, mail_id, user_name(), office().clock())
    flash(gettext("Done."), "done")
    return redirect(url_for("outgoing.preview", mail_id=mail_id))
