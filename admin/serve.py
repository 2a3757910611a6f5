"""The admin on an embedded WSGI server."""

import waitress

from admin import create_app
from admin.live import MOST_STREAMS
from pipeline.bootstrap import Office

#: every open stream keeps one
THREADS = 8 + MOST_STREAMS


def serve(office: Office) -> None:
    """Serve until the process is interrupted."""
    settings = office.settings
    waitress.serve(
        create_app(office),
        host=settings.admin_host,
        port=settings.admin_port,
        threads=THREADS,
        ident="penholder",
    )
