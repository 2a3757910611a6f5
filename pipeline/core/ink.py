"""What strike-out, underlining and colour say about a run of HTML. See: docs/analysis/quoting.md."""

import colorsys
import re
from enum import Enum, auto

#: of the style sheet of a mail no more characters are read
MAX_STYLES = 64_000

_STRUCK = {"s", "strike", "del"}
_LINE_THROUGH = re.compile(r"text-decoration(?:-line)?\s*:[^;]*line-through", re.I)
_UNDERLINE = re.compile(r"text-decoration(?:-line)?\s*:[^;]*underline", re.I)
_COLOUR = re.compile(r"(?<![-\w])color\s*:\s*([^;!]+)", re.I)
_FUNCTION = re.compile(r"(rgb|hsl)a?\(([^)]*)\)")
_NUMBER = re.compile(r"(\d+(?:\.\d+)?)(%?)")
_HEX = re.compile(r"#?((?:[0-9a-f]{3,4}){1,2})")
_INHERITED = {"inherit", "currentcolor", "unset"}
_NAMED = {
    "red": (255, 0, 0), "crimson": (220, 20, 60), "darkred": (139, 0, 0), "maroon": (128, 0, 0), "green": (0, 128, 0),
    "blue": (0, 0, 255), "purple": (128, 0, 128), "orange": (255, 165, 0), "magenta": (255, 0, 255),
    "lime": (0, 255, 0), "teal": (0, 128, 128),
    "fuchsia": (255, 0, 255), "darkgreen": (0, 100, 0), "orangered": (255, 69, 0),
    "firebrick": (178, 34, 34),
}  # fmt: skip
#: colours that clients give to whole answers and to links
_DEFAULT_COLOURS = {(31, 73, 125), (68, 84, 106), (0, 0, 238), (5, 99, 193), (47, 84, 150), (17, 85, 204)}
_COMMENT = re.compile(r"/\*.*?\*/|<!--|-->", re.S)
# a rule for screens or dark mode says nothing about the rest
_AT_RULE = re.compile(r"@[^{};]*\{(?:[^{}]*\{[^{}]*\})*[^{}]*\}")
_RULE = re.compile(r"([^{}]+)\{([^{}]*)\}")
_CLASS = re.compile(r"[a-z]*\.([\w-]+)", re.I)


class Ink(Enum):
    """What the look of a run says."""

    #: nothing
    PLAIN = auto()
    #: it shall go
    STRUCK = auto()
    #: it is new
    RED = auto()
    #: it is new if something beside it says so too
    COLOURED = auto()
    #: the same, beside a deletion only
    UNDERLINED = auto()
    #: it is new: `<ins>`
    INSERTED = auto()
    #: nothing, whatever colour stands inside: a link
    LINK = auto()


def find_ink(tag: str, style: str, colour: str | None, inherited: Ink) -> Ink:
    """The ink of an element: its own, or the one it inherits. `colour`: the attribute of `<font>`."""
    if tag in _STRUCK or _LINE_THROUGH.search(style):
        return Ink.STRUCK
    if inherited in (Ink.STRUCK, Ink.LINK):
        return inherited
    if tag == "a":
        return Ink.LINK
    if tag == "ins":
        return Ink.INSERTED
    if inherited is Ink.PLAIN and (tag == "u" or _UNDERLINE.search(style)):
        inherited = Ink.UNDERLINED
    found = _COLOUR.search(style)
    named = (found[1] if found else colour or "").strip().lower()
    return inherited if not named or named in _INHERITED or inherited is Ink.INSERTED else _ink_of(named)


def read_styles(css: str) -> dict[str, str]:
    """The declarations of a style sheet by the lower-case class they are for; other selectors are passed over."""
    plain = _AT_RULE.sub("", _COMMENT.sub("", css[:MAX_STYLES]))
    styles: dict[str, str] = {}
    for rule in _RULE.finditer(plain):
        for selector in rule[1].split(","):
            if found := _CLASS.fullmatch(selector.strip()):
                styles[found[1].lower()] = f"{rule[2]};{styles.get(found[1].lower(), '')}"
    return styles


def _ink_of(colour: str) -> Ink:
    red, green, blue = rgb = _to_rgb(colour)
    if rgb in _DEFAULT_COLOURS or max(rgb) - min(rgb) < 60:
        return Ink.PLAIN
    if red >= 120 and red - max(green, blue) >= 90:
        return Ink.RED
    return Ink.COLOURED


def _to_rgb(colour: str) -> tuple[int, int, int]:
    """Red, green and blue, 0 to 255; black for what is no colour."""
    if found := _FUNCTION.match(colour):
        return _from_function(found[1], [(float(value), bool(sign)) for value, sign in _NUMBER.findall(found[2])])
    if found := _HEX.fullmatch(colour):
        digits = found[1] if len(found[1]) > 4 else "".join(digit * 2 for digit in found[1])
        return int(digits[:2], 16), int(digits[2:4], 16), int(digits[4:6], 16)
    return _NAMED.get(colour, (0, 0, 0))


def _from_function(name: str, numbers: list[tuple[float, bool]]) -> tuple[int, int, int]:
    """The colour of `rgb()` or `hsl()` from its numbers and whether each is a percentage."""
    if len(numbers) < 3:
        return (0, 0, 0)
    (first, percent), (second, _), (third, _) = numbers[:3]
    if name == "hsl":
        red, green, blue = colorsys.hls_to_rgb(first / 360 % 1, min(third, 100) / 100, min(second, 100) / 100)
        return round(red * 255), round(green * 255), round(blue * 255)
    scale = 2.55 if percent else 1
    return round(first * scale), round(second * scale), round(third * scale)
