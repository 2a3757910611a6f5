"""Logs on stderr: one canonical line per message; never bodies, never secrets."""

import logging
import sys


class CanonicalFormatter(logging.Formatter):
    """`2012-10-31T17:00:00+0000 info receive message=12 place=filed` - one event, then key=value pairs."""

    def __init__(self) -> None:
        """Fix the format; there is nothing to set."""
        super().__init__("%(asctime)s %(levelname)s %(name)s %(message)s", "%Y-%m-%dT%H:%M:%S%z")


def configure(level: int = logging.INFO) -> None:
    """Send the product's own log to stderr at `level`; libraries stay at WARNING."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(CanonicalFormatter())
    logger = logging.getLogger("penholder")
    logger.handlers[:] = [handler]
    logger.setLevel(level)
    logger.propagate = False


def get_logger(name: str) -> logging.Logger:
    """The logger of one part of the product: "penholder.receive"."""
    return logging.getLogger(f"penholder.{name}")


def line(event: str, **facts: object) -> str:
    """One canonical line: the event, then its facts as key=value in the order given; None is left out."""
    pairs = (f"{key}={_value(value)}" for key, value in facts.items() if value is not None)
    return " ".join((event, *pairs))


def _value(value: object) -> str:
    text = str(value)
    return text if text.isalnum() or (text and not set(text) & set(" \"'\r\n\t")) else repr(text)
