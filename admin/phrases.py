"""The door to the catalogues: every sentence of the admin passes here."""

import flask_babel


def gettext(text: str, **values: object) -> str:
    """The sentence in the language of this page, with the values put in."""
    return str(flask_babel.gettext(text, **values))


def ngettext(one: str, many: str, number: int, **values: object) -> str:
    """The sentence for this number in the language of this page; the number itself is %(num)s."""
    return str(flask_babel.ngettext(one, many, number, **values))
