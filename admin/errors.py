"""Error pages: what happened, and what now."""

from flask import Flask, render_template
from flask_babel import gettext
from werkzeug.exceptions import HTTPException

from pipeline.errors import PenholderError


def init_app(app: Flask) -> None:
    """Show every refusal as a page; the sentence of a PenholderError is meant for people."""
    app.register_error_handler(HTTPException, _show_http)
    app.register_error_handler(PenholderError, _show_ours)


def _show_http(error: HTTPException) -> tuple[str, int]:
    code = error.code or 500
    return render_template(
        "errors/page.html", code=code, words=error.description or gettext("Something went wrong.")
    ), code


def _show_ours(error: PenholderError) -> tuple[str, int]:
    return render_template("errors/page.html", code=409, words=str(error)), 409
