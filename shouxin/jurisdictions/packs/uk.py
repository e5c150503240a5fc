"""United Kingdom; bank holidays are those of England and Wales."""

from datetime import date

from shouxin.jurisdictions.calendars import office_hours
from shouxin.jurisdictions.packs.days import Holidays
from shouxin.jurisdictions.packs.identity import is_british_nino
from shouxin.jurisdictions.packs.pack import Identity, Pack, load_rules, load_words
from shouxin.jurisdictions.terms import Wording

PUBLISHED_UNTIL = date(2027, 12, 31)
PERSON = Wording("國民保險號碼", "National insurance number")


def make(code: str) -> Pack:
    return Pack(
        code=code,
        name=Wording("英國", "United Kingdom", "英国"),
        zone="Europe/London",
        currency="GBP",
        hours=(office_hours(range(5), "09:00-17:00"),),
        holidays=Holidays("", "GB", "ENG", "en_GB", published_until=PUBLISHED_UNTIL),
        rules=load_rules(code, "uk"),
        identities=(Identity("person", PERSON, "AB123456C", is_british_nino),),
        **load_words("uk"),
    )
