"""Error pages: what happened, and what now."""

from flask import Flask, render_template
from flask_wtf.csrf import CSRFError
from werkzeug.exceptions import Forbidden, HTTPException

from admin.phrases import gettext
from pipeline.errors import PenholderError


def init_app(app: Flask) -> None:
    """Show every refusal as a page; the sentence of a PenholderError is meant for people."""
    app.register_error_handler(HTTPException, _show_http)
    app.register_error_handler(PenholderError, _show_ours)


def _show_http(error: HTTPException) -> tuple[str, int]:
    code = error.code or 500
    if isinstance(error, Forbidden) and error.description:
        return _render(error.description, code), code
    words = gettext("The form was too old, or came from another page. Go back, reload the page and send it again.")
    return _render(words if isinstance(error, CSRFError) else _explain(code), code), code


def _show_ours(error: PenholderError) -> tuple[str, int]:
    return _render(str(error), 409), 409


def _render(words: str, code: int) -> str:
    return render_template("errors/page.html", code=code, words=words)


def _explain(code: int) -> str:
    return {
        400: gettext("The form was not filled in as we need it. Go back and fill it in again."),
        404: gettext("There is no such page, or what it showed is not here any more."),
        405: gettext("This address only takes what a form sends. Go back and use the form."),
        413: gettext("What was sent is too large."),
    }.get(code, gettext("An error nobody foresaw. It is in the log; nothing was changed."))
