"""Mail that goes out: what was sent, what waits, what is uncertain; each as its recipient gets it."""

from flask import Blueprint, Response, abort, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from admin.board import group_leaving
from admin.page import count_mails, office, user_name
from admin.phrases import gettext
from pipeline.adapters import store
from pipeline.core.model import MailState
from pipeline.core.trial import list_attachments
from pipeline.errors import UsageError
from pipeline.overview import read_board

blueprint = Blueprint("outgoing", __name__, url_prefix="/outgoing")

#: mails on one page
PAGE = 50

#: sending one of these again may reach its recipient twice
DOUBTFUL = (MailState.UNCERTAIN, MailState.REFUSED)


@blueprint.get("")
def show() -> str:
    """The outbox, newest first, and the reminders to come."""
    state, now = request.args.get("state", ""), office().clock()
    states = (MailState(state),) if state in set(MailState) else ()
    before = request.args.get("before", type=int)
    with office().database.read() as db:
        mails = store.outbox.list_outgoing(db, states=states, before_id=before, with_raw=False, limit=PAGE + 1)
        counts = count_mails(db)
    board = read_board(office().database, now)
    skipped = [
        (item, planned) for item in board.rounds for planned in item.planned if planned.skipped and planned.at >= now
    ]
    return render_template(
        "outgoing/show.html",
        mails=mails[:PAGE],
        following=mails[PAGE - 1].id if len(mails) > PAGE else None,
        counts=counts,
        state=state,
        leaving=group_leaving(board),
        skipped=skipped,
    )


@blueprint.post("/allow")
def allow() -> AnyResponse:
    """Let mail leave again after this database was restored or imported."""
    with office().database.begin() as db:
        store.sending.allow(db, user_name(), office().clock())
    flash(gettext("Mail leaves again."), "done")
    return redirect(url_for("outgoing.show"))


@blueprint.get("/<int:mail_id>")
def preview(mail_id: int) -> str:
    """One mail exactly as its recipient gets it."""
    with office().database.read() as db:
        try:
            sent = store.outbox.get_outgoing(db, mail_id)
        except UsageError:
            abort(404)
        trail = store.audit.list_entries(db, subject=f"outgoing {mail_id}")
    head, _, _ = sent.mail.raw.partition(b"\r\n\r\n")
    words = head.decode("utf-8", "replace")
    files = list_attachments(sent.mail.raw)
    return render_template(
        "outgoing/preview.html", sent=sent, head=words, doubtful=DOUBTFUL, trail=trail, attachments=files
    )


@blueprint.get("/<int:mail_id>/raw")
def raw(mail_id: int) -> Response:
    """One mail as it leaves, to open in a mail program."""
    with office().database.read() as db:
        try:
            sent = store.outbox.get_outgoing(db, mail_id)
        except UsageError:
            abort(404)
    response = Response(sent.mail.raw, mimetype="application/octet-stream")
    response.headers.set("Content-Disposition", "attachment", filename=f"outgoing-{mail_id}.eml")
    return response


@blueprint.post("/<int:mail_id>/state")
def change(mail_id: int) -> AnyResponse:
    """Hold, release or cancel a mail; one that may have arrived is sent again only when that is confirmed."""
    steps = {"hold": store.outbox.hold, "release": store.outbox.release, "cancel": store.outbox.cancel}
    step = steps.get(request.form.get("step", ""))
    if step is None:
        abort(400)
    with office().database.begin() as db:
        doubtful = store.outbox.get_outgoing(db, mail_id).state in DOUBTFUL
        if doubtful and step is store.outbox.release and request.form.get("confirmed") != "yes":
            raise UsageError(gettext("Confirm that this mail may arrive a second time, or cancel it."))
        step(db, mail_id, user_name(), office().clock())
    flash(gettext("Done."), "done")
    return redirect(url_for("outgoing.preview", mail_id=mail_id))
