"""A new text from a lead becomes a revision; a person looks at its mails first, or sends them to everybody at once."""

import re

from flask import Blueprint, flash, redirect, request, url_for
from werkzeug.wrappers import Response

from admin.page import office, user_name
from admin.phrases import gettext
from admin.quarantine import find_file, get_message, refuse_quarantined
from pipeline.adapters import store
from pipeline.circulate import circulate_revision
from pipeline.core.model import FileKind, Identity, InboundMessage, MailKind, Round
from pipeline.correct import close_attention
from pipeline.errors import UsageError
from pipeline.revise import add_revision

blueprint = Blueprint("revisions", __name__, url_prefix="/messages")

#: files that can be a base text
TEXTS = (FileKind.DOCX,)
_NAME = re.compile(r"r\d{1,3}")


@blueprint.post("/<int:message_id>/revision")
def register(message_id: int) -> Response:
    """Add the file of a lead's message as a revision; "circulate" also sends it to all in the open round."""
    refuse_quarantined(message_id)
    name, to_all = request.form.get("name", "").strip(), request.form.get("step") == "circulate"
    with office().database.read() as db:
        message, raw = get_message(db, message_id), store.messages.get_raw(db, message_id)
        identity = _get_identity(message)
        round_ = _find_round(db, identity)
    if not _NAME.fullmatch(name):
        raise UsageError(gettext("Name the revision as the others are named: r1, r2, r3."))
    if to_all and round_ is None:
        raise UsageError(gettext("No round on this draft is open: register the text, then open a round on it."))
    found = find_file(raw, request.form.get("file", ""))
    added = add_revision(office().desk, identity.draft or "", name, found.content)
    words = gettext("%(draft)s %(name)s is registered.", draft=added.draft, name=added.name)
    if to_all and round_ is not None:
        sent = circulate_revision(office().database, round_.id, name, now=office().clock(), secret=office().desk.secret)
        words += " " + gettext("%(n)s mails with it are in the outbox.", n=len(sent.mails))
    close_attention(office().desk, message_id, by=user_name(), now=office().clock(), remark=words)
    flash(words, "done")
    if to_all:
        return redirect(url_for("messages.show", message_id=message_id))
    # who registers a text wants to see what would go out with it
    told = round_.id if round_ is not None else None
    return redirect(url_for("circulation.show", code=added.draft, revision=added.name, round=told))


def suggest_revision(db: store.Db, message: InboundMessage) -> str:
    """The name the next revision of the draft would have; "" when the message brings none that can be registered."""
    identity = message.recognition.identity if message.recognition else None
    if not _brings_text(message) or identity is None or identity.draft is None:
        return ""
    known = store.drafts.list_revisions(db, identity.draft)
    ours = {revision.sha256 for revision in known}
    texts = message.recognition.files if message.recognition else ()
    if all(file.sha256 in ours for file in texts if file.kind in TEXTS):
        return ""
    numbers = [int(revision.name[1:]) for revision in known if _NAME.fullmatch(revision.name)]
    return f"r{max(numbers, default=-1) + 1}"


def _brings_text(message: InboundMessage) -> bool:
    made = message.recognition
    if made is None or made.verdict.kind is not MailKind.LEAD_REVISION:
        return False
    return any(file.kind in TEXTS for file in made.files)


def _get_identity(message: InboundMessage) -> Identity:
    identity = message.recognition.identity if message.recognition else None
    if identity is None or identity.draft is None or not _brings_text(message):
        raise UsageError(gettext("Only a new text from the lead of a draft can become a revision."))
    return identity


def _find_round(db: store.Db, identity: Identity) -> Round | None:
    """The open round of the draft: the one the message belongs to, else the newest."""
    rounds = store.rounds.list_rounds(db, identity.draft, open_only=True)
    own = [each for each in rounds if each.id == identity.round_id]
    return next(iter(own or reversed(rounds)), None)
