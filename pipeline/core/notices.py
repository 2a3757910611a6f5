"""What systems put around an answer: banners on top, lines of a device, a scanner or a lawyer below.

See: docs/analysis/quoting.md.
"""

import re

from pipeline.core.sieve import Sieve
from pipeline.core.signature import DELIMITER, trim

#: gateways put one or two above a message
MAX_BANNERS = 4
#: no line of a device is longer, its links included
MAX_DEVICE_LINE = 300
#: nor without them
MAX_DEVICE_WORDS = 110

_BANNER = re.compile(
    r"^[\s>*\[{(_|#\u3010-]*(?:external(?:\s+(?:e-?mail|sender|message|mail))?|ext|caution|warning|attention"
    r"|be careful|"
    r"vorsicht|achtung|externe|"
    r"prudence|mise en garde|precauci[oó]n|advertencia|atenci[oó]n|attenzione|aten[çc][ãa]o|внимание|внешн\w+|"
    r"تنبيه|تحذير|外部邮件|警告|"
    r"extern|externo|externa|expéditeur externe|courriel externe|this (?:e-?mail|message) (?:originated|was sent|"
    r"came|comes) from outside|"
    r"you don't often get (?:e-?mail )?from|you do not often get"
    r"|some people who received this message don't often get|"
    r"ce (?:message|courriel|mail) provient de l'ext|diese (?:e-?mail|nachricht) (?:kommt|"
    r"stammt) von (?:außerhalb|extern)|"
    r"este (?:correo|mensaje) (?:proviene|procede|se origin)|"
    r"th(?:is|e following) (?:e-?mail|message) (?:\w+ ){1,3}(?:by|from) (?:an? |the )?(?:external|outside|unknown)|"
    r"(?:это|данное) (?:письмо|сообщение) (?:\w+ ){0,3}внешн\w+|(?:此|本|该)(?:邮件|郵件).{0,6}外部"
    r"|هذه الرسالة .{0,30}خارج)(?![\w])",
    re.I,
)
_RULE = re.compile(r"^\s*[-_=*~#\u2014\u2013\u2500]{5,}\s*$")
_BANNER_SENSE = re.compile(
    r"outside|external|extern|exp[eé]diteur|ext[ée]rieur|links?\b|liens|attachments?|pièces|sender|learn why|cli(?:ck"
    r"|qu|c\b)"
    r"|ссыл|вложени|отправител|внешн|organi[sz]ation|reconoc|remitente|adjuntos|enlaces|anh[äa]ng|absender|fuera de"
    r"|fora da"
    r"|روابط|الرابط|خارج|المرسل|مرفقات|链接|附件|外部|发件人|点击|連結|寄件者",
    re.I,
)
_SURE_BANNER = re.compile(r"^\W*(?:external|you (?:don't|do not) often get|some people who received)", re.I)
_TAG = re.compile(
    r"^\s*[\[{(\u3010]\s*(?:external|ext|extern|externe|externo|outside|внешн\w+|外部"
    r"|خارجي)[^\]})\u3011]{0,120}[\]})\u3011]\s*$",
    re.I,
)

