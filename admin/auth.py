"""Signing in and out."""

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from flask import Blueprint, redirect, render_template, request, session, url_for
from flask_babel import gettext
from werkzeug.wrappers import Response

from admin.page import office
from pipeline.adapters import store

blueprint = Blueprint("auth", __name__)

_hasher = PasswordHasher()
#: verified when there is no such user, so that both answers take as long
_NOBODY = _hasher.hash("nobody signs in with this")


def hash_password(password: str) -> str:
    """An Argon2id hash of a password, with its own salt."""
    return _hasher.hash(password)


@blueprint.get("/login")
def login() -> str:
    """The sign-in page."""
    return render_template("auth/login.html", name="", problem="", following=request.args.get("next", ""))


@blueprint.post("/login")
def sign_in() -> Response | tuple[str, int]:
    """Check name and password; a wrong pair says no more than that."""
    name, following = request.form.get("name", "").strip(), request.form.get("next", "")
    with office().database.read() as db:
        user = store.users.get_user(db, name)
    usable = user is not None and not user.disabled
    if not _matches(user.password_hash if user and usable else _NOBODY, request.form.get("password", "")) or not usable:
        problem = gettext("This name and password do not go together.")
        return render_template("auth/login.html", name=name, problem=problem, following=following), 401
    session.clear()
    session["user"] = name
    session.permanent = True
    return redirect(following if _is_local(following) else url_for("board.show"))


@blueprint.post("/logout")
def logout() -> Response:
    """End the session."""
    session.clear()
    return redirect(url_for("auth.login"))


def _matches(password_hash: str, password: str) -> bool:
    try:
        return _hasher.verify(password_hash, password)
    except (VerificationError, InvalidHashError):
        return False


def _is_local(target: str) -> bool:
    return target.startswith("/") and not target.startswith(("//", "/\\"))
