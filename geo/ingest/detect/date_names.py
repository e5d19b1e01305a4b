"""Names of months and weekdays in the languages of uploads, as data, and their lookup.

Month names follow CLDR, in the forms that dates use: Russian and Ukrainian in the genitive too,
Arabic as in Egypt and as in the Levant.
"""

import re
import unicodedata
from functools import lru_cache

_MONTHS = (
    "january januar janvier ocak январь января січень січня يناير كانون_الثاني كانون_ثاني"
    " ינואר enero jan jän jänner",
    "february februar février şubat февраль февраля лютий лютого فبراير شباط פברואר febrero feb",
    "march märz mars mart март марта березень березня مارس آذار מרץ מרס marzo maerz mrz mar",
    "april avril nisan апрель апреля квітень квітня أبريل إبريل نيسان אפריל abril apr",
    "may mai mayıs май мая травень травня مايو أيار מאי mayo",
    "june juni juin haziran июнь июня червень червня يونيو يونية حزيران יוני junio jun",
    "july juli juillet temmuz июль июля липень липня يوليو يولية تموز יולי julio jul",
    "august août ağustos август августа серпень серпня أغسطس آب אוגוסט agosto aug",
    "september septembre eylül сентябрь сентября вересень вересня سبتمبر أيلول ספטמבר septiembre"
    " setiembre sept sep",
    "october oktober octobre ekim октябрь октября жовтень жовтня أكتوبر تشرين_الأول تشرين_أول"
    " אוקטובר octubre oct okt",
    "november novembre kasım ноябрь ноября листопад листопада نوفمبر تشرين_الثاني تشرين_ثاني"
    " נובמבר noviembre nov",
    "december dezember décembre aralık декабрь декабря грудень грудня ديسمبر كانون_الأول كانون_أول"
    " דצמבר diciembre dec dez",
)
_WEEKDAYS = """
    monday tuesday wednesday thursday friday saturday sunday tues thur thurs
    montag dienstag mittwoch donnerstag freitag samstag sonntag mo di mi do fr sa so
    lundi mardi mercredi jeudi vendredi samedi dimanche
    pazartesi salı çarşamba perşembe cuma cumartesi pazar
    понедельник вторник среда четверг пятница суббота воскресенье пн вт ср чт пт сб вс
    понеділок вівторок середа четвер пʼятниця п'ятниця субота неділя
    يوم الاثنين الثلاثاء الأربعاء الخميس الجمعة السبت الأحد
    lunes martes miércoles jueves viernes sábado domingo
    יום שני שלישי רביעי חמישי שישי שבת ראשון
"""
_MARKS = re.compile(r"[\u0640\u200b-\u200f\u202a-\u202e\u2066-\u2069\ufeff]")
_ENDS = re.compile(r"[.,،]+$")
_LETTER = re.compile("[a-z]")
_SHORTEST = 3


def fold(text: str) -> str:
    """Return a text for comparison: digits 0-9, lower case, no accents, no direction marks."""
    if text.isascii():
        return " ".join(text.split()).lower()
    parts = unicodedata.normalize("NFKD", _MARKS.sub("", text).casefold())
    kept = (str(unicodedata.decimal(one, one)) for one in parts if not unicodedata.combining(one))
    plain = "".join(kept).translate(_PLAIN)
    return " ".join(plain.split())


_PLAIN = str.maketrans({"ı": "i", "−": "-", "–": "-", "—": "-", "،": ",", "’": "'", "ʼ": "'"})


@lru_cache(maxsize=1)
def _month_table() -> dict[str, int]:
    """Return each name and each clear beginning of one, of three letters or more -> month."""
    names = {
        fold(name.replace("_", " ")): month
        for month, words in enumerate(_MONTHS, 1)
        for name in words.split()
    }
    starts: dict[str, set[int]] = {}
    for name, month in names.items():
        for size in range(_SHORTEST, len(name)):
            starts.setdefault(name[:size], set()).add(month)
    return {start: min(months) for start, months in starts.items() if len(months) == 1} | names


@lru_cache(maxsize=1)
def _weekday_names() -> tuple[frozenset[str], frozenset[str]]:
    """Return the long names, and all names with their beginnings of two letters or more."""
    names = fold(_WEEKDAYS).split()
    starts = (name[:size] for name in names for size in range(2, len(name) + 1))
    return frozenset(name for name in names if len(name) > _SHORTEST), frozenset(starts)


def drop_weekdays(text: str) -> str:
    """Return a folded text without the long names of weekdays."""
    if text.isascii() and not _LETTER.search(text):
        return text
    words = text.split()
    left = [word for word in words if _ENDS.sub("", word) not in _weekday_names()[0]]
    return " ".join(left).removesuffix(",")


def find_month(words: str) -> int | None:
    """Return the month of a folded name, None for none; "a/b" are two names of the same month."""
    found = set()
    for one in words.split("/"):
        name = _ENDS.sub("", one.strip(" ()"))
        name = name.removeprefix("de ").removesuffix(" de").removesuffix(" del")
        hebrew = name.removeprefix("ב")  # "in"
        found.add(_month_table().get(name) or _month_table().get(hebrew))
    return found.pop() if len(found) == 1 else None


def is_weekday(words: str) -> bool:
    """Return whether a folded text is the name of a weekday or its beginning."""
    return _ENDS.sub("", words.strip()) in _weekday_names()[1]
