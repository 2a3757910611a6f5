"""One message: what it says, what was made of it and why, and the ways to put it right."""

from datetime import datetime, time

from flask import Blueprint, Response, abort, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from admin.page import office, user_name
from admin.phrases import gettext
from admin.quarantine import find_file, get_message, is_closed, refuse_quarantined
from admin.reminders import Deputy, find_deputies
from admin.revisions import suggest_revision
from admin.undo import offer_message
from pipeline.adapters import store
from pipeline.core.model import Deadline, InboundMessage, MailKind, Place, Roster
from pipeline.correct import accept_correction, close_attention, refile, suggest_correction
from pipeline.errors import UsageError
from pipeline.extend import decide_extension

blueprint = Blueprint("messages", __name__, url_prefix="/messages")

#: what a person may say a message is
KINDS = (
    MailKind.CONTRIBUTION,
    MailKind.NO_COMMENT,
    MailKind.ACKNOWLEDGEMENT,
    MailKind.EXTENSION_REQUEST,
    MailKind.QUESTION,
    MailKind.ENDORSEMENT,
    MailKind.OBJECTION,
    MailKind.DECLINE,
    MailKind.OTHER,
)


@blueprint.get("/<int:message_id>")
def show(message_id: int) -> str:
    """The message beside everything that was made of it."""
    with office().database.read() as db:
        message = get_message(db, message_id)
        roster, rounds = store.rosters.get_roster(db), store.rounds.list_rounds(db)
        proposals = store.proposals.list_proposals(db, message_id=message_id)
        trail = store.audit.list_entries(db, subject=f"message {message_id}")
        closed = is_closed(db, message)
        next_revision = suggest_revision(db, message)
        suggestion = None if closed else suggest_correction(db, message)
        receipt = store.receipts.find_receipt(db, message_id)
        deputies = _list_deputies(db, message, roster)
    return render_template(
        "messages/show.html",
        message=message,
        made=message.recognition,
        roster=roster,
        rounds=rounds,
        proposals=proposals,
        trail=trail,
        kinds=KINDS,
        closed=closed,
        next_revision=next_revision,
        suggestion=suggestion,
        receipt=receipt,
        deputies=deputies,
        suggested_deadline=_suggest_deadline(message),
    )


@blueprint.post("/<int:message_id>/filing")
def file(message_id: int) -> AnyResponse:
    """File the message under the agency and round a person chose, or set it aside."""
    refuse_quarantined(message_id)
    place = Place.IGNORED if request.form.get("place") == Place.IGNORED else Place.FILED
    agency, round_id = request.form.get("agency") or None, request.form.get("round", type=int)
    if place is Place.FILED and (agency is None or round_id is None):
        raise UsageError(gettext("Choose an agency and a round, or set the message aside."))
    with office().database.read() as db:
        known = {member.code for member in store.rosters.get_roster(db).agencies}
    if agency is not None and agency not in known:
        raise UsageError(gettext("There is no such agency on the roster: choose one of the list."))
    kind = request.form.get("kind")
    refile(
        office().desk,
        message_id,
        agency=agency,
        round_id=round_id,
        kind=MailKind(kind) if kind in set(KINDS) else None,
        place=place,
        by=user_name(),
        now=office().clock(),
        remark=request.form.get("remark", "").strip(),
        alone="alone" in request.form,
    )
    offer_message(gettext("Message %(n)s was put right.", n=message_id), "filed", message_id)
    return redirect(_find_following(message_id))


@blueprint.post("/<int:message_id>/correction")
def correct(message_id: int) -> AnyResponse:
    """Put an earlier message where this one says it belongs, with one click."""
    refuse_quarantined(message_id)
    wrong = request.form.get("wrong", type=int)
    if wrong is None:
        abort(400)
    done = accept_correction(office().desk, message_id, wrong, by=user_name(), now=office().clock())
    flash(gettext("Message %(n)s is filed to %(draft)s.", n=wrong, draft=done.draft), "done")
    if len(done.messages) == 1:
        return redirect(url_for("inbox.show"))
    return redirect(url_for("messages.show", message_id=message_id))


