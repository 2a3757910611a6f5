"""Penholder: from a call for inputs by mail to one consolidated draft. The story is told by the modules of this package."""

__version__ = "0.1.0"
