"""What a customer writes and an officer answers: a story's sentences filled in for this customer and this day."""

from datetime import datetime
from random import Random
from typing import Any

from shouxin.core.clock import local
from shouxin.demo.customers import Cover, Person

HOSPITALS = (
    "台大醫院",
    "榮民總醫院",
    "長庚醫院",
    "馬偕醫院",
    "成大醫院",
    "高雄醫學大學附設醫院",
    "彰化基督教醫院",
    "亞東醫院",
)
SURGERIES = ("手腕骨折復位固定", "白內障手術", "大腸瘜肉切除", "膝關節鏡手術", "乳房腫瘤切片")
BANKS = ("台灣銀行", "第一銀行", "國泰世華", "玉山銀行", "郵局")
AGO = ("上週一", "上個月底", "十天前", "兩週前", "上星期五", "這個月初")
WEEKDAYS = "一二三四五六日"


def spoken_day(at: datetime) -> str:
    """11 月 27 日(五), as people write it."""
    day = local(at)
    return f"{day.month} 月 {day.day} 日({WEEKDAYS[day.weekday()]})"


class Filler(dict):
    """A story's blanks; one that nobody thought of stays readable instead of failing."""

    def __missing__(self, name: str) -> str:
        return "……"


def blanks(random: Random, person: Person, cover: Cover | None, at: datetime, by_name: str = "") -> Filler:
    """The words for this customer, policy and day."""
    year = local(at).year
    paid_years = max(year - (cover.year if cover else year - 3), 1)
    premium = cover.premium if cover else 12_000
    amount = max(int(premium * random.uniform(0.4, 3.2)) // 100 * 100, 1200)
    return Filler(
        product=cover.product_name if cover else "醫療險", policy=cover.number if cover else "",
        agent=cover.agent if cover else "業務員", amount=f"{amount:,}", paid=f"{premium * paid_years:,}",
        ago=random.choice(AGO), weeks=random.choice("二三四"),
        year=str(cover.year if cover else year - 3), years=str(paid_years), age=str(year - person.born),
        branch=random.choice(("櫃檯", "台北櫃檯", "分公司")), team="客戶經營組", hospital=random.choice(HOSPITALS),
        surgery=random.choice(SURGERIES), clause=str(random.randint(4, 22)), days=str(random.randint(2, 14)),
        bank=random.choice(BANKS), address=person.address, successor=by_name or "服務專員",
        salute=courteous(person), promise_day=spoken_day(at),
    )  # fmt: skip


def say(random: Random, sentences: list[str], filler: Filler) -> str:
    return random.choice(sentences).format_map(filler)


def courteous(person: Person) -> str:
    """王小姐, 陳先生."""
    return person.name[0] + ("小姐" if person.gender == "female" else "先生")


def asked(random: Random, story: dict[str, Any], filler: Filler) -> tuple[str, str]:
    """Subject and body of a request."""
    return say(random, story["subject"], filler), say(random, story["body"], filler)
