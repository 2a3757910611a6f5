"""What our own mail server found out about the sender. See: RFC 8601, 7208 (SPF), 6376 (DKIM), 7489 (DMARC)."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from pipeline.core.model import ParsedMail

_PARENTHESIS = re.compile(r"[()]")
_RESULT = re.compile(r"(?:^|;)\s*(spf|dkim|dmarc)\s*(?:/\s*\d+\s*)?=\s*([a-z]+)", re.IGNORECASE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Authentication:
    """The results of one Authentication-Results field; "" where a method was not tried."""

    spf: str = ""
    #: "pass" when any signature passed
    dkim: str = ""
    dmarc: str = ""

    @property
    def failed(self) -> bool:
        """Whether nothing vouches for the sender and something speaks against it."""
        if self.dmarc == "fail":
            return True
        if self.dmarc == "pass" or self.dkim == "pass":
            return False
        # Forwarders break SPF softly and lists break DKIM: each alone is no forgery.
        return self.spf == "fail" or (self.spf == "softfail" and self.dkim == "fail")


def find_authentication(mail: ParsedMail, authserv_id: str) -> Authentication:
    """The results in the topmost field our own server wrote. Every other such field may be the sender's own."""
    found = (results for server, results in _list_results(mail) if server == authserv_id.lower())
    return next(found, Authentication())


def find_topmost_authentication(mail: ParsedMail) -> tuple[str, Authentication]:
    """The server named in the topmost field that has results, "" when there is none, and those results.

    Each server writes on top, so this is what the last one said. A sender whose mail passed no such server may have
    written it himself: nothing is decided by it.
    """
    stated = ((server, results) for server, results in _list_results(mail) if results != Authentication())
    return next(stated, ("", Authentication()))


def _list_results(mail: ParsedMail) -> Iterator[tuple[str, Authentication]]:
    for name, value in mail.headers:
        if name == "authentication-results":
            found = _remove_comments(value)
            server = found.split(";", 1)[0].split()
            if server:
                yield server[0].lower().strip('"'), _read_results(found)


def _remove_comments(value: str) -> str:
    """The field without its comments, nested ones too, in one pass: a header line may open thirty thousand."""
    opened: list[int] = []
    spans: list[tuple[int, int]] = []
    for mark in _PARENTHESIS.finditer(value):
        if mark[0] == "(":
            opened.append(mark.start())
        elif opened:
            start = opened.pop()
            while spans and spans[-1][0] > start:
                spans.pop()
            spans.append((start, mark.end()))
    starts, ends = (0, *(end for _, end in spans)), (*(start for start, _ in spans), len(value))
    return " ".join(" ".join(value[start:end] for start, end in zip(starts, ends, strict=True)).split())


def _read_results(field: str) -> Authentication:
    results: dict[str, list[str]] = {}
    for method, result in _RESULT.findall(field.partition(";")[1] + field.partition(";")[2]):
        results.setdefault(method.lower(), []).append(result.lower())
    dkim = results.get("dkim", [""])
    return Authentication(
        spf=results.get("spf", [""])[0],
        dkim="pass" if "pass" in dkim else dkim[0],
        dmarc=results.get("dmarc", [""])[0],
    )
