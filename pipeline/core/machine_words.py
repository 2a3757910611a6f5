"""The words by which machines announce themselves, in many languages. See: docs/analysis/machine-mail.md."""

import re


def _prefix(words: str, end: str = "[:：]") -> re.Pattern[str]:
    return re.compile(rf"^(?:{words})\s*{end}", re.I)


#: what gateways and clients put before a subject
TAGS = re.compile(
    r"^\s*(?:\[(?:external|ext|extern|externe|externo|spam\??|suspected spam|list|caution)[^\]]{0,30}\]|"
    r"\{spam\??\}|external:|\*+spam\*+)\s*",
    re.I,
)

AUTO_REPLY_PREFIX = _prefix(
    r"automatic reply|auto(?:matic)?[- ]?(?:reply|response|answer)|out of (?:the )?office(?: auto ?reply| reply)?|"
    r"autoreply|"
    r"réponse automatique(?: d['’]absence du bureau)?|absen[ct]e? du bureau|absence du bureau|"
    r"message d['’]absence|avis d['’]absence|"
    r"respuesta automática|respuesta automatica|fuera de (?:la )?oficina|resposta automática|ausência temporária|"
    r"fora do escritório|"
    r"automatische antwort|automatische antwoord|automatisch antwoord|abwesenheits(?:notiz|nachricht|meldung|"
    r"assistent)|abwesend|abwesenheit|"
    r"risposta automatica|fuori sede|fuori ufficio|afwezigheid|afwezig|automatiskt svar|autosvar|automatisk svar|"
    r"ej på kontoret|"
    r"frånvaro|fraværsmelding|ikke til ?stede|automaattinen vastaus|poissa toimistosta|automatyczna odpowiedź|"
    r"odpowiedź automatyczna|auto-?odpowiedź|auto-?antwort|auto-?respuesta|auto-?réponse|auto-?risposta|poza biurem|"
    r"automatická odpověď|automatická odpoveď|mimo kancelář|automatikus válasz|házon kívül|răspuns automat|"
    r"автоматический ответ|автоответ|"
    r"нет на рабочем месте|вне офиса|автоматична відповідь|автоматичен отговор|αυτόματη απάντηση|"
    r"απουσία από το γραφείο|"
    r"otomatik yanıt|otomatik cevap|ofis dışında|מענה אוטומטי|תשובה אוטומטית|רد تلقائي|رد تلقائي|الرد التلقائي|"
    r"الرد الآلي|رد آلي|خارج المكتب|پاسخ خودکار|"
    r"自动答复|自动回复|自動回覆|自動回應|不在办公室|外出|自動応答|自動返信|不在通知|자동 회신|자동 응답|부재 "
    r"중|balasan otomatis|jawapan automatik|"
    r"avtomatski odgovor|automatick[ýá] odpove\w*|automātisk\w+ atbilde|resposta automàtica|erantzun automatikoa|"
    r"аутоматски одговор|"
    r"автоматски одговор|автоматты жауап|स्वचालित (?:उत्तर|जवाफ)|স্বয়ংক্রিয় উত্তর|jibu (?:la )?otomatiki|"
    r"ավտոմատ պատասխան|"
    r"ავტომატური პასუხი|awtomatikong tugon|خودکار جواب|"
    r"trả lời tự động|ตอบกลับอัตโนมัติ|samodejni odgovor|automatski odgovor|automatinis atsakymas|automaatvastus|"
    r"sjálfvirkt svar"
)
AUTO_REPLY_SUBJECT = re.compile(
    r"^(?:(?:[\w!.]{1,30} )?auto(?:matic)?[- ]?(?:reply|response|responder)\b|ooo\b|on (?:annual )?leave\b|"
    r"(?:.{2,60} is )?(?:currently )?(?:out of|away from) (?:the |my )?office(?!\s+(?!today|until|till|from|on|"
    r"this|next|back|"
    r"message|notif|reply|response|notice|alert|assistant|auto|return|now|during|for|between|through|as)\w)|"
    r"away from (?:the |my )?(?:desk|mail|e-?mail)|"
    r"i am (?:away|out of|on leave|no longer)|i have left|\[?auto(?:matic)?[- ]?(?:reply|response)?\]?[: ]|"
    r"ausente\b|frånvar|nieobecn|外出|"
    r"vacation (?:reply|message|notice|response)|absen(?:t|ce)\b|abwesenheit|"
    r"(?:fuera de (?:la )?oficina|fraværsmelding|frånvaromeddelande|afwezigheidsbericht|message d'absence|"
    r"ausência)(?!\w)|"
    r"en congés?\b|en vacaciones|fuori ufficio|в отпуске|отпуск\b|不在|休假|在休假|إجازة)",
    re.I,
)
ABSENCE = re.compile(
    r"\b(?:(?:am|be|is) (?:currently |now )?(?:away|travell?ing|abroad|on travel)|out of (?:the )?office|"
    r"away from (?:the |my )?(?:office|desk|e-?mail)|"
    r"on (?:annual |sick |home |"
    r"maternity |paternity |parental )?leave|on mission|"
    r"on (?:official )?travel|on vacation|on holiday|currently (?:away|out|absent|travelling|traveling|not in)|"
    r"(?:limited|no|intermittent|sporadic) (?:or no )?access to (?:my )?e-?mails?|(?:will|shall) (?:be back|"
    r"return|respond|reply) (?:on|when|upon|after|to your)|"
    r"(?:mailbox|address|account|inbox)\b[^\n]{0,80} (?:is|are) no longer (?:\w+ )?(?:in use|monitored|active|used|"
    r"checked|valid|read)|"
    r"(?:have|has) (?:now )?(?:left|retired from|retired)\b|no longer (?:work|with|employed)\w*|"
    r"absente? du bureau|en (?:congés?|mission|vacances|déplacement)|(?:serai|suis) (?:actuellement )?(?:absente?|"
    r"de retour|en)|accès (?:limité )?à (?:mes|ma|mon)|"
    r"fuera de la oficina|de vacaciones|de licencia|en misión|ausente|acceso (?:limitado )?a mi correo|"
    r"fora do escritório|de férias|"
    r"nicht im (?:büro|hause?)|im urlaub|abwesend|auf dienstreise|außer haus|non in ufficio|fuori (?:sede|"
    r"ufficio)|in (?:ferie|missione)|assente|"
    r"niet aanwezig|afwezig|op vakantie|på semester|på ferie|(?:ikke|inte) på kontoret|ute av kontoret|bortrest|"
    r"tjänstledig|"
    r"poza biurem|na urlopie|nieobecn\w*|mimo kancelář|na dovolené|poissa toimistosta|lomalla|"
    r"ofis(?:in)? dışında\w*|izinde\w*|"
    r"távol|szabadságon|în concediu|kontorist väljas|na dopustu|nema me|εκτός γραφείου|απουσιάζω)\b|"
    r"в отпуске|в командировке|отсутств|нахожусь вне|на лікарняному|у відпустці|خارج المكتب|في إجازة|في مهمة|休假|"
    r"出差|不在办公室|外出|不在にして|休暇|부재|휴가",
    re.I,
)
BOUNCE_SUBJECT = re.compile(
    r"undeliver|non[- ]?deliver|not deliver|delivery[ -](?:status|failure|failed|error|problem|notification|"
    r"report|unsuccess|has failed|subsystem)|"
    r"deliver(?:y)? (?:fail|problem|error)|mail delivery|message delivery|returned (?:mail|to sender|message|post|"
    r"e-?mail)|mail(?:er)?[- ]?(?:daemon|error|system error)|"
    r"failure (?:notice|notification|delivery|to deliver)|failed (?:mail|delivery|to deliver|message)|(?:could|"
    r"can|was) ?not (?:be )?(?:deliver|sent|send)|"
    r"undelivered|unable to deliver|warning: (?:message|could not|mail)|(?:message|mail|delivery) (?:is |"
    r"has been )?delayed|processing error|unzustellbar|mail could not|message (?:status|failed|not delivered|"
    r"rejected|bounced)|rejected|bounce[ds]?\b|"
    r"(?:message|mail|e-?mail) (?:was |has been )?(?:blocked|quarantined|stopped|refused|intercepted)|"
    r"virus (?:alert|warning|found|detected|in (?:your|a) |infected)|infected (?:message|mail|e-?mail)|"
    r"user unknown|unknown (?:user|recipient|address)|nondeliver|delivery to|mail (?:failure|failed|rejected|"
    r"returned)|delivery disposition|undeliverable|"
    r"non remis|non distribu|échec de (?:la )?(?:remise|distribution|livraison)|message non (?:délivr|livr|"
    r"achemin)|avis de non|rapport de non|retour(?:né)? à l'expéd|"
    r"no se puede entregar|no entregad|error de entrega|entrega fallida|mensaje no|devuelto|"
    r"n[ãa]o (?:foi )?entreg|falha na entrega|devolvid|"
    r"non recapitat|mancato recapito|impossibile recapitare|mancata consegna|onbestelbaar|niet bezorgd|"
    r"onbezorgbaar|retour aan|zustell|nicht zugestellt|"
    r"kan inte levereras|går inte att leverera|olevererbar|kan ikke leveres|uleverbar|toimittamaton|"
    r"ei voitu toimittaa|nie (?:można )?dostarcz|niedostarcz|zwrot|nedoručit|"
    r"kézbesíthet|не (?:может быть )?достав|недостав|невозможно достав|возврат|не удалось|неможливо достав|"
    r"недоставлен|δεν (?:είναι δυνατή|παραδόθηκε)|ανεπίδοτ|teslim edile|iletilemedi|"
    r"تعذر|لم يتم التسليم|غير قابل للتسليم|无法投递|未送达|退信|退件|無法傳遞|未傳遞|投递失败|系统退信|"
    r"配信不能|配信エラー|メールエラー|エラー通知|配達できません|エラーメール|送信できません|"
    r"전송 실패|배달되지|배달할 수 없|반송",
    re.I,
)
DELAY_WORDS = re.compile(
    r"delay(?:ed)?\b|still (?:being|trying|in)|not yet (?:been )?deliver|will (?:be retried|retry|keep trying|"
    r"continue to try|try again|be repeated)|"
    r"warning: (?:message|could not|mail)|could not send message for|no action is required|"
    r"delivery attempts will continue|do not need to (?:resend|take)|"
    r"temporar(?:y|ily) (?:delayed|unable|deferred)|retard(?:é|o|ée)|verzögert|retrasad|atrasad|in ritardo|"
    r"vertraagd|försena|forsink|opóźni|zpožděn|"
    r"задерж|отложен|تأخر|تأخير|延迟|延遲|遅延|遅れて|지연|transient|retry (?:timeout|later)",
    re.I,
)
#: a server that says this is still trying, whatever else it says
STILL_TRYING = re.compile(
    r"will (?:be retried|retry|keep trying|continue to (?:try|attempt)|try again)|no action is required|"
    r"(?:delivery )?attempts? will continue|(?:will|continue to) be (?:re)?attempted|still being retried|"
    r"(?:do not|don't) need to (?:resend|take any action)|warning only|not yet been delivered|"
    r"tentatives? .{0,30}(?:se poursui|continu)|weiterhin versuch|"
    r"seguirá intentando|continuerà a|будут продолжены",
    re.I,
)
GAVE_UP = re.compile(
    r"giv(?:en|ing) up|permanent(?:ly)? (?:fail|fatal|error)|permanent error|will not (?:be )?(?:retr|try)|"
    r"no (?:further|more) (?:delivery )?attempts|"
    r"has (?:been in the queue|expired)|(?:message|retry|time|delivery time) ?(?:expired|exceeded|limit)|"
    r"too (?:long|old)|unable to deliver (?:it|message|mail) (?:after|for)|"
    r"returned? (?:to sender|undelivered)|cannot be delivered|could not be delivered|failed permanently|"
    r"has failed\b|retry timeout exceeded|"
    r"sorry it didn't work out|delivery failed",
    re.I,
)
#: what a person's answer speaks of: weak signs of a machine do not count beside it
CONTRIBUTION = re.compile(
    r"\bpara(?:graph)?s?\.? ?\d|\b(?:our|my|no|here are (?:the|some)) (?:\w+ )?(?:comments?|inputs?|edits|changes|"
    r"objections?|"
    r"amendments?)\b|\bwe (?:support|endorse|propose|suggest|agree|object)\b|(?:nos|"
    r"aucun\w*) (?:\w+ )?(?:commentaire|observation)|"
    r"(?:nuestr[oa]s|sin) (?:\w+ )?(?:comentario|observacion)|(?:наши|нет) (?:замечани|комментари)|"
    r"(?:unsere|keine) (?:anmerkung|kommentar|einwänd)|(?:تعليقاتنا|ملاحظاتنا)|(?:我们|无)的?(?:意见|评论)",
    re.I,
)
#: how a machine says that it is one
AUTOMATIC = re.compile(
    r"this (?:is|was) an? (?:\w+ )?(?:automat(?:ic|ed)|auto-?|automatically[- ]|system[- ]|"
    r"computer[- ])\s?(?:generated )?"
    r"(?:e-?mail|mail|reply|response|message|confirmation|acknowledge?ment|notification|answer)|"
    r"(?:message|e-?mail|reply|mail|response) (?:has been|was|is) (?:sent |generated |created |"
    r"produced )?automatically|"
    r"automatically (?:generated|created|sent) (?:in |as |e-?mail|message|reply|response|confirmation)|"
    r"(?:do not|don't) reply to this (?:automat\w+ )?(?:message|e-?mail|mail)|"
    r"(?:réponse|message|courriel|mail|accusé de réception) (?:généré |envoyé )?automatique(?:ment)?|"
    r"automatisch (?:generierte|erstellte|erzeugte|gegenereerd)|(?:respuesta|mensaje|correo) automátic[oa]|"
    r"(?:resposta|mensagem|e-?mail) automátic[oa]|(?:risposta|messaggio) automatic[oa]|automatisch bericht|"
    r"автоматическ(?:ое|ий) (?:сообщение|ответ|уведомление)|(?:создано|отправлено|сформировано) автоматически|"
    r"系统自动|自动(?:发送|回复|生成)|自動(?:送信|返信|配信|で送信)|رسالة (?:آلية|تلقائية)|رد (?:آلي|تلقائي)",
    re.I,
)
#: how it says that something came in
RECEIVED = re.compile(
    r"(?:your|this) (?:\w+ )?(?:message|e-?mail|mail|request|enquiry|inquiry|ticket|case|query|submission|report|issue)"
    r"[^.\n]{0,60} (?:has been|was|have been) (?:\w+ )?(?:received|created|logged|registered|opened|recorded|"
    r"forwarded|assigned)|"
    r"we(?: have|'ve)? (?:\w+ )?received your (?:message|e-?mail|mail|request|enquiry|inquiry|query|submission)|"
    r"(?:in response to the )?creation of a (?:trouble |new |support )?ticket|your (?:ticket|case|"
    r"reference) (?:number|id|no\.?)|"
    r"nous avons bien reçu votre|votre (?:message|demande|courriel) (?:a|est) (?:bien )?(?:été )?(?:reçu|enregistré)|"
    r"(?:wir haben|haben wir) ihre (?:anfrage|nachricht|e-?mail|mail)[^.\n]{0,20} erhalten|ihre (?:anfrage|"
    r"nachricht|e-?mail) ist "
    r"(?:bei uns )?eingegangen|hemos recibido su|su (?:mensaje|solicitud|consulta|correo) ha sido (?:recibid|"
    r"registrad)|"
    r"recebemos (?:a )?sua|abbiamo ricevuto (?:il|la) (?:su[oa]|tu[oa]|vostr[oa])|wij hebben uw (?:bericht|vraag|"
    r"e-?mail) ontvangen|"
    r"ваш[еа]? (?:обращение|письмо|сообщение|запрос|заявка) (?:получен|зарегистрирован|принят)|"
    r"已收到您的|您的(?:邮件|请求|来信|咨询)已|"
    r"お問い合わせ(?:いただき|ありがとう)|受け付けました|(?:استلمنا|تم استلام) ",
    re.I,
)
#: how a recipient's filter says that it refused a mail
REFUSED_BY_RULE = re.compile(
    r"(?:was|has been) (?:\w+ )?(?:rejected|refused) by (?:the |a )?(?:mail |e-?mail )?(?:filter|rule|recipient)",
    re.I,
)
#: how a desk says that the answer is still to come
PROMISE = re.compile(
    r"(?:will|shall) (?:be )?(?:\w+ )?(?:reply|respond|answer|get back|contact|process|handle|deal|be in touch|"
    r"review)\w*|"
    r"(?:répondr|traiter)\w+|(?:melden uns|werden|bearbeiten|beantworten) |responder\w+|risponder\w+|ответ(?:им|"
    r"ят)|尽快|折り返し",
    re.I,
)
#: how a filter asks the sender to prove that it is a person
CHALLENGE = re.compile(
    r"(?:complete|finish|begin|start) (?:the|this|a) (?:one-time )?verification|(?:confirm|prove|verify|"
    r"show)[^.\n]{0,25} you are "
    r"(?:an? )?(?:real|human|person|not a (?:robot|spammer|machine))|release your (?:pending |held )?(?:message|"
    r"e-?mail|mail)\b|"
    r"(?:confirm|verify|authenticate) your (?:e-?mail )?(?:address|message|identity) (?:to|so|by|before)|"
    r"(?:protect\w*|guard\w*) (?:myself|themsel\w+|him\w*|her\w*|itself|my (?:mailbox|inbox))[^.\n]{0,40}(?:junk|"
    r"spam|unsolicited)|"
    r"(?:add|put) (?:you|yourself|your address) (?:to|on) (?:my|the|their)[^.\n]{0,30}(?:approved|allowed|accepted|"
    r"trusted|white)|"
    r"(?:prouver|confirmer) que vous (?:êtes|n'êtes pas) (?:une? )?(?:personne|humain|robot)|"
    r"valider votre (?:adresse|envoi)|"
    r"bestätigen, dass sie (?:ein mensch|kein roboter)|confirmar que (?:es una persona|no es un robot)",
    re.I,
)
RECEIPT_PREFIX = _prefix(
    r"read|not read|read receipt|return receipt(?: \(displayed\))?|disposition notification|delivered|relayed|lu|"
    r"non lu|accusé de (?:réception|lecture)|"
    r"confirmation de lecture|leído|no leído|confirmación de lectura|lida|lido|não lid[ao]|confirmação de leitura|"
    r"gelesen|ungelesen|lesebestätigung|"
    r"letto|non letto|conferma di lettura|gelezen|niet gelezen|leesbevestiging|läst|oläst|läskvitto|læst|lest|"
    r"lästs|luettu|przeczytano|přečteno|olvasva|"
    r"прочитано|уведомление о прочтении|не прочитано|διαβάστηκε|okundu|نُ?قرأت|مقروءة|تمت القراءة|已读|未读|已讀|未讀|"
    r"開封済み|開封通知|읽음|delivery receipt",
    # Notes writes the bare words
    end="(?:[:：]|$)",
)
#: what a receipt says became of a message
RECEIPT_SENTENCE = re.compile(
    r"was (?:\w+ )?(?:read|displayed|deleted|opened|received by)|has been (?:read|displayed|deleted|delivered)|"
    r"receipt for|"
    r"a été (?:lu|affiché|remis|supprimé)|(?:fue|ha sido) (?:leíd|eliminad|borrad)|foi (?:lid|excluíd|eliminad)|"
    r"wurde .{0,40}(?:gelesen|geöffnet|zugestellt|gelöscht)|è stato (?:letto|visualizzato|eliminato)|is (?:gelezen|"
    r"verwijderd)|"
    r"lästes|(?:blev|ble) (?:læst|lest|slettet)|on luettu|został[ay] (?:przeczytan|usunięt)|byla (?:přečten|"
    r"odstraněn|smazán)|"
    r"прочитано|удалено|okundu|silindi|تمت? قراءت|تمت قراءة|تم حذف|已(?:于|被|阅)|已讀|開封|削除|읽었|삭제",
    re.I,
)
#: how it names the message; a text that was read is what a person speaks of
OUR_MESSAGE = re.compile(
    r"\b(?:your|votre|ihre|(?:el|su|tu)|a sua|sua|il(?: suo)?|uw|het|ditt?|din|twoja|vaše|vaša) "
    r"(?:message|e-?mail|mail|document|nachricht|mensaje|mensagem|messaggio|bericht|meddelande|meddelelse|melding|"
    r"wiadomość|zpráva|"
    r"správa)\b|meldingen|viesti(?:si)?\b|iletiniz|ваше (?:сообщение|письмо)|رسالتك|您的(?:邮件|郵件|訊息)|"
    r"メッセージ|메시지|"
    r"הודעתך|μήνυμά",
    re.I,
)
CALENDAR_PREFIX = _prefix(
    r"accepted|declined|tentative(?:ly accepted)?|canceled|cancelled|meeting (?:forward notification|request|"
    r"response)|new time proposed|invitation|updated invitation|"
    r"canceled event|accepté|refusé|provisoire|annulé|invitation mise à jour|aceptad[ao]|rechazad[ao]|provisional|"
    r"cancelad[ao]|aceite|recusad[ao]|"
    r"zugesagt|angenommen|abgelehnt|abgesagt|mit vorbehalt(?: zugesagt)?|vorläufig|accettat[ao]|rifiutat[ao]|"
    r"provvisorio|annullat[ao]|"
    r"geaccepteerd|geweigerd|voorlopig|geannuleerd|accepterat|avböjt|preliminärt|accepteret|afslået|akseptert|"
    r"avslått|hyväksytty|hylätty|"
    r"zaakceptowano|odrzucono|wstępnie|přijato|odmítnuto|elfogadva|принято|отклонено|под вопросом|отменено|"
    r"приглашение|تم القبول|مقبول|مرفوض|已接受|已拒绝|已謝絕|暂定|承諾|辞退|仮承諾|수락됨|거절됨"
)
RECALL_PREFIX = _prefix(
    r"recall|message recall(?: (?:success|failure|report))?|recolher|cancelar|peruuta|odvolat|odvolať|rappel|"
    r"rückruf|nachrichtenrückruf|recuperar|retirar|"
    r"recuperación|richiamo|richiama|intrekken|terugroepen|återkalla|"
    r"tilbagekald|tilbakekall|peruutus|odwołanie|odwołaj|odvolání|visszahívás|отзыв|отозвать|відкликання|ανάκληση|"
    r"geri çağır|geri çağırma|סגירה|استدعاء|"
    r"استرجاع|撤回|收回|回收|取り消し|取消|회수",
    end="(?:[:：]|$)",
)
RECALL_SENTENCE = re.compile(
    r"would like to recall the message|(?:attempt|request) to recall|message recall for|recall of (?:this|"
    r"the) message|(?:wishes|wants|wish) to recall|souhaite rappeler le message|"
    r"désire rappeler|voudrait rappeler le message|"
    r"möchte (?:die|eine|diese) nachricht .{0,300}(?:zurückrufen|zurückholen)|nachricht .{0,300}zurückrufen|"
    r"desea (?:recuperar|retirar) el mensaje|"
    r"(?:gostaria de|deseja) (?:cancelar|recuperar|recolher|chamar) a mensagem|desidera richiamare il messaggio|"
    r"vuole richiamare|wil(?:t)? het bericht .{0,300}intrekken|"
    r"vill återkalla|ønsker at tilbagekalde|vil tilbakekalle|haluaa (?:peruuttaa|palauttaa)|chce odwołać|"
    r"chce odvolat|(?:хочет|хотел[аи]? бы|желает) отозвать (?:\w+ )?(?:сообщение|письмо)|отзывает сообщение|"
    r"хоче відкликати|θέλει να ανακαλέσει|geri çağırmak istiyor|يريد استدعاء|(?:يرغب|"
    r"ترغب)[^\n]{0,80} في (?:استدعاء|استرداد)|希望撤回|"
    r"想(?:要)?撤回|想要收回|要撤回|取り消し(?:を要求|たい)|メッセージを取り消|회수하려고",
    re.I | re.S,
)
DAEMON = re.compile(
    r"^(?:mailer[-_.]?daemon|mail[-_.]?daemon|post[-_.]?master|maildelivery|mail[-_.]?delivery.*|mdaemon|mmdf|"
    r"microsoftexchange[0-9a-f]+|anti-?virus|virus[-_.]?\w*|"
    r"mail[-_.]?(?:scanner|sweeper|marshal|guard|filter|gateway)|content[-_.]?filter|bounces?|bounce[-_+].*|"
    r"no-?reply-?bounce|"
    r"mailrouter|system.?attendant|imail|amavis|double-bounce|mta|uucp|daemon|spamcop|prodigy)$",
    re.I,
)
NO_REPLY = re.compile(r"^(?:no|do-?not|ne-?pas|nicht)[-_.]?(?:reply|antworten|repondre)\b", re.I)
#: boxes that servers write from, and people too
SHARED_BOX = re.compile(
    r"^(?:root|exchange|mail|mailadmin|mail-?administrator|administrator|mailer|smtp|notes|internet|delivery|fax)$",
    re.I,
)
DAEMON_NAME = re.compile(
    r"mail delivery|mailer.?daemon|postmaster|mail (?:system|administrator|server)|system administrator|"
    r"delivery (?:subsystem|service|system)|microsoft outlook|"
    r"microsoft exchange|internet mail|mail router|administrador del sistema|administrateur système|"
    r"systemadministrator|mdaemon|inet_gw",
    re.I,
)
