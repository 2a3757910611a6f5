"""What our own mail server found out about the sender. See: RFC 8601, 7208 (SPF), 6376 (DKIM), 7489 (DMARC)."""

import re
from dataclasses import dataclass

from pipeline.core.model import ParsedMail

_COMMENT = re.compile(r"\([^()]*\)")
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
    for name, value in mail.headers:
        if name == "authentication-results":
            found = _remove_comments(value)
            server = found.split(";", 1)[0].split()
            if server and server[0].lower().strip('"') == authserv_id.lower():
                return _read_results(found)
    return Authentication()


def _remove_comments(value: str) -> str:
    while True:
        shorter = _COMMENT.sub(" ", value)
        if shorter == value:
            return " ".join(value.split())
        value = shorter


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
