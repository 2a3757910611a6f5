"""Signing in and out."""

from math import ceil
from typing import cast

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from flask import Blueprint, current_app, redirect, render_template, request, session, url_for
from werkzeug.wrappers import Response

from admin.page import office
from admin.phrases import gettext
from admin.throttle import Throttle
from pipeline.adapters import store

blueprint = Blueprint("auth", __name__)

_hasher = PasswordHasher()
#: verified when there is no such user, so that both answers take as long
_NOBODY = _hasher.hash("nobody signs in with this")
#: nobody's name or password is longer; hashing costs time
_LONGEST = 200


def hash_password(password: str) -> str:
    """An Argon2id hash of a password, with its own salt."""
    return _hasher.hash(password)


@blueprint.get("/login")
def login() -> str:
    """The sign-in page."""
    return _render("", "", request.args.get("next", ""))


@blueprint.post("/login")
def sign_in() -> Response | tuple[str, int]:
    """Check name and password; a wrong pair says no more than that."""
    name, following = request.form.get("name", "").strip()[:_LONGEST], request.form.get("next", "")
    throttle, now = cast(Throttle, current_app.extensions["throttle"]), office().clock()
    if wait := throttle.find_wait(name, now):
        seconds = ceil(wait.total_seconds())
        problem = gettext("Too many tries for this name. Wait %(n)s seconds, then try again.", n=seconds)
        return _render(name, problem, following), 429
    user = _find_entering(name, request.form.get("password", "")[:_LONGEST])
    if user is None:
        throttle.note_failure(name, now)
        return _render(name, gettext("This name and password do not go together."), following), 401
    throttle.forget(name)
    session.clear()
    session["user"] = name
    session["session"] = user.session
    session.permanent = True
    return redirect(following if is_local(following) else url_for("board.show"))


@blueprint.post("/logout")
def logout() -> Response:
    """End the session."""
    session.clear()
    return redirect(url_for("auth.login"))


def is_local(target: str) -> bool:
    """Whether a target is a path of this site: browsers drop control characters and read a backslash as a slash."""
    return target.startswith("/") and not target.startswith("//") and "\\" not in target and target.isprintable()


def _render(name: str, problem: str, following: str) -> str:
    return render_template("auth/login.html", name=name, problem=problem, following=following)


def _find_entering(name: str, password: str) -> store.User | None:
    """The account whose password this is; None when it may not enter."""
    with office().database.read() as db:
        user = store.users.get_user(db, name)
    usable = user is not None and not user.disabled
    return user if _matches(user.password_hash if user and usable else _NOBODY, password) and usable else None


def _matches(password_hash: str, password: str) -> bool:
    try:
        return _hasher.verify(password_hash, password)
    except (VerificationError, InvalidHashError):
        return False
