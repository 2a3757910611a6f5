"""What takes an instruction back, or makes one of a whole paragraph doubtful."""

import re

from pipeline.core.edit_places import counts_within
from pipeline.core.wording import fold

#: instructions not to, and reports of what was done, are remarks
_NOT_ASKED = re.compile(
    fold(
        r"(?:\b(?:not|never|n't|cannot|against|oppose[sd]?|object|disagree\w*|reluctant|refuse\w*|wonder\w*|instead\s+of|rather\s+than|why|was|were|been|had|has)\b"
        r"|\b(?:ne|n')\s*\w+\s+(?:pas|plus|nullement)\b|\bne\s+pas\b|\bcontre\b|\bno\s+(?:se\b|debe\w*|podemos|puede|estamos|esta|apoyamos|aceptamos|queremos|deseamos|proponemos|vemos|creemos)"
        r"|\ben\s+contra\b|(?<=\s)не(?=\s)|(?<!\w)против(?!\w)|(?<!\w)(?:لا|لن|نعترض|نرفض|ضد)\s|不(?:同意|赞成|支持|应|宜|要|能|可|愿)|反对)"
        r"[^.;:!?\n\u3002]{0,40}$"
    ),
    re.IGNORECASE,
)
#: what follows an instruction that holds only in some case
_ON_CONDITION = re.compile(
    fold(
        r"\b(?:if(?!\s+(?:possible|agreeable|acceptable|you\s+agree))|unless|provided\s+that|si(?!\s+(?:possible|es\s+posible))|siempre\s+que|a\s+condition)\b|если|إذا|如果"
    ),
    re.IGNORECASE,
)
#: a clause that asks for nothing, whatever its verb
_NEGATED = re.compile(
    r"\b(?:not|never|cannot|against|oppose[sd]?|object|why|was|were|had|has|ne|no\s+se)\b|n't\b|(?<!\w)не(?!\w)",
    re.IGNORECASE,
)
#: what makes an instruction about a whole paragraph one about a part of it, or none
_PART_OF = re.compile(
    r"(?:\b(?:of|in|from|within|under|du|de|del|dans|en)\s+(?:the\s+|le\s+|el\s+)?|(?<!\w)(?:в|из|к|في|من)\s+)$"
    r"|\b(?:if|whether|unless|should\s+we|asked|si)\b",
    re.IGNORECASE,
)


def is_asked(before: str, behind: str) -> bool:
    """Whether an instruction between `before` and `behind` (folded) is meant as one, now and in any case."""
    return _NOT_ASKED.search(before) is None and _ON_CONDITION.match(behind.lstrip(" ,")) is None


def is_negated(clause: str) -> bool:
    """Whether a folded clause asks for nothing, whatever its verb."""
    return _NEGATED.search(clause) is not None


def may_mean_a_part(text: str, before: str) -> bool:
    """Whether an instruction about a whole paragraph, with `before` ahead of it in `text`, perhaps means less."""
    return _PART_OF.search(before) is not None or counts_within(text)
