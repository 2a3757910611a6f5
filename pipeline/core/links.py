"""Links in a text: what a link scanner wrapped, and which ones share a file. Nothing is ever fetched."""

import base64
import binascii
import re
from urllib.parse import parse_qs, unquote, urlsplit

_URL = re.compile(r"""https?://[^\s<>"'\u00ab\u00bb\u201c\u201d]{3,2000}""", re.IGNORECASE)
#: query fields in which link scanners keep the address they wrapped
_WRAPPED_IN = ("url", "u", "a", "target", "redirect", "q")
_DOCUMENT = re.compile(r"\.(?:docx?|docm|odt|rtf|pdf|xlsx?|zip)$", re.IGNORECASE)
#: labels of hosts of services that share files; what stands behind a bare host is its front page
_SHARING_HOST = re.compile(
    r"(?:^|\.)(?:[\w-]*sharepoint|onedrive|1drv|dropbox|db|wetransfer|we|box|nextcloud|owncloud|egnyte|sharefile|mega"
    r"|filesender|drive|docs|files?|transfer|share|cloud|unite-?docs|icloud|transfernow|swisstransfer|fromsmash|smash"
    r"|filemail|pcloud|mediafire|sendgb|send-anywhere|tresorit|kdrive|proton|yadi|disk)\.",
    re.IGNORECASE,
)
#: paths on any host that only a shared file has: Nextcloud and ownCloud, a drive below a portal, a file in Teams
_SHARING_PATH = re.compile(r"/index\.php/s/\w|/(?:nextcloud|owncloud|drive|filr)/|/l/file/|/:[a-z]:/", re.IGNORECASE)
#: wrappers inside wrappers are believed this deep
_DEEPEST = 4


def find_links(text: str) -> tuple[str, ...]:
    """The links in `text`, unwrapped, each once, in order."""
    if "://" not in text:
        return ()
    found = (unwrap(link.rstrip(".,;:!?)]}")) for link in _URL.findall(text))
    return tuple(dict.fromkeys(found))


def unwrap(link: str) -> str:
    """The address a link scanner (Safe Links, URL Defense and the like) wrapped; `link` itself when none did."""
    for _ in range(_DEEPEST):
        inner = _find_wrapped(link)
        if inner is None:
            break
        link = inner
    return link


def shares_file(link: str) -> bool:
    """Whether a link (unwrapped) leads to a document or a service that shares them."""
    try:
        parts = urlsplit(link)
    except ValueError:
        return False
    path = unquote(parts.path)
    if _DOCUMENT.search(path) or _SHARING_PATH.search(path):
        return True
    if _SHARING_HOST.search(parts.hostname or ""):
        return len(parts.path) > 1 or bool(parts.query)
    # A scanner that hides the address still names the host it leads to.
    hidden = re.search(r"(?:^|&)domain=([\w.-]+)", parts.query)
    return hidden is not None and _SHARING_HOST.search(hidden[1]) is not None


def _find_wrapped(link: str) -> str | None:
    try:
        parts = urlsplit(link)
        fields = parse_qs(parts.query, max_num_fields=50)
    except ValueError:
        return None
    for name in _WRAPPED_IN:
        for value in fields.get(name, ()):
            if value.lower().startswith(("http://", "https://")):
                return value
            # URL Defense, version 2: "-" for "%" and "_" for "/".
            if value.lower().startswith(("http-3a__", "https-3a__")):
                return unquote(value.replace("-", "%").replace("_", "/"))
    # URL Defense, version 3: /v3/__https://host/path__;!!signature
    if third := re.search(r"/v3/__(https?:/+.+?)__;", link, re.IGNORECASE):
        return re.sub(r"^(https?):/+", r"\1://", third[1])
    # Some gateways put the whole address behind their own path.
    if behind := re.search(r"/(https?://.+)", unquote(parts.path), re.IGNORECASE):
        return behind[1]
    return _find_encoded(parts.path)


def _find_encoded(path: str) -> str | None:
    """A whole address in base64 as the last step of the path, as some gateways write it."""
    last = path.rsplit("/", 1)[-1]
    if len(last) < 24:
        return None
    try:
        text = base64.urlsafe_b64decode(last + "=" * (-len(last) % 4)).decode("ascii")
    except (binascii.Error, ValueError):
        return None
    return text if text.startswith(("http://", "https://")) and text.isprintable() else None