_SENT_FROM = re.compile(
    r"^(?:(?:please |pls )?(?:excuse|forgive|pardon) (?:(?:my|any|the) )?(?:brevity|typos|spelling)\b.{0,40}|"
    r"sent (?:from|via|with)(?: (?:my|a|an|the))? .{2,60}|sent by (?:my )?(?:\w+ )?(?:phone|mobile|iphone|ipad|"
    r"galaxy|android|samsung|blackberry).{0,20}|sent (?:on|while) (?:the (?:go|move|run|road)|mobile)|"
    r"sent using .{2,40}|message sent (?:with|via|using) .{2,40}|from my (?:iphone|ipad|ipod|mobile|phone|cell|"
    r"android|blackberry|galaxy|samsung|"
    r"tablet).{0,30}|"
    r"(?:written|typed|composed) (?:on|with|from) (?:my|a) (?:\w+ ){0,3}(?:phone|iphone|ipad|mobile|tablet|blackberry|"
    r"android|keyboard|device).{0,30}|(?:\w+ ){0,3}via mobile|yahoo mail: .{2,40}|"
    r"envoy[eé]e? (?:de|depuis|à partir de|via|avec)(?: mon| ma| un)? ?.{2,50}|"
    r"(?:von|mit) (?:meinem|meiner|mein) .{2,40} (?:gesendet|gesandt|geschickt|verschickt).{0,20}|"
    r"(?:gesendet|gesandt|verschickt) (?:von|mit|aus|über|via) .{2,60}|"
    r"diese (?:nachricht|e-?mail) wurde (?:von|mit) mein.{2,60} (?:gesendet|verfasst|geschrieben)|"
    r"enviado (?:desde|do|de|a partir d[eo]|via|com|con|por (?=yahoo|outlook|iphone|samsung|\w+ mail))(?: mi|"
    r" meu| um| o)? ?.{2,50}|enviada (?:do|desde) .{2,40}|"
    r"enviat (?:des de|amb) .{2,40}|"
    r"inviato (?:da|dal|dall'|con|tramite)(?: mio| il mio)? ?.{2,50}|"
    r"(?:verzonden|verstuurd|gestuurd) (?:vanaf|met|vanuit|via|van)(?: mijn)? .{2,40}|"
    r"skickat (?:från|via|med) .{2,40}|sendt (?:fra|frå|via|med) .{2,40}|"
    r"lähetetty .{2,40}|wysłan[eo]? (?:z|ze|za pomocą|przy użyciu) .{2,40}|"
    r"odesláno (?:z|ze|pomocí) .{2,40}|odoslané (?:z|zo) .{2,40}|poslan[oé] (?:z|zo|s|sa|iz) .{2,40}|"
    r"отправлено (?:с|из|от|через) .{2,40}|надіслано (?:з|із|через) .{2,40}|изпратено от .{2,40}|послато са .{2,40}|"
    r".{2,30}['\u2019 ]?(?:ımdan|imden|umdan|ümden|undan|ünden|[dt][ae]n) gönderildi|"
    r"trimis (?:de pe|din|de la) .{2,40}|elküldve .{2,40}|.{2,30} küldve|στάλθηκε από .{2,40}|"
    r"saadetud minu .{2,40}|išsiųsta iš .{2,40}|nosūtīts no .{2,40}|"
    r"dikirim dari .{2,40}|được gửi từ .{2,40}|gửi từ .{2,40}|đã gửi từ .{2,40}|ส่งจาก.{2,40}|"
    r"أ?رسلت من .{2,40}|أُرسلت من .{2,40}|تم الإرسال من .{2,40}|مرسل من .{2,40}|ارسال شده از .{2,40}|"
    r"נשלח מ.{2,40}|(?:发自|發自|发送自|來自).{2,30}|[從从]我的.{1,30}(?:傳送|发送|發送)|.{1,30}(?:から送信|より送信)|"
    r"(?:나의|내) .{1,20}에서 (?:보냄|보낸 메일)|.{1,20}에서 보냄|मेरे .{2,30} से भेजा गया)[\s.!]*$",
    re.I,
)
_PROGRAM = re.compile(r"\b(?:outlook|mail)\b", re.I)
_SPACES = re.compile(r"\s+")
# "Get Outlook for iOS" in any language: the name of a program, of a system, and a word that offers it
_OFFERED = re.compile(
    r"^(?=.{0,80}\b(?:ios|android|windows|iphone|mac)\b)(?:.{0,60}(?:beziehen|herunterladen|downloaden|"
    r"entdecken|letöltése|edinin|indirin?|を入手|をダウンロード|다운로드|받기|下载|下載)|"
    r"(?:get|download|obtene[zr]|obtenir|obtenga|obtén|télécharge[rz]|descarg\w+|obter|obtenha|baixar|baixe"
    r"|transferir|"
    r"hol(?:en)?|laden|scarica|ottieni|hämta|hent|last ned|skaff|få|hanki|lataa|pobierz|uzyskaj|získ\w+|stáhn\w+|"
    r"stiahn\w+|obțin\w+|descărca\w+|preuzmi\w*|nabavite|скачать|скачайте|получить|завантажити|отримати|"
    r"αποκτήστε|λήψη|获取|下载|取得|下載|dapatkan|tải|ดาวน์โหลด|รับ|احصل|الحصول|تنزيل|קבל|הורד)\b.{0,60})$",
    re.I,
)
# "Virus-free. www.scanner.example"
_VIRUS_FREE = re.compile(
    r"^\W*(?:virus[- ]?free|libre de virus|sin virus|sans virus|garanti sans virus|viren?frei|priva di virus|"
    r"livre de vírus|sem vírus|virusvrij|virusfri|viruksia ei|wolny od wirusów|bez virů|без вирусов|virusmentes|"
    r"ウイルス フリー|无病毒)[.!。]?\s*(?:\S+\.\w{2,12})?\W*$",
    re.I,
)
_VIRUS = re.compile(r"vir[ue]|vírus|вирус|wirus|malware|ウイルス|病毒", re.I)
# "This email has been checked for viruses": the mail, the check and the virus in one line
_MAIL_WORD = re.compile(
    r"mail|mess?ag|courriel|courrier|correo|mensa(?:je|gem)|nachricht|bericht|wiadomo|zpráv|письмо|сообщение|"
    r"meddelande",
    re.I,
)
_CHECKED = re.compile(
    r"\b(?:checked|scanned|geprüft|überprüft|vérifiée?|analysée?|analizado|comprobado|verificad[ao]|controllat[ao]|"
    r"gecontroleerd|gescand|sprawdzon\w*|zkontrolován\w*|проверен\w*|kontrollerats)\b",
    re.I,
)
_LINK = re.compile(r"<\s*https?://[^\s<>]*>|\(\s*https?://[^\s()]*\)|\[\s*https?://[^\s\]]*\]|https?://\S+")
_BARE_SITE = re.compile(r"^\W*(?:www\.)?[\w-]+(?:\.[\w-]+){1,3}\W*$")
_PROSE = re.compile(
    r"\b(?:merci de|will|and the|we|our|nous|para(?:graph)?|draft|comments?|text|with (?:apologies|regards|thanks|"
    r"the))\b|"
    r"[,;]\s+(?!please|pls|sorry|excuse|pardon|forgive)",
    re.I,
)
# a heading alone says nothing: drafts have chapters on confidentiality
_NOTICE_TITLE = re.compile(
    r"^[\s*_>-]*(?:confidentiality(?: notice| note| statement)?|(?:legal )?disclaimer|legal notice|"
    r"privileged (?:and|&) confidential|important (?:notice|information)|wichtiger hinweis|aviso importante|"
    r"avis (?:de confidentialité|important|juridique)|clause de confidentialité|confidentialité|"
    r"aviso (?:legal|de confidencialidad|de confidencialidade)|cláusula de confidencialidade?|haftungsausschluss|"
    r"vertraulichkeitshinweis|informativa (?:sulla )?privacy|avviso di riservatezza)\s*(?:[:.*_–-]|$)",
    re.I,
)
_NOTICE_SENSE = re.compile(
    r"e-?mail|messag|intended|privileged|unauthori[sz]ed|courriel|destinata|mensaje|mensagem|correo|nachricht|"
    r"empfänger|messaggio",
    re.I,
)
_NOTICE = re.compile(
    r"^[\s*_>]*(?:"
    r"you (?:are receiving|received|receive) this (?:e-?mail|message) because|to unsubscribe\b.{0,60}(?:list|"
    r"group|e-?mail|"
    r"send|visit|click|:)|reply to this e-?mail directly|vous recevez ce (?:message|courriel) (?:parce|car)|"
    r"pour (?:vous désabonner|ne plus recevoir)|sie erhalten diese (?:e-?mail|nachricht), weil|"
    r"(?:recibe|ha recibido) este (?:mensaje|correo) porque|para (?:darse de baja|cancelar (?:la|su) suscripci)|"
    # the footer of Yahoo's groups
    r"__\._,_\.___|"
    r"(?:this|(?:the |any )?(?:information|contents?) (?:(?:contained|transmitted) )?(?:in|of|by|with) this) "
    r"(?:e-?mail|message|communication|transmission|electronic)\b.{0,200}?"
    r"(?:confidential|intended (?:only|solely|exclusively|for the)|privileged|legally (?:privileged|"
    r"protected)|property of|"
    r"addressee|disclos|not necessarily)|"
    r"(?:ce (?:message|courriel|mail)|cette (?:communication|correspondance)|le présent (?:message|courriel)|"
    r"les informations contenues dans ce).{0,200}?(?:confidentiel|strictement (?:personnel|réserv|confid)|"
    r"destin[ée]+e?s? (?:exclusive|unique|à (?:l'usage|l'intention exclusive|son destinataire|ses destinataires|"
    r"leurs? destinataires?)))|"
    r"(?:diese (?:e-?mail|nachricht|mitteilung)|der inhalt dieser).{0,200}?(?:vertraulich|nur für|"
    r"ausschlie(?:ß|ss)lich|"
    r"den (?:empfänger|adressat))|"
    r"(?:este (?:mensaje|correo|e-?mail)|la informaci[oó]n contenida en este|est[ae] (?:mensagem|"
    r"comunicaci[oó]n|e-?mail)|"
    r"este documento).{0,200}?(?:confiden|destinad[oa]s? (?:exclusiv|[uú]nic|somente|apenas)|privileg|exclusiv)|"
    r"(?:questo (?:messaggio|documento)|questa e-?mail|il presente messaggio|"
    r"le informazioni contenute).{0,200}?(?:riservat|confiden|destinat)|"
    r"(?:dit (?:e-?mail)?bericht|deze e-?mail|de informatie in (?:dit|deze)|"
    r"de inhoud van).{0,200}?(?:vertrouwelijk|uitsluitend)|"
    r"(?:detta (?:meddelande|e-post\w*)|denne (?:e-?mail|e-post\w*|meddelelse|melding\w*)|tämä (?:viesti|sähköposti)|"
    r"ta wiadomość|niniejsza wiadomość|tato (?:zpráva|e-?mail\w*)|táto správa|ez az (?:üzenet|e-?mail)|"
    r"acest (?:mesaj|e-?mail)|"
    r"bu (?:e-?posta|mesaj|ileti)|το παρόν (?:μήνυμα|email|e-mail))\b.{0,200}?(?:konfiden|fortrolig|luottamuksel"
    r"|poufn|"
    r"důvěrn|dôvern|bizalmas|confiden|gizli|εμπιστευτικ)|"
    r"(?:данное|настоящее|это|цей|це) (?:сообщение|письмо|электронное|повідомлення|лист).{0,200}?(?:конфиденциальн|"
    r"конфіденц|предназначен\w* (?:только|исключительно|для (?:адресат|лиц|использован)))|"
    r"(?:هذه الرسالة|هذا البريد|المعلومات الواردة).{0,200}?(?:سري|مخصصة? فقط|المرسل إليه)|"
    r"הודעה זו.{0,200}?(?:סודי|חסוי)|このメール.{0,100}?機密|본 (?:메일|이메일|메시지).{0,100}?(?:기밀|비밀)|"
    r"(?:本邮件|此邮件|本电子邮件|此郵件|本電子郵件).{0,120}?(?:保密|机密|機密|收件人)|"
    r"if you (?:are not the intended|have received this (?:e-?mail|message)|received this (?:e-?mail|"
    r"message) in error)|"
    r"si vous (?:n'êtes pas le destinataire|avez reçu ce (?:message|courriel) par erreur)|"
    r"(?:please )?consider the environment before|pensez à l'environnement avant|avant d'imprimer|"
    r"piense en el medio ambiente|antes de imprimir est[ea]|save (?:a tree|paper)[.,!]|"
    r"think (?:before you print|green))",
    re.I,
)
# what the further paragraphs of a notice speak of: the mail, its addressee, law, viruses, trees, companies
_REST_OF_NOTICE = re.compile(
    r"e-?mail|messag|communication|recipient|addressee|confiden|privileg|disclos|liab|unauthori|disclaim|virus|opinion"
    r"|\bviews\b|\bcompany|registered|\bprint|environment|in error|notify|copyright|https?:|www\.|courriel|destinat"
    r"|mensaje"
    r"|mensagem|correo|imprim|medio ambiente|environnement|nachricht|empfänger|vertraulich|umwelt|messaggio|riservat"
    r"|bericht"
    r"|vertrouwelijk|сообщени|письм|конфиденц|رسالة|البريد|سري|邮件|郵件|保密|机密|機密|メール|메일",
    re.I,
)

