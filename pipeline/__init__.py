"""Penholder: from a call for inputs by mail to one consolidated draft. Its modules tell the story."""

__version__ = "0.1.0"
