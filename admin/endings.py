"""What becomes of a draft as a whole: how far it is, and the clicks that publish, withdraw or reopen it."""

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from admin.page import office, user_name
from admin.phrases import gettext
from pipeline.core.model import DraftState, OutgoingMail
from pipeline.errors import UsageError
from pipeline.overview import read_draft
from pipeline.publish import publish, reopen, withdraw

blueprint = Blueprint("endings", __name__, url_prefix="/drafts/<code>/ending")

#: states in which nothing of a draft changes
ENDED = (DraftState.PUBLISHED, DraftState.WITHDRAWN)


@blueprint.get("")
def show(code: str) -> str:
    """The state of a draft, what was done with it, and the letters a withdrawal would send."""
    reason = request.args.get("reason", "").strip()
    try:
        board = read_draft(office().database, code, office().clock())
    except UsageError:
        abort(404)
    return render_template(
        "endings/show.html",
        board=board,
        ended=board.state in ENDED,
        reason=reason,
        mails=_preview_withdrawal(code, reason) if reason and board.state not in ENDED else None,
    )


@blueprint.post("")
def change(code: str) -> Response:
    """Publish, withdraw or reopen the draft."""
    step, reason = request.form.get("step"), request.form.get("reason", "").strip()
    database, now = office().database, office().clock()
    if step not in ("publish", "withdraw", "reopen"):
        abort(400)
    if request.form.get("confirmed") != "yes":
        raise UsageError(gettext("Confirm it: everybody sees what becomes of a draft."))
    if step == "publish":
        link = request.form.get("link", "").strip()
        publish(database, code, by=user_name(), now=now, link=link, reason=reason)
    elif step == "withdraw":
        withdraw(database, code, by=user_name(), now=now, secret=office().desk.secret, reason=reason)
    else:
        reopen(database, code, by=user_name(), now=now, reason=reason)
    flash(gettext("Done."), "done")
    return redirect(url_for("endings.show", code=code))


def _preview_withdrawal(code: str, reason: str) -> tuple[OutgoingMail, ...]:
    withdrawal = withdraw(
        office().database,
        code,
        by=user_name(),
        now=office().clock(),
        secret=office().desk.secret,
        reason=reason,
        dry_run=True,
    )
    return tuple(mail for ending in withdrawal.endings for mail in ending.mails)