#: passes every text that may hold a notice; a link may stand in the middle of one
FOOTERS = Sieve(_SENT_FROM, _OFFERED, _VIRUS, _NOTICE_TITLE, _NOTICE, _LINK)


def strip_banner(lines: list[str]) -> list[str]:
    """`lines` without the warnings a mail system put above the message."""
    for _ in range(MAX_BANNERS):
        start = next((index for index, line in enumerate(lines) if line.strip() and not _RULE.match(line)), len(lines))
        size = _banner_size(lines[start : start + 12])
        size += any(map(_RULE.match, lines[start + size : start + size + 1]))
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
    """A blank line or a rule ends a banner, and a line that neither speaks of senders and links nor goes on."""
    if not lines[index].strip() or _RULE.match(lines[index]):
        return True
    return len(lines[index - 1]) < 60 and not _BANNER_SENSE.search(lines[index])


def strip_notices(lines: list[str]) -> list[str]:
    """`lines` without notices of lawyers and scanners and "Sent from my ..."; what people typed around them stays."""
    if not FOOTERS.may_find("\n".join(lines)):
        return trim(lines)
    kept: list[str] = []
    typed = False
    index = 0
    while index < len(lines):
        end = index + 1
        if _is_sent_from(lines[index]):
            kept = _drop_delimiter(kept)
        elif size := _scanner_size(lines, index):
            kept, end = _drop_delimiter(kept), index + size
        elif _is_notice(lines, index):
            if typed:
                kept, end = _drop_delimiter(kept), _notice_end(lines, index)
            else:
                # with nothing typed above it the answer may stand in the same paragraph
                end = _paragraph_end(lines, index)
                kept += lines[index:end]
        else:
            typed |= bool(lines[index].strip())
            kept.append(lines[index])
        index = end
    return trim(kept)


