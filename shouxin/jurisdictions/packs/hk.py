"""Hong Kong."""

from datetime import date

from shouxin.jurisdictions.calendars import office_hours
from shouxin.jurisdictions.packs.days import Holidays
from shouxin.jurisdictions.packs.identity import is_hong_kong_id
from shouxin.jurisdictions.packs.pack import Identity, Pack, load_rules, load_words
from shouxin.jurisdictions.terms import Wording

GAZETTED_UNTIL = date(2026, 12, 31)
PERSON = Wording("香港身份證號碼", "Identity card number")


def make(code: str) -> Pack:
    return Pack(
        code=code,
        name=Wording("香港", "Hong Kong", "香港"),
        zone="Asia/Hong_Kong",
        currency="HKD",
        hours=(office_hours(range(5), "09:00-13:00", "14:00-17:30"),),
        # The library's "public" are the statutory holidays of employees; general holidays are its optional ones too.
        holidays=Holidays("", "HK", None, "zh_HK", categories=("public", "optional"), published_until=GAZETTED_UNTIL),
        rules=load_rules(code, "hk"),
        identities=(Identity("person", PERSON, "A123456(3)", is_hong_kong_id),),
        **load_words("hk"),
    )
