"""What every page shares: the office, the person signed in, headers, navigation, the health strip, time formats."""

from datetime import datetime
from typing import cast
from zoneinfo import ZoneInfo

from flask import Flask, Response, abort, current_app, g, redirect, request, session, url_for
from flask_babel import format_datetime, format_timedelta, get_locale
from werkzeug.wrappers import Response as AnyResponse

from admin.phrases import gettext, ngettext
from admin.words import word, word_step
from pipeline.adapters import store
from pipeline.bootstrap import Office
from pipeline.core.chairing import Standing, find_standing
from pipeline.core.model import MailState, Place

LANGUAGES = ("en",)

#: pages a stranger may see; the calendar has a private address for each account
OPEN_PAGES = frozenset({"auth.login", "auth.sign_in", "auth.logout", "static", "year.feed"})

#: roles that may change something; everybody else may look
CHANGING_ROLES = frozenset({"officer"})

#: methods that change nothing
LOOKING = frozenset({"GET", "HEAD", "OPTIONS"})

#: nothing is loaded from anywhere else, nothing runs inline, nobody may frame us
POLICY = (
    "default-src 'none'; script-src 'self'; connect-src 'self'; style-src 'self'; img-src 'self' data:; "
    "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)

HEADERS = {
    "Content-Security-Policy": POLICY,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cache-Control": "no-store",
}


def office() -> Office:
    """The office this application works for."""
    return cast(Office, current_app.extensions["office"])


def current_user() -> store.users.User | None:
    """The person signed in; None when nobody is or the account was closed."""
    if "user" not in g:
        name = session.get("user")
        with office().database.read() as db:
            found = store.users.get_user(db, name) if name else None
        known = found is not None and not found.disabled and found.session == session.get("session", 0)
        g.user = found if known else None
    return cast("store.users.User | None", g.user)


def user_name() -> str:
    """Name of the person signed in, for the record. Only on closed pages."""
    user = current_user()
    assert user is not None
    return user.name


def count_mails(db: store.Db) -> dict[MailState, int]:
    """How many mails are in each state: asked once for a page and its frame, so that both say the same."""
    if "mails" not in g:
        g.mails = store.outbox.counts(db)
    return cast("dict[MailState, int]", g.mails)


def _require_login() -> AnyResponse | None:
    """Send strangers to the sign-in page and bring them back afterwards; every page is closed unless it is listed."""
    if request.endpoint in OPEN_PAGES or current_user() is not None:
        return None
    return redirect(url_for("auth.login", next=request.full_path if request.method == "GET" else None))


def may_change() -> bool:
    """Whether the person signed in may change something: an officer, and of the chair where the account names whose."""
    if "may_change" not in g:
        user = current_user()
        g.may_change = user is not None and user.role in CHANGING_ROLES and _is_of_chair(user.member)
    return bool(g.may_change)


def _is_of_chair(member: str) -> bool:
    if not member:
        return True
    with office().database.read() as db:
        roster = store.rosters.find_roster(db)
    return roster is None or find_standing(roster, member) is Standing.CHAIR


def _require_role() -> None:
    """Let readers look and nothing else, on every page."""
    if request.method in LOOKING or request.endpoint in OPEN_PAGES or may_change():
        return
    abort(403, gettext("Your account may look at everything and change nothing. Ask an officer to do this."))


def select_language() -> str:
    """The language of this page: as the browser asks, English otherwise."""
    return request.accept_languages.best_match(LANGUAGES) or "en"


def init_app(app: Flask) -> None:
    """Give every page its headers and every template what the layout needs."""
    app.before_request(_require_login)
    app.before_request(_require_role)
    app.after_request(_set_headers)
    app.context_processor(_share)
    app.add_template_filter(instant)
    app.add_template_filter(day)
    app.add_template_filter(distance)
    app.add_template_filter(word)
    app.add_template_filter(word_step)


def _set_headers(response: Response) -> AnyResponse:
    for name, value in HEADERS.items():
        response.headers.setdefault(name, value)
    return response


def _share() -> dict[str, object]:
    user = current_user()
    locale = get_locale()
    shared: dict[str, object] = {"user": user, "_": gettext, "_n": ngettext, "may_change": may_change()}
    shared |= {"language": str(locale), "direction": locale.text_direction if locale else "ltr"}
    if user is not None:
        with office().database.read() as db:
            places, attention = store.messages.count_inbox(db)
            mails = count_mails(db)
            last, error = store.messages.last_poll(db)
            stop = store.sending.get_stop(db)
        shared["navigation"] = (
            ("board.show", gettext("Board"), 0),
            ("inbox.show", gettext("Inbox"), attention),
            ("drafts.index", gettext("Drafts"), 0),
            ("outgoing.show", gettext("Outgoing mail"), mails[MailState.UNCERTAIN] + mails[MailState.HELD]),
            ("year.show", gettext("Year"), 0),
            ("roster.show", gettext("Roster"), 0),
            ("handover.show", gettext("Hand-over"), 0),
        )
        shared["health"] = _describe_health(last, error, places, mails[MailState.UNCERTAIN])
        shared["stop"] = stop
    return shared


def _describe_health(
    last: datetime | None, error: str, places: dict[Place, int], uncertain: int
) -> tuple[tuple[str, str, bool], ...]:
    """Words, the page that shows more, and whether somebody should worry."""
    read = gettext("Mailbox last read: %(when)s", when=instant(last)) if last else gettext("Mailbox not read yet")
    strip = [(f"{read} – {error}" if error else read, "", bool(error))]
    quarantined, failed = places.get(Place.QUARANTINED, 0), places.get(Place.FAILED, 0)
    lying = url_for("inbox.show", place=Place.QUARANTINED), url_for("inbox.show", place=Place.FAILED)
    strip.append((gettext("Quarantined: %(n)s", n=quarantined), lying[0], False))
    strip.append((gettext("Could not be read: %(n)s", n=failed), lying[1], bool(failed)))
    sends = url_for("outgoing.show", state=MailState.UNCERTAIN)
    strip.append((gettext("Uncertain sends: %(n)s", n=uncertain), sends, bool(uncertain)))
    return tuple(strip)


def instant(value: datetime | None, zone: str = "UTC") -> str:
    """An instant on the clock of a named zone: "Wed 31 Oct 2012, 17:00 UTC"; "" for None."""
    if value is None:
        return ""
    local = value.astimezone(ZoneInfo(zone))
    city = "UTC" if zone == "UTC" else zone.rpartition("/")[2].replace("_", " ")
    return f"{format_datetime(local, 'EEE d MMM y, HH:mm', rebase=False)} {city}"


def distance(value: datetime) -> str:
    """How far an instant is from now: "in 2 days", "35 days ago"."""
    return str(format_timedelta(value - office().clock(), add_direction=True))


def day(value: datetime | None) -> str:
    """A short date: "31 Oct"; "" for None."""
    return format_datetime(value, "d MMM", rebase=False) if value else ""
