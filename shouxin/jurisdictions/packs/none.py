"""No jurisdiction: for imported data. No rule, and a calendar that is always open."""

from shouxin.jurisdictions.calendars import ROUND_THE_CLOCK
from shouxin.jurisdictions.packs.pack import Pack
from shouxin.jurisdictions.terms import Wording


def make(code: str) -> Pack:
    return Pack(
        code=code,
        name=Wording("未指定法域", "No jurisdiction", "未指定法域"),
        hours=(ROUND_THE_CLOCK,),
        rest_weekdays=frozenset(),
    )
