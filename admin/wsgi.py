"""Entry for a WSGI server: `gunicorn 'admin.wsgi:create_app()'`."""

import atexit

from flask import Flask

import admin
from pipeline.bootstrap import open_office
from pipeline.config import read_settings


def create_app() -> Flask:
    """The application on the office that is configured here. Raises: ConfigurationError, StoreError."""
    office = open_office(read_settings())
    app = admin.create_app(office.__enter__())
    atexit.register(office.__exit__, None, None, None)
    return app
