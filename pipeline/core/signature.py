"""What frames an answer without being part of it: banners on top, signatures and notices below.

See: docs/analysis/quoting.md.
"""

import re

from pipeline.core.sieve import Sieve

#: gateways put one or two above a message
MAX_BANNERS = 4
#: no signature has more lines
MAX_SIGNATURE = 40
#: a signature, and the footers a list and a gateway put below it
MAX_FOOTERS = 3
#: lines of a name with contact data that no rule and no closing formula sets off
MAX_CARD = 8

_BANNER = re.compile(
    r"^[\s>*\[{(_|#-]*(?:external(?:\s+(?:e-?mail|sender|message|mail))?|ext|caution|warning|attention|be careful|"
    r"vorsicht|achtung|externe|"
    r"prudence|mise en garde|precauci[oó]n|advertencia|atenci[oó]n|attenzione|aten[çc][ãa]o|внимание|внешн\w+|"
    r"تنبيه|تحذير|外部邮件|警告|"
    r"extern|externo|externa|expéditeur externe|courriel externe|this (?:e-?mail|message) (?:originated|was sent|"
    r"came|comes) from outside|"
    r"you don't often get (?:e-?mail )?from|you do not often get|some people who received this message don't often get|"
    r"ce (?:message|courriel|mail) provient de l'ext|diese (?:e-?mail|nachricht) (?:kommt|"
    r"stammt) von (?:außerhalb|extern)|"
    r"este (?:correo|mensaje) (?:proviene|procede|se origin))(?![\w])",
    re.I,
)
_BANNER_SENSE = re.compile(
    r"outside|external|extern|exp[eé]diteur|links?\b|liens|attachments?|pièces|sender|learn why|click|ссыл|вложени|"
    r"organi[sz]ation|reconoc|enlaces|anh[äa]ng|absender|links|روابط|链接|附件|fuera de|fora da",
    re.I,
)
_SURE_BANNER = re.compile(r"^\W*(?:external|you (?:don't|do not) often get|some people who received)", re.I)
_TAG = re.compile(r"^\s*[\[{(]\s*(?:external|ext|extern|externe|externo|outside)[^\]})]{0,40}[\]})]\s*$", re.I)

_DELIMITER = re.compile(r"^(?:--|-- |—|––|__+\s?|_{2,}|\*{3,})\s*$")
_DASHES = re.compile(r"^--\s?$")
_SENT_FROM = re.compile(
    r"^[\s(*_]*(?:sent (?:from|via|with|by)(?: (?:my|a|an|the))? .{2,60}|get outlook for .{2,40}|"
    r"download (?:outlook|the)\b.{0,40}|sent using .{2,40}|"
    r"envoy[eé]e? (?:de|depuis|à partir de|via|avec)(?: mon| ma| un)? ?.{2,50}|obtenez outlook pour .{2,40}|"
    r"télécharge[rz] outlook.{0,40}|"
    r"(?:von|mit) (?:meinem|meiner|mein) .{2,40} gesendet.{0,20}|gesendet (?:von|mit|aus|über) .{2,60}|"
    r"diese nachricht wurde von mein.{2,60} gesendet|"
    r"outlook für .{2,30} (?:herunterladen|beziehen)|holen sie sich outlook.{0,30}|"
    r"enviado (?:desde|do|de|a partir d[eo]|por|via)(?: mi| meu| um)? ?.{2,50}|enviada (?:do|desde) .{2,40}|"
    r"obtener outlook para .{2,40}|"
    r"obter o outlook para .{2,40}|inviato (?:da|dal|con)(?: mio| il mio)? ?.{2,50}|scarica outlook .{2,40}|"
    r"verzonden (?:vanaf|met|vanuit|via)(?: mijn)? .{2,40}|verstuurd (?:vanaf|met|via) .{2,40}|"
    r"outlook voor .{2,30} downloaden|"
    r"skickat från .{2,40}|sendt fra .{2,40}|sendt frå .{2,40}|lähetetty .{2,40}|wysłane? z .{2,40}|wysłano z .{2,40}|"
    r"odesláno (?:z|ze) .{2,40}|odoslané (?:z|zo) .{2,40}|отправлено (?:с|из|от) .{2,40}|надіслано з .{2,40}|"
    r".{2,30}'?(?:ımdan|imden|undan|dan|den) gönderildi|trimis de pe .{2,40}|elküldve .{2,40}|στάλθηκε από .{2,40}|"
    r"poslano (?:z|s|sa) .{2,40}|poslané z .{2,40}|tarjeta enviada .{2,20}|"
    r"أ?رسلت من .{2,40}|أُرسلت من .{2,40}|تم الإرسال من .{2,40}|مرسل من .{2,40}|نשלח מ.{2,40}|נשלח מה.{1,30}|"
    r"发自我的.{1,30}|從我的.{1,30}傳送|从我的.{1,30}发送|发送自.{1,30}|發自.{1,30}|.{1,20}から送信|"
    r"나의 .{1,20}에서 보냄|내 .{1,20}에서 보냄)[\s.)*_]*$",
    re.I,
)
_PROSE = re.compile(
    r"\b(?:merci de|will|and the|we|our|nous|para(?:graph)?|draft|comments?|text|with (?:apologies|regards|thanks|"
    r"the))\b|"
    r"[,;]\s+(?!please|pls|sorry|excuse|pardon|forgive)",
    re.I,
)
# "-Name" alone at the very end
_DASH_NAME = re.compile(r"^\s*[-\u2013\u2014~]\s?[^\W\d_][\w.'\u2019]*(?: [^\W\d_][\w.'\u2019]*){0,3}$")

