"""How a round would end: who says what, what stands against it, the letters that will leave, and the click."""

import re

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from admin.board import look_at_state
from admin.page import office, user_name
from admin.phrases import gettext, ngettext
from pipeline.close import Ending, close_round, read_ending, release_notices
from pipeline.core.model import Level, MailState, ResponseState
from pipeline.enter import ENTERED, enter_answer
from pipeline.errors import UsageError

blueprint = Blueprint("closing", __name__, url_prefix="/rounds/<int:round_id>")

_NUMBERS = re.compile(r"[,;\s]+")


@blueprint.get("/closing")
def show(round_id: int) -> str:
    """What closing would say at this instant; `reason` is put into the letters as it would be."""
    reason = request.args.get("reason", "").strip()
    ending = _read(round_id, reason)
    return render_template(
        "closing/show.html",
        ending=ending,
        closing=ending.closing,
        round=ending.round,
        draft=ending.letterhead.draft,
        roster=ending.letterhead.roster,
        held=[sent for sent in ending.notices if sent.state is MailState.HELD],
        members=[answer for answer in ending.answers if answer.state is not ResponseState.LEAD],
        look=look_at_state,
        states=ENTERED,
        levels=tuple(Level),
        reason=reason,
        now=office().clock(),
    )


@blueprint.post("/closing")
def close(round_id: int) -> Response:
    """Close the round as the page showed it, and tell everybody who was asked."""
    if request.form.get("confirmed") != "yes":
        raise UsageError(gettext("Confirm that the round is to be closed as the page says."))
    ending = close_round(
        office().database,
        round_id,
        by=user_name(),
        now=office().clock(),
        secret=office().desk.secret,
        reason=request.form.get("reason", "").strip(),
        seal=request.form.get("seal", ""),
    )
    said = ngettext("%(num)s letter is in the outbox.", "%(num)s letters are in the outbox.", len(ending.mails))
    flash(f"{gettext('The round is closed.')} {said}" if ending.mails else gettext("The round is closed."), "done")
    return redirect(url_for("closing.show", round_id=round_id))


@blueprint.post("/notices")
def release(round_id: int) -> Response:
    """Let the notices of broken silence leave."""
    released = release_notices(office().database, round_id, by=user_name(), now=office().clock())
    flash(ngettext("%(num)s notice leaves now.", "%(num)s notices leave now.", len(released)), "done")
    return redirect(url_for("closing.show", round_id=round_id))


@blueprint.post("/answers")
def enter(round_id: int) -> Response:
    """Enter by hand where a member stands."""
    level = request.form.get("level", "")
    try:
        state = ResponseState(request.form.get("state", ""))
        chosen = Level(level) if level else None
    except ValueError:
        abort(400)
    enter_answer(
        office().database,
        round_id,
        request.form.get("agency", ""),
        state,
        by=user_name(),
        now=office().clock(),
        reason=request.form.get("remark", "").strip(),
        message_id=request.form.get("message", type=int),
        level=chosen,
        paragraphs=tuple(filter(None, _NUMBERS.split(request.form.get("paragraphs", "")))),
    )
    flash(gettext("Entered."), "done")
    return redirect(url_for("closing.show", round_id=round_id))


def _read(round_id: int, reason: str) -> Ending:
    try:
        return read_ending(office().database, round_id, office().clock(), office().desk.secret, reason)
    except UsageError:
        abort(404)
