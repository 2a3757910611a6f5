"""The admin on an embedded WSGI server."""

import waitress

from admin import create_app
from pipeline.bootstrap import Office


def serve(office: Office) -> None:
    """Serve until the process is interrupted."""
    settings = office.settings
    waitress.serve(create_app(office), host=settings.admin_host, port=settings.admin_port, threads=8, ident="penholder")