_NOTICE = re.compile(
    r"^[\s*_>]*(?:confidentiality(?: notice| note)?|disclaimer|legal notice|privileged (?:and|&) confidential|"
    r"avis (?:de confidentialité|important|juridique)|clause de confidentialité|confidentialit[éà]|"
    r"aviso (?:legal|de confidencialidad|de confidencialidade)|cláusula de confidenciali|haftungsausschluss|"
    r"vertraulichkeitshinweis|"
    r"informativa (?:privacy|sulla)|avviso di riservatezza|"
    r"(?:this|the information (?:contained )?in this|the contents? of this|any information in this) (?:e-?mail|"
    r"message|communication|transmission|electronic)\b.{0,200}?"
    r"(?:confidential|intended|privileged|legally|property|addressee|disclos|not necessarily)|"
    r"(?:ce (?:message|courriel|mail)|cette (?:communication|correspondance)|le présent (?:message|courriel)|"
    r"les informations contenues dans ce).{0,200}?(?:confidentiel|destin|strictement)|"
    r"(?:diese (?:e-?mail|nachricht|mitteilung)|der inhalt dieser).{0,200}?(?:vertraulich|bestimmt|ausschlie)|"
    r"(?:este (?:mensaje|correo|e-?mail)|la informaci[oó]n contenida en este|esta (?:mensagem|comunicaci[oó]n)|"
    r"este documento).{0,200}?(?:confiden|destinad|privileg|exclusiv)|"
    r"(?:questo (?:messaggio|documento)|questa e-?mail|il presente messaggio|"
    r"le informazioni contenute).{0,200}?(?:riservat|confiden|destinat)|"
    r"(?:dit bericht|deze e-?mail|de informatie in (?:dit|deze)).{0,200}?(?:vertrouwelijk|bestemd)|"
    r"(?:данное|настоящее|это) (?:сообщение|письмо|электронное).{0,200}?(?:конфиденциальн|предназначен)|"
    r"(?:هذه الرسالة|هذا البريد|المعلومات الواردة).{0,200}?(?:سري|خاص|مخصص)|"
    r"(?:本邮件|此邮件|本电子邮件|此郵件|本電子郵件).{0,120}?(?:保密|机密|機密|收件人)|"
    r"if you (?:are not the intended|have received this (?:e-?mail|message)|received this (?:e-?mail|"
    r"message) in error)|"
    r"si vous (?:n'êtes pas le destinataire|avez reçu ce (?:message|courriel) par erreur)|"
    r"(?:please )?consider the environment before|pensez à l'environnement avant|avant d'imprimer|"
    r"piense en el medio ambiente|antes de imprimir|save (?:a tree|paper)|think (?:before you print|green))",
    re.I,
)