def _drop_delimiter(lines: list[str]) -> list[str]:
    return lines[:-1] if lines and DELIMITER.match(lines[-1]) else lines


def _paragraph_end(lines: list[str], index: int) -> int:
    return next((end for end in range(index, len(lines)) if not lines[end].strip()), len(lines))


def _notice_end(lines: list[str], start: int) -> int:
    """Behind the last line of a notice: a lawyer takes several paragraphs, other things were typed."""
    end = index = start
    while index < len(lines):
        behind = _paragraph_end(lines, index)
        if end > start and not _REST_OF_NOTICE.search(" ".join(lines[index:behind])):
            break
        end = behind
        index = next((place for place in range(behind, len(lines)) if lines[place].strip()), len(lines))
    return end


def _is_sent_from(line: str) -> bool:
    if len(line) > MAX_DEVICE_LINE:
        return False
    words = _LINK.sub("", line) if "http" in line else line
    words = _SPACES.sub(" ", words.strip(" \t<>[]()*_-\u2013\u2014~|").replace("[", "").replace("]", ""))
    if len(words) > MAX_DEVICE_WORDS:
        return False
    offered = _PROGRAM.search(words) and _OFFERED.match(words)
    return bool(offered or (_SENT_FROM.match(words) and not _PROSE.search(words)))


def _scanner_size(lines: list[str], index: int) -> int:
    """Lines of what an antivirus program added, its bare web address below included; 0 when it added nothing here."""
    line = lines[index]
    if len(line) > MAX_DEVICE_LINE or not _VIRUS.search(line):
        return 0
    checked = all(words.search(line) for words in (_MAIL_WORD, _CHECKED))
    if not checked and not _VIRUS_FREE.match(_LINK.sub("", line)):
        return 0
    return 2 if index + 1 < len(lines) and _BARE_SITE.match(lines[index + 1]) else 1


def _is_notice(lines: list[str], index: int) -> bool:
    if not lines[index].strip() or (index and lines[index - 1].strip() and not DELIMITER.match(lines[index - 1])):
        return False
    beginning = " ".join(lines[index : index + 6])[:500]
    if _NOTICE_TITLE.match(lines[index]):
        return bool(_NOTICE_SENSE.search(beginning))
    return bool(_NOTICE.match(beginning))
