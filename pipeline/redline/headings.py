"""The columns of a comment table by the words of their headings, in the six languages of the United Nations."""

import re
from collections.abc import Sequence
from unicodedata import normalize

from pipeline.redline.fold import fold_for_search

#: in order of force: "Type of comment" is a type, "Observations of the secretariat" is no remark of an agency
_HEADINGS = (
    ("resolution", r"^(?!propos|suggest|recommend|request).*"
                   r"(?:resolution|disposition|action taken|outcome|decision|\bstatus|\breply\b|response)"
                   r"|secretariat|editor|penholder|\bchair\b|drafting team|(?:of|by) the lead|секретариат|решени|秘书处"
                   r"|处理|决定|الأمانة|القرار"),
    ("agency", r"^(?:commenting|submitting|reviewing|responding|contributing|proposing)\b"),
    ("paragraph", r"^(?:para\w*|parr\w*|par\.|§|пункт\w*|абзац\w*|段落?|الفقرة)"
                  r"(?: ?(?:no\.?|nos\.?|number|ref\w*|concern\w+|n°|номер|编号))?$"),
    ("deleted", r"^(?:text to (?:be )?)?(?:deleted?|deletions?|removed?|omit|strike|supprimer|suppression|suprimir"
                r"|eliminar|удалить|исключить|删除|حذف)$"),
    ("inserted", r"^(?:text to (?:be )?)?(?:insert(?:ed|ion|ions)?|add(?:ed|ition|itions)?|ajouter|ajout|inserer"
                 r"|insertar|agregar|anadir|добавить|включить|增加|添加|إضافة)$"),
    ("type", r"^types?\b|^tipo|^nature|categor|ge ?/ ?te ?/ ?ed|^тип|категор|类型|类别|نوع"),
    ("current", r"^(?:the )?(?:current|original|existing|present|old|initial|draft) "
                r"|^texte? (?:in|of|actu|initial|original)|^texto (?:actu|original|vigente)|^libelle (?:actuel|initial)"
                r"|^te?xte? (?:of the|du|du present) (?:draft|projet|document)|^texto del (?:proyecto|borrador)"
                r"|^текст (?:проекта|документа)|^(?:donde )?dice$|^(?:it )?(?:says|reads)$|^il est (?:dit|ecrit)$"
                r"|as drafted|as it stands|^now reads"
                r"|^(?:before|avant|antes|from)$|действующ|текущ|исходн|существующ|现有|原文|当前|الحالي|الأصلي"),
    ("proposal", r"propos|propuest|suggest|recommend|recommand|recomend|request|amend|wording|redac|replacement"
                 r"|reformul|reemplaz|suger|revis(?:ed|ion)|correct|corrig|correcc|modif|chang|edits?\b"
                 r"|should (?:read|be)|to read|becomes|\bnew |nouve(?:au|lle)|nuev[oa]|cambio|alternativ"
                 r"|debe(?:ria)? decir|devrait se lire|\blire\b|следует читать"
                 r"|^(?:after|apres|despues|to)$"
                 r"|предл[ао]|новая|поправк|измен|建议|修改|拟议|改为|مقترح|اقتراح|تعديل"),
    ("comment", r"comment|comentari|remar|observa|justif|rationale|reason|raison|razon|motif|motiv|expl[ai]|feedback"
                r"|input|issue|concern|problem|question|views?\b|notes?\b|argument|contribution"
                r"|^why\b|^pourquoi|^por que"
                r"|замечан|комментар|обоснован|примечан|причин|意见|评论|理由|备注|说明|تعليق|ملاحظ|مبرر|السبب"),
    ("current", r"current|original|existing|actuel|actual"),
    ("paragraph", r"para|parr|\bpar\b|§|пункт|абзац|段|فقرة"),
    ("page and line", r"(?:\bpages?\b|^pp?\.|pagina|страниц|页|صفحة).*(?:\blines?\b|\bl\.|ligne|linea|строк|行|سطر)"),
    ("page", r"\bpages?\b|^pp?\.$|pagina|страниц|页|صفحة"),
    ("line", r"\blines?\b|ligne|linea|строк|行|سطر"),
    ("clause", r"clause|section|article|seccion|(?<!focal )point|punto(?! focal)|refer|\bref\b|locat|emplacement"
               r"|ubicac|place|where|passage|\bapartado|\binciso|\bnumeral|\balinea|раздел|стать|条|قسم|مادة"),
    ("agency", r"agenc|organi[sz]|organism|entit|entidad|institution|\bmb\b|member|\bnc\b|commenter|author|"
               r"auteur|\bname\b|nombre|from|submitted by|soumis|source|reviewer|организац|учрежден|机构|组织|单位"
               r"|منظمة|جهة|وكالة"),
)  # fmt: skip
#: what a heading for both says besides a word for proposals
_COMMENT = re.compile(next(pattern for name, pattern in _HEADINGS if name == "comment"))
_PLACES = {"paragraph", "clause", "page", "line", "page and line"}
_CONTACT = re.compile(
    r"phone|\bfax\b|e-?mail|courriel|correo|telefon|téléphone|teléfono|телефон|почт|电话|邮箱|هاتف|بريد", re.I
)
#: a heading that speaks of comments and not of mere remarks
_SAID = re.compile(r"comment|coment|коммент|замечан|意见|评论|تعليق", re.I)
#: on Latin letters alone: a Cyrillic letter without its breve is another one
_ACCENT = re.compile(r"(?<=[a-z])[\u0300-\u036f]+")


def find_columns(heading: Sequence[str]) -> dict[str, int]:
    """The column of each field that a heading row names."""
    columns: dict[str, int] = {}
    for index, cell in enumerate(heading):
        words = _ACCENT.sub("", normalize("NFD", fold_for_search(cell).text.strip()))
        words = normalize("NFC", words)
        if not words or len(words) > 120:
            continue
        for name, pattern in _HEADINGS:
            if re.search(pattern, words):
                both = name == "proposal" and _COMMENT.search(words) is not None
                columns.setdefault("both" if both else name, index)
                break
    return _settle_both(_drop_contacts(columns, heading))


def _drop_contacts(columns: dict[str, int], heading: Sequence[str]) -> dict[str, int]:
    """Without "Remarks" beside "Telephone" where no column says a place: a list of people, not of comments."""
    people = any(_CONTACT.search(fold_for_search(cell).text) for cell in heading)
    remarks = "comment" in columns and not _SAID.search(fold_for_search(heading[columns["comment"]]).text)
    if not people or not remarks or columns.keys() & _PLACES:
        return columns
    return {name: index for name, index in columns.items() if name != "comment"}


def _settle_both(columns: dict[str, int]) -> dict[str, int]:
    """What a column "Comments and proposed changes" is: whichever of the two the table has no column of its own for."""
    missing = [name for name in ("comment", "proposal") if name not in columns]
    if "both" not in columns or len(missing) == 2:
        return columns
    index = columns.pop("both")
    return columns | dict.fromkeys(missing, index)


def is_heading(columns: dict[str, int]) -> bool:
    """Whether a row with these columns is the heading of a comment table."""
    says = {"comment", "proposal", "both", "deleted", "inserted"} & columns.keys()
    where = (_PLACES | {"agency", "type", "current"}) & columns.keys()
    return bool(says) and (bool(where) or len(says) == 2)
