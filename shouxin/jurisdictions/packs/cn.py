"""The Mainland. Its legal wording stands in Simplified as it was written."""

from datetime import date

from shouxin.jurisdictions.calendars import office_hours
from shouxin.jurisdictions.packs.days import Holidays
from shouxin.jurisdictions.packs.identity import is_mainland_company, is_mainland_id
from shouxin.jurisdictions.packs.pack import Identity, Pack, load_rules, load_words
from shouxin.jurisdictions.terms import Wording

LISTED_UNTIL = date(2026, 12, 31)
HOLIDAYS = Holidays(
    "cn", "CN", None, "zh_CN", official_from=date(2018, 1, 1), official_until=LISTED_UNTIL,
    published_until=LISTED_UNTIL,
)  # fmt: skip
PERSON = Wording("居民身分證號碼", "Resident identity number", "公民身份号码")
COMPANY = Wording("統一社會信用代碼", "Unified social credit code", "统一社会信用代码")


def make(code: str) -> Pack:
    return Pack(
        code=code,
        name=Wording("中國大陸", "Mainland China", "中国大陆"),
        zone="Asia/Shanghai",
        currency="CNY",
        hours=(office_hours(range(5), "09:00-12:00", "13:00-17:30"),),
        holidays=HOLIDAYS,
        rules=load_rules(code, "cn"),
        places=("北京", "上海", "广东", "江苏", "浙江", "四川", "福建"),
        identities=(
            Identity("person", PERSON, "11010519491231002X", is_mainland_id),
            Identity("company", COMPANY, "91350100M000100Y43", is_mainland_company),
        ),
        **load_words("cn"),
    )