@blueprint.post("/<int:message_id>/attention")
def close(message_id: int) -> AnyResponse:
    """Record that a person has looked at it."""
    remark = request.form.get("remark", "").strip()
    close_attention(office().desk, message_id, by=user_name(), now=office().clock(), remark=remark)
    words = gettext("Done with message %(n)s. Its agency may be reminded again if it owes an answer.", n=message_id)
    offer_message(words, "looked", message_id)
    return redirect(_find_following(message_id))


def _find_following(message_id: int) -> str:
    """Where to go from a message that is done: to the next one that needs a person, or back to the list of them."""
    with office().database.read() as db:
        older = store.messages.list_messages(db, attention_only=True, before_id=message_id, limit=1)
        found = older or store.messages.list_messages(db, attention_only=True, limit=1)
    return url_for("messages.show", message_id=found[0].id) if found else url_for("inbox.show")


@blueprint.post("/<int:message_id>/extension")
def extend(message_id: int) -> AnyResponse:
    """Grant or refuse the extension the message asks for; the agency is told by mail."""
    refuse_quarantined(message_id)
    answer = request.form.get("answer")
    if answer not in ("grant", "refuse"):
        abort(400)
    with office().database.read() as db:
        message = get_message(db, message_id)
        identity = message.recognition.identity if message.recognition else None
        if identity is None or identity.agency is None or identity.round_id is None:
            raise UsageError(gettext("File the message under an agency and a round first."))
        round_ = store.rounds.get_round(db, identity.round_id)
    until = _read_deadline(round_.deadline) if answer == "grant" else None
    decide_extension(
        office().database,
        identity.round_id,
        identity.agency,
        until,
        by=user_name(),
        now=office().clock(),
        secret=office().desk.secret,
    )
    close_attention(office().desk, message_id, by=user_name(), now=office().clock(), remark="extension decided")
    flash(gettext("Decided. A confirmation to the agency is in the outbox."), "done")
    return redirect(url_for("messages.show", message_id=message_id))


@blueprint.get("/<int:message_id>/raw")
def raw(message_id: int) -> Response:
    """The bytes as they came, to keep or to open in a mail program; never shown as a page."""
    with office().database.read() as db:
        message = get_message(db, message_id)
        content = None if is_closed(db, message) else store.messages.get_raw(db, message_id)
    if content is None:
        raise UsageError(gettext("This message is quarantined: nothing of it is handed out before it is released."))
    return _download(content, f"message-{message_id}.eml")


@blueprint.get("/<int:message_id>/files/<sha256>")
def download(message_id: int, sha256: str) -> Response:
    """One attached file; those of quarantined messages are not handed out."""
    with office().database.read() as db:
        message = get_message(db, message_id)
        content = None if is_closed(db, message) else store.messages.get_raw(db, message_id)
    if content is None:
        raise UsageError(gettext("This message is quarantined: nothing of it is handed out before it is released."))
    found = find_file(content, sha256)
    return _download(found.content, found.filename or "attachment")


def _download(content: bytes, name: str) -> Response:
    response = Response(content, mimetype="application/octet-stream")
    response.headers.set("Content-Disposition", "attachment", filename=name)
    return response


def _list_deputies(db: store.Db, message: InboundMessage, roster: Roster) -> tuple[Deputy, ...]:
    """Who may be added because this message says that somebody is away."""
    if message.recognition is None or not message.recognition.verdict.alternates:
        return ()
    absences = store.absences.list_absences(db, office().clock())
    return find_deputies(tuple(each for each in absences if each.message_id == message.id), roster)


def _suggest_deadline(message: InboundMessage) -> str:
    asked = message.recognition.verdict.extension_until if message.recognition else None
    return asked.isoformat() if asked else ""


def _read_deadline(deadline: Deadline) -> Deadline:
    """The day of the form at the hour of the round's own deadline."""
    try:
        day = datetime.strptime(request.form.get("until", ""), "%Y-%m-%d")  # noqa: DTZ007
    except ValueError:
        raise UsageError(gettext("Choose the day until which more time is granted.")) from None
    local = deadline.local
    hour = time(local.hour, local.minute, tzinfo=local.tzinfo)
    return Deadline(at=datetime.combine(day.date(), hour), zone=deadline.zone)