_CLOSING = re.compile(
    r"^[\s*_]*(?:(?:with )?(?:my |our )?(?:best|kind|kindest|warm|warmest|many)?,? ?(?:regards|wishes|"
    r"greetings)(?: and .{3,30})?|best|cheers|sincerely|"
    r"yours (?:sincerely|truly|faithfully)|respectfully|(?:many )?thanks(?: (?:and|&) .{3,20}| in advance)?|"
    r"thank you(?: .{2,30})?|"
    r"(?:bien )?cordialement|sincères salutations|salutations(?: .{3,20})?|meilleures salutations|bien à (?:vous|toi)|"
    r"(?:mit )?(?:freundlichen|besten|herzlichen|vielen) gr(?:ü|ue)(?:ß|ss)en|(?:beste|viele|herzliche|"
    r"freundliche) gr(?:ü|ue)(?:ß|ss)e|mfg|lg|"
    r"(?:un )?(?:cordial(?:es)? )?saludos?(?: cordiales)?|atentamente|atte\.?|cordialmente|muy atentamente|"
    r"cordiali saluti|distinti saluti|saluti|atenciosamente|com os melhores cumprimentos|cumprimentos|abraços|"
    r"met vriendelijke groet(?:en)?|vriendelijke groet(?:en)?|groeten?|mvh|(?:med )?vänliga hälsningar|"
    r"(?:med )?venlig hilsen|(?:med )?vennlig hilsen|hilsen|"
    r"ystävällisin terveisin|terveisin|pozdrawiam|z poważaniem|s pozdravem|s pozdravom|с уважением|"
    r"с наилучшими пожеланиями|з повагою|"
    r"με εκτίμηση|saygılarımla|iyi çalışmalar|مع (?:خالص )?(?:التحية|تحياتي|التقدير)(?: .{0,30})?|تحياتي|"
    r"وتفضلوا .{0,40}|"
    r"此致|敬礼|顺颂商祺|祝好|谢谢|謝謝|よろしくお願い(?:いた)?します。?|敬具|감사합니다\.?)[\s,.!;:*_]*$",
    re.I,
)
_NAME = re.compile(r"^[*_]{0,2}[^\W\d_][\w.'\u2019-]*(?: [^\W\d_][\w.'\u2019-]*){1,3}[*_,]{0,2}$")
_SMALL_IN_NAMES = {"de", "del", "der", "di", "da", "van", "von", "bin", "al", "el", "la", "le", "y", "of"}
_PHONE = re.compile(r"^\W*(?:\d[\s().-]*){7,15}$")
_CONTACT = re.compile(
    r"(?:\b(?:tel|phone|ph|mobile|mob|cell|fax|tél|téléphone|telefon|telefone|teléfono|móvil|portable|direct|"
    r"office|skype|ext|www|e-?mail|courriel|"
    r"website|web|p\.?\s?o\.?\s?box|b\.p\.|bp)\b\s*[:.+#(\d]|(?<!\w)(?:t|m|f|p|e|w)\s?[:.]\s*[+(\dw]|https?://|"
    r"www\.|\+\d[\d\s().-]{6,}|"
    r"^\W*[\w.+-]+@[\w-]+\.[\w.-]+\W*$|<mailto:|twitter|facebook|linkedin|(?:тел|факс|моб)\.?\s*:|هاتف|电话|電話)",
    re.I,
)

_NOTICES = Sieve(_SENT_FROM, _NOTICE)
#: what sets a signature off from the text, and the closing formula above it
_FRAMES = Sieve(_DASHES, _DELIMITER, _DASH_NAME, _CLOSING)


def strip_banner(lines: list[str]) -> list[str]:
    """`lines` without the warnings a mail system put above the message."""
    for _ in range(MAX_BANNERS):
        start = next((index for index, line in enumerate(lines) if line.strip()), len(lines))
        size = _banner_size(lines[start : start + 12])
        if not size or not any(map(str.strip, lines[start + size :])):
            break
        lines = lines[start + size :]
    return lines


def _banner_size(lines: list[str]) -> int:
    """Lines of the banner paragraph at the start of `lines`; 0 when there is none."""
    if not lines:
        return 0
    if _TAG.match(lines[0]):
        return 1
    if not _BANNER.match(lines[0]):
        return 0
    end = next((index for index in range(1, len(lines)) if _ends_banner(lines, index)), len(lines))
    paragraph = " ".join(lines[:end])
    if not _BANNER_SENSE.search(paragraph):
        return 0
    # "Attention: external links in paragraph 4 ..." typed by a person is short of such words, or ends in a question
    strong = len(_BANNER_SENSE.findall(paragraph)) >= 2 or _SURE_BANNER.match(lines[0])
    return end if strong and len(paragraph) < 900 else 0


def _ends_banner(lines: list[str], index: int) -> bool:
    """A blank line ends a banner, or a line that is neither about senders and links nor the rest of a wrapped one."""
    if not lines[index].strip():
        return True
    return len(lines[index - 1]) < 60 and not _BANNER_SENSE.search(lines[index])


def strip_notices(lines: list[str]) -> list[str]:
    """`lines` without confidentiality notices and "Sent from my ..."; what people typed around them stays."""
    if not _NOTICES.may_find("\n".join(lines)):
        return _trim(lines)
    kept: list[str] = []
    typed = False
    index = 0
    while index < len(lines):
        end = index + 1
        if _is_sent_from(lines[index]):
            kept = _drop_delimiter(kept)
        elif _is_notice(lines, index):
            if typed:
                return _trim(_drop_delimiter(kept))
            # with nothing typed above it the answer may stand in the same paragraph
            end = _paragraph_end(lines, index)
            kept += lines[index:end]
        else:
            typed |= bool(lines[index].strip())
            kept.append(lines[index])
        index = end
    return _trim(kept)


