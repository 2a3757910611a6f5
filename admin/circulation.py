"""Before a text goes out: everybody who gets it, each mail as it is received, a test to oneself, then the sending."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from admin.page import office, user_name
from admin.phrases import gettext
from pipeline.adapters import store
from pipeline.circulate import Circulation, circulate_revision, open_round
from pipeline.core.deadlines import parse_deadline
from pipeline.core.model import Deadline, OutgoingMail, Round, RoundPurpose
from pipeline.core.trial import list_attachments
from pipeline.errors import UsageError
from pipeline.trial import choose_mail, send_trial

blueprint = Blueprint("circulation", __name__, url_prefix="/drafts")

#: fields of the form: they stay in the address while a person looks at one mail after the other
FIELDS = ("round", "purpose", "deadline", "zone")


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """What the form asks for."""

    #: the open round to send a newer text in; None to open a new one
    round: Round | None
    purpose: RoundPurpose
    #: None while none was named
    deadline: Deadline | None

    @property
    def complete(self) -> bool:
        """Whether it can be rehearsed."""
        return self.round is not None or self.deadline is not None


@blueprint.get("/<code>/<revision>/circulation")
def show(code: str, revision: str) -> str:
    """The form and, once it is filled in, who gets what; nothing is stored."""
    with office().database.read() as db:
        names, rounds = store.drafts.list_names(db, code), store.rounds.list_rounds(db, code, open_only=True)
        zone = request.args.get("zone") or store.rosters.get_roster(db).timezone
    if revision not in names:
        abort(404)
    plan = _read_plan(rounds, request.args)
    circulation = _circulate(code, revision, plan, dry_run=True) if plan.complete else None
    mail = _choose(circulation)
    return render_template(
        "circulation/show.html",
        code=code,
        revision=revision,
        rounds=[each for each in rounds if each.current_revision != revision],
        zone=zone,
        purposes=tuple(RoundPurpose),
        plan=plan,
        circulation=circulation,
        mail=mail,
        attachments=list_attachments(mail.raw) if mail else (),
        asked={name: request.args.get(name, "") for name in FIELDS},
    )


@blueprint.post("/<code>/<revision>/circulation")
def send(code: str, revision: str) -> Response:
    """Send a test to one address, or the text to everybody, which has to be confirmed."""
    step = request.form.get("step")
    asked: dict[str, Any] = {name: request.form.get(name, "") for name in FIELDS}
    with office().database.read() as db:
        plan = _read_plan(store.rounds.list_rounds(db, code, open_only=True), asked)
    if step not in ("test", "send") or not plan.complete:
        abort(400)
    if step == "test":
        agency, to = request.form.get("agency", ""), request.form.get("to", "")
        mail = choose_mail(_circulate(code, revision, plan, dry_run=True), agency)
        now, secret = office().clock(), office().desk.secret
        send_trial(office().database, mail, to, by=user_name(), now=now, secret=secret)
        flash(
            gettext("The mail to %(agency)s is on its way to %(to)s, and to nobody else.", agency=mail.agency, to=to),
            "done",
        )
        return redirect(url_for("circulation.show", code=code, revision=revision, agency=mail.agency, **asked))
    if request.form.get("confirmed") != "yes":
        raise UsageError(gettext("Confirm that you have looked at the mails: they leave at once."))
    sent = _circulate(code, revision, plan, dry_run=False)
    flash(gettext("%(n)s mails are in the outbox.", n=len(sent.mails)), "done")
    return redirect(url_for("board.show"))


def _read_plan(rounds: tuple[Round, ...], asked: Mapping[str, str]) -> Plan:
    """What was asked for. Raises: UsageError for a deadline nobody understands."""
    purpose = asked.get("purpose", "")
    number, deadline = asked.get("round", ""), asked.get("deadline", "")
    return Plan(
        round=next((each for each in rounds if str(each.id) == number), None),
        purpose=RoundPurpose(purpose) if purpose in set(RoundPurpose) else RoundPurpose.INPUTS,
        deadline=parse_deadline(deadline, asked.get("zone", "")) if deadline and not number else None,
    )


def _circulate(code: str, revision: str, plan: Plan, *, dry_run: bool) -> Circulation:
    """The circulation the plan asks for. Raises: UsageError."""
    database, now, secret = office().database, office().clock(), office().desk.secret
    if plan.round is not None:
        return circulate_revision(database, plan.round.id, revision, now=now, secret=secret, dry_run=dry_run)
    assert plan.deadline is not None
    return open_round(
        database,
        code,
        revision=revision,
        deadline=plan.deadline,
        purpose=plan.purpose,
        now=now,
        secret=secret,
        dry_run=dry_run,
    )


def _choose(circulation: Circulation | None) -> OutgoingMail | None:
    """The mail to look at: that of the agency in the address, else the first."""
    if circulation is None or not circulation.mails:
        return None
    wanted = request.args.get("agency", "")
    known = {mail.agency for mail in circulation.mails}
    return choose_mail(circulation, wanted if wanted in known else "")
