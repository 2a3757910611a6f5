"""What lies in quarantine: nothing of it is handed out until a person has released it, asked twice."""

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from admin.page import office, user_name
from admin.phrases import gettext
from pipeline.adapters import store
from pipeline.core.model import Attachment, InboundMessage, Place
from pipeline.correct import refile
from pipeline.errors import UsageError
from pipeline.reading import list_files

blueprint = Blueprint("quarantine", __name__, url_prefix="/messages")


@blueprint.get("/<int:message_id>/release")
def ask(message_id: int) -> str:
    """The question that is asked before a message leaves quarantine."""
    return render_template("quarantine/ask.html", message=_get_quarantined(message_id))


@blueprint.post("/<int:message_id>/release")
def release(message_id: int) -> Response:
    """Put a quarantined message among those that wait for a person; its files can be opened from then on."""
    message = _get_quarantined(message_id)
    remark = request.form.get("remark", "").strip()
    if request.form.get("confirmed") != "yes" or not remark:
        raise UsageError(gettext("Confirm that you asked the agency by another way, and say whom you asked."))
    identity = message.recognition.identity if message.recognition else None
    refile(
        office().desk,
        message_id,
        agency=(identity.body or identity.agency) if identity else None,
        round_id=identity.round_id if identity else None,
        kind=None,
        place=Place.HELD,
        by=user_name(),
        now=office().clock(),
        remark=remark,
    )
    flash(gettext("Released. Say now where it belongs."), "done")
    return redirect(url_for("messages.show", message_id=message_id))


def get_message(db: store.Db, message_id: int) -> InboundMessage:
    """The message of this number; the answer is 404 when there is none."""
    try:
        return store.messages.get_message(db, message_id)
    except UsageError:
        abort(404)


def is_closed(db: store.Db, message: InboundMessage) -> bool:
    """Whether nothing of it may be handed out: it lies in quarantine, or repeats a message that does."""
    repeated = store.messages.get_message(db, message.duplicate_of) if message.duplicate_of is not None else None
    return any(each.place is Place.QUARANTINED for each in (message, repeated) if each)


def refuse_quarantined(message_id: int) -> None:
    """Pass when the message may be put elsewhere. Raises: UsageError while it lies in quarantine."""
    with office().database.read() as db:
        closed = is_closed(db, get_message(db, message_id))
    if closed:
        raise UsageError(gettext("This message is quarantined: release it first."))


def find_file(raw: bytes, sha256: str) -> Attachment:
    """One file of a message, taken out in the child process; the answer is 404 when it has none such."""
    files: dict[str, Attachment] = office().desk.reader.call(list_files, raw)
    if sha256 not in files:
        abort(404)
    return files[sha256]


def _get_quarantined(message_id: int) -> InboundMessage:
    with office().database.read() as db:
        message = get_message(db, message_id)
    if message.place is not Place.QUARANTINED:
        abort(404)
    return message
