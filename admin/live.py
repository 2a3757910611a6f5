"""What tells an open page that something is new: a stream of marks, or one mark when asked."""

from collections.abc import Iterator
from threading import BoundedSemaphore, Event
from typing import cast

from flask import Blueprint, Response, current_app, render_template, request

from admin.page import office, user_name
from pipeline.adapters import store

blueprint = Blueprint("live", __name__)

#: pages that are told by a stream at once; each takes a thread, and others must be left for pages
MOST_STREAMS = 12
#: seconds between two looks, and looks until a stream ends and the browser opens another
EVERY, LOOKS = 2.0, 25


@blueprint.get("/events")
def events() -> Response:
    """A stream of marks, each when it differs from the one before (WHATWG HTML, 9.2); `once` asks for one.

    204 says: no stream, ask now and then. So where one process answers one request at a time.
    """
    name = user_name()
    if "once" in request.args:
        return _respond(_write(_read(office().database, name)))
    streams = cast(BoundedSemaphore, current_app.extensions["streams"])
    if not request.environ.get("wsgi.multithread") or not streams.acquire(blocking=False):
        return Response(status=204)
    database = office().database

    def tell() -> Iterator[str]:
        told, pause = "", Event()
        for _ in range(LOOKS):
            mark = _read(database, name)
            # a comment is written when nothing is new: so the server notices that nobody listens any more
            yield _write(mark) if mark != told else ":\n\n"
            told = mark
            pause.wait(EVERY)

    response = _respond(tell())
    response.call_on_close(streams.release)
    return response


@blueprint.get("/strip")
def strip() -> str:
    """The strip on the state of the desk, as every page shows it."""
    return render_template("strip.html")


def _read(database: store.Database, name: str) -> str:
    with database.read() as db:
        return store.news.read_mark(db, name)


def _write(mark: str) -> str:
    return f"retry: 2000\ndata: {mark}\n\n"


def _respond(body: str | Iterator[str]) -> Response:
    return Response(body, mimetype="text/event-stream", headers={"X-Accel-Buffering": "no"})