def _drop_delimiter(lines: list[str]) -> list[str]:
    return lines[:-1] if lines and _DELIMITER.match(lines[-1]) else lines


def _paragraph_end(lines: list[str], index: int) -> int:
    return next((end for end in range(index, len(lines)) if not lines[end].strip()), len(lines))


def _is_sent_from(line: str) -> bool:
    return len(line) < 120 and bool(_SENT_FROM.match(line)) and not _PROSE.search(line)


def _is_notice(lines: list[str], index: int) -> bool:
    starts_paragraph = index == 0 or not lines[index - 1].strip() or bool(_DELIMITER.match(lines[index - 1]))
    return starts_paragraph and bool(_NOTICE.match(" ".join(lines[index : index + 6])[:500]))


def strip_signature(lines: list[str]) -> list[str]:
    """`lines` without the sender's signature; a name under the closing formula stays, contact data goes."""
    for _ in range(MAX_FOOTERS):
        shorter = _strip_last_block(lines)
        if len(shorter) == len(lines):
            break
        lines = shorter
    return lines


def _strip_last_block(lines: list[str]) -> list[str]:
    """`lines` without the last of the signatures and list footers below them."""
    if not _FRAMES.may_find("\n".join(lines[-MAX_SIGNATURE:])):
        return _trim(_strip_card(_trim(lines)))
    last = range(max(1, len(lines) - MAX_SIGNATURE), len(lines))
    for index in last:
        line = lines[index]
        if _DASHES.match(line) and _is_short_block(lines[index + 1 :], strict=line != "-- "):
            return _trim(lines[:index])
    for index in last:
        if _DELIMITER.match(lines[index]) and _is_contact_block(lines[index + 1 :]):
            return _trim(lines[:index])
    lines = _trim(lines)
    if len(lines) > 1 and _is_dash_name(lines[-1]) and not any(line.lstrip().startswith("-") for line in lines[:-1]):
        return _trim(lines[:-1])
    return _trim(_strip_card(_strip_contacts(lines)))


def _is_short_block(lines: list[str], *, strict: bool) -> bool:
    """Two dashes without the blank of RFC 3676 may be a rule between comments."""
    block = [line for line in lines if line.strip()]
    return len(block) <= (8 if strict else 25) and (not strict or all(len(line) < 90 for line in block))


def _is_dash_name(line: str) -> bool:
    return bool(_DASH_NAME.match(line)) and all(word[:1].isupper() for word in line.strip(" -\u2013\u2014~").split())


def _is_contact_block(lines: list[str]) -> bool:
    block = [line for line in lines if line.strip()]
    return 1 <= len(block) <= 12 and all(len(line) < 100 for line in block) and any(map(_CONTACT.search, block))


def _strip_contacts(lines: list[str]) -> list[str]:
    last = range(len(lines) - 1, max(-1, len(lines) - MAX_SIGNATURE), -1)
    closing = next((index for index in last if _CLOSING.match(lines[index])), None)
    if closing is None:
        return lines
    block = [index for index in range(closing + 1, len(lines)) if lines[index].strip()]
    if len(block) < 2 or len(block) > 12 or not _is_contact_block([lines[index] for index in block]):
        return lines
    # the name stays: who wrote is of use
    return lines[: block[0] + 1]


def _strip_card(lines: list[str]) -> list[str]:
    """`lines` without a last paragraph that is a name and two lines of contact data or more."""
    start = len(lines) - next((size for size, line in enumerate(reversed(lines)) if not line.strip()), len(lines))
    card = lines[start:]
    if not start or not 3 <= len(card) <= MAX_CARD or any(len(line) > 60 for line in card):
        return lines
    contacts = sum(bool(_CONTACT.search(line) or _PHONE.match(line)) for line in card[1:])
    return lines[:start] if _is_name(card[0]) and contacts >= 2 else lines


def _is_name(line: str) -> bool:
    words = line.strip("*_, ").split()
    return bool(_NAME.match(line)) and not any(word[0].islower() and word not in _SMALL_IN_NAMES for word in words)


def _trim(lines: list[str]) -> list[str]:
    start = next((index for index, line in enumerate(lines) if line.strip()), len(lines))
    end = next((index for index in range(len(lines), start, -1) if lines[index - 1].strip()), start)
    return lines[start:end]
