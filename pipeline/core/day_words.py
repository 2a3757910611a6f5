"""Names of months and weekdays as mail writes them, in many languages."""

import re

_MONTH_NAMES = (
    (
        "january jan janvier janv enero ene janeiro januar jän jänner gennaio gen januari янв января январь 一月 "
        "يناير styczeń stycznia sty ledna tammikuuta ocak oca січня ianuarie január ιανουαρίου"
    ),
    (
        "february feb février févr fevrier febrero fevereiro fev februar febbraio februari фев февраля февраль 二月 "
        "فبراير شباط luty lutego lut února helmikuuta şubat şub лютого februarie február φεβρουαρίου"
    ),
    (
        "march mar mars marzo março marco märz maart мар марта март 三月 مارس آذار marzec marca března maaliskuuta "
        "marts mart березня martie március μαρτίου"
    ),
    (
        "april apr avril avr abril abr aprile апр апреля апрель 四月 أبريل ابريل نيسان kwiecień kwietnia kwi dubna "
        "huhtikuuta nisan nis квітня aprilie április απριλίου"
    ),
    ("may mai mayo maio maggio mag mei май мая 五月 مايو أيار maj maja května toukokuuta mayıs maí травня május μαΐου"),
    (
        "june jun juin junio junho juni giugno giu июн июня июнь 六月 يونيو حزيران czerwiec czerwca cze června "
        "kesäkuuta haziran haz червня iunie június ιουνίου"
    ),
    (
        "july jul juillet juil julio julho juli luglio lug июл июля июль 七月 يوليو تموز lipiec lipca lip července "
        "heinäkuuta temmuz tem липня iulie július ιουλίου"
    ),
    (
        "august aug août aout agosto ago augustus augusti авг августа август 八月 أغسطس اغسطس آب sierpień sierpnia "
        "sie srpna elokuuta ağustos ağu серпня augusztus αυγούστου"
    ),
    (
        "september sep sept septembre septiembre setiembre setembro set settembre сен сент сентября сентябрь 九月 "
        "سبتمبر أيلول wrzesień września wrz září syyskuuta eylül eyl вересня septembrie szeptember σεπτεμβρίου"
    ),
    (
        "october oct octobre octubre outubro out oktober okt ottobre ott окт октября октябрь 十月 أكتوبر اكتوبر "
        "październik października paź října lokakuuta ekim eki жовтня octombrie október οκτωβρίου"
    ),
    (
        "november nov novembre noviembre novembro ноя ноября ноябрь 十一月 نوفمبر listopad listopada lis listopadu "
        "marraskuuta kasım kas листопада noiembrie νοεμβρίου"
    ),
    (
        "december dec décembre déc decembre diciembre dic dezembro dez dezember dicembre дек декабря декабрь 十二月 "
        "ديسمبر grudzień grudnia gru prosince joulukuuta aralık ara грудня decembrie desember des δεκεμβρίου"
    ),
)
#: name in lower case -> 1 to 12
MONTHS = {name: number for number, names in enumerate(_MONTH_NAMES, 1) for name in names.split()}
MONTHS |= {"كانون الثاني": 1, "تشرين الأول": 10, "تشرين الثاني": 11, "كانون الأول": 12}

# no short forms: "mon" is French for "my"
_WEEKDAY_NAMES = (
    "monday lundi lunes segunda-feira montag lunedì maandag måndag mandag maanantai poniedziałek poniedziałku "
    "pazartesi понедельник понедельника понедельнику понеділка pondělí hétfő luni الاثنين 星期一 周一 礼拜一 月曜 "
    "월요일",
    "tuesday mardi martes terça-feira dienstag martedì dinsdag tisdag tirsdag tiistai wtorek wtorku salı "
    "вторник вторника вторнику вівторка úterý kedd marți الثلاثاء 星期二 周二 礼拜二 火曜 화요일",
    "wednesday mercredi miércoles quarta-feira mittwoch mercoledì woensdag onsdag keskiviikko środa środy çarşamba "
    "среда среду среды среде середи středa středy szerda miercuri الأربعاء 星期三 周三 礼拜三 水曜 수요일",
    "thursday jeudi jueves quinta-feira donnerstag giovedì donderdag torsdag torstai czwartek czwartku perşembe "
    "четверг четверга четвергу čtvrtek čtvrtka csütörtök joi الخميس 星期四 周四 礼拜四 木曜 목요일",
    "friday vendredi viernes sexta-feira freitag venerdì vrijdag fredag perjantai piątek piątku cuma "
    "пятница пятницу пятницы пятнице п'ятниці pátek pátku péntek vineri الجمعة 星期五 周五 礼拜五 金曜 금요일",
    "saturday samedi sábado samstag sonnabend sabato zaterdag lördag lørdag lauantai sobota soboty cumartesi "
    "суббота субботу субботы субботе суботи szombat sâmbătă السبت 星期六 周六 礼拜六 土曜 토요일",
    "sunday dimanche domingo sonntag domenica zondag söndag søndag sunnuntai niedziela niedzieli pazar "
    "воскресенье воскресенья воскресенью неділі neděle vasárnap duminică الأحد 星期日 星期天 周日 周天 礼拜天 日曜 "
    "일요일",
)
#: name in lower case -> 0 for Monday to 6 for Sunday
WEEKDAYS = {name: number for number, names in enumerate(_WEEKDAY_NAMES) for name in names.split()}


def one_of(names: dict[str, int]) -> str:
    """The alternatives of a pattern that matches any of `names`, longer ones first."""
    return "|".join(sorted(map(re.escape, names), key=len, reverse=True))
