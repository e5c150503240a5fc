"""Taiwan."""

from datetime import date
from decimal import Decimal

from shouxin.jurisdictions.calendars import office_hours
from shouxin.jurisdictions.packs.days import Holidays
from shouxin.jurisdictions.packs.identity import is_taiwan_company, is_taiwan_id
from shouxin.jurisdictions.packs.pack import Identity, Pack, load_rules, load_words
from shouxin.jurisdictions.terms import Wording

LISTED_UNTIL = date(2026, 12, 31)
HOLIDAYS = Holidays(
    "tw", "TW", None, "zh_TW", official_from=date(2017, 1, 1), official_until=LISTED_UNTIL,
    published_until=LISTED_UNTIL, eve_before="農曆除夕",
)  # fmt: skip
PLACES = (
    "台北市", "新北市", "桃園市", "台中市", "台南市", "高雄市", "基隆市", "新竹市", "新竹縣", "苗栗縣", "彰化縣",
    "南投縣", "雲林縣", "嘉義市", "嘉義縣", "屏東縣", "宜蘭縣", "花蓮縣", "台東縣", "澎湖縣", "金門縣", "連江縣",
)  # fmt: skip


def make(code: str) -> Pack:
    return Pack(
        code=code,
        name=Wording("臺灣", "Taiwan", "台湾"),
        zone="Asia/Taipei",
        currency="TWD",
        unit=Decimal(1),
        hours=(office_hours(range(5), "09:00-12:00", "13:00-17:30"),),
        holidays=HOLIDAYS,
        rules=load_rules(code, "tw"),
        places=PLACES,
        identities=(
            Identity("person", Wording("身分證統一編號", "National identity number"), "A123456789", is_taiwan_id),
            Identity("company", Wording("統一編號", "Unified business number"), "04595257", is_taiwan_company),
        ),
        **load_words("tw"),
    )
