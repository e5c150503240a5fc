"""Singapore."""

from datetime import date

from shouxin.jurisdictions.calendars import office_hours
from shouxin.jurisdictions.packs.days import Holidays
from shouxin.jurisdictions.packs.identity import is_singapore_id
from shouxin.jurisdictions.packs.pack import Identity, Pack, load_rules, load_words
from shouxin.jurisdictions.terms import Wording

GAZETTED_UNTIL = date(2026, 12, 31)
PERSON = Wording("身分證號碼", "NRIC or FIN")


def make(code: str) -> Pack:
    return Pack(
        code=code,
        name=Wording("新加坡", "Singapore", "新加坡"),
        zone="Asia/Singapore",
        currency="SGD",
        hours=(office_hours(range(5), "09:00-17:30"),),
        holidays=Holidays("", "SG", None, "en_SG", published_until=GAZETTED_UNTIL),
        rules=load_rules(code, "sg"),
        identities=(Identity("person", PERSON, "S1234567D", is_singapore_id),),
        **load_words("sg"),
    )
