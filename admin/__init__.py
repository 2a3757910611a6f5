"""The admin: thin Flask pages. Each parses a form, calls one use case or one query of the store, and renders."""

from datetime import timedelta
from threading import BoundedSemaphore

from flask import Flask
from flask_babel import Babel
from flask_wtf.csrf import CSRFProtect

from admin import (
    auth,
    board,
    circulation,
    closing,
    drafts,
    endings,
    errors,
    handover,
    inbox,
    letters,
    live,
    messages,
    outgoing,
    page,
    palette,
    quarantine,
    reminders,
    revisions,
    roster,
    timeline,
    undo,
    year,
)
from admin.throttle import Throttle
from pipeline.bootstrap import Office
from pipeline.config import HOME

BLUEPRINTS = (
    auth,
    board,
    timeline,
    closing,
    inbox,
    messages,
    quarantine,
    revisions,
    drafts,
    circulation,
    letters,
    endings,
    outgoing,
    reminders,
    year,
    roster,
    handover,
    live,
    palette,
    undo,
)


def create_app(office: Office) -> Flask:
    """The WSGI application on one office."""
    app = Flask(__name__, template_folder=str(HOME / "templates" / "admin"))
    app.config.update(
        SECRET_KEY=office.settings.secret,
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        PERMANENT_SESSION_LIFETIME=timedelta(hours=12),
        MAX_CONTENT_LENGTH=2_000_000,
        WTF_CSRF_TIME_LIMIT=None,
    )
    app.extensions["office"] = office
    app.extensions["throttle"] = Throttle()
    app.extensions["streams"] = BoundedSemaphore(live.MOST_STREAMS)
    CSRFProtect(app)
    Babel(app, default_locale="en", locale_selector=page.select_language)
    page.init_app(app)
    errors.init_app(app)
    for module in BLUEPRINTS:
        app.register_blueprint(module.blueprint)
    return app
