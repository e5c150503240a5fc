"""What a customer writes and an officer answers: a story's sentences filled in for this customer and this day."""

from datetime import datetime, timedelta
from random import Random
from typing import Any

from shouxin.core.clock import local
from shouxin.demo.corpus import read
from shouxin.demo.customers import Cover, Person
from shouxin.demo.insurer import Insurer

WEEKDAYS = "一二三四五六日"
# What a policy's value is of what was paid for it, by the years it has run; half at first, more than all at the end.
VALUE = (0.0, 0.32, 0.48, 0.58, 0.66, 0.74, 0.82, 0.9, 0.95, 1.0, 1.04)
SAVING = frozenset({"life", "annuity", "linked"})
# After so many years nothing more is paid in.
PAID_FOR = 20
# Whoever is older speaks of a sister or brother: a parent would be over ninety.
OLDEST_CHILD = 62

SPOKEN = {"phone": "客戶來電：", "counter": "客戶臨櫃："}

Filler = dict[str, Any]


def spoken_day(at: datetime) -> str:
    """11 月 27 日（五）, as people write it."""
    day = local(at)
    return f"{day.month} 月 {day.day} 日（{WEEKDAYS[day.weekday()]}）"


def blanks(random: Random, cover: Cover, at: datetime, insurer: Insurer) -> Filler:
    """The words for this customer, policy and day: the same ones in every sentence of the case."""
    day, words, person = local(at).date(), read("words"), cover.holder
    years = max((day - cover.issued).days // 365, 1)
    paid = cover.premium * min(years, PAID_FOR)
    value = int(paid * VALUE[min(years, len(VALUE) - 1)]) // 100 * 100
    event, nights, daily = at - timedelta(days=random.randint(9, 26)), random.randint(2, 11), random.randint(1, 4) * 500
    return {
        "salute": courteous(person), "name": person.name, "product": cover.product_name, "policy": cover.number,
        "agent": cover.agent, "agent_salute": cover.agent[0] + random.choice(("小姐", "先生", "經理")),
        "year": cover.issued.year, "years": years, "age": day.year - person.born, "phone": person.phone,
        "premium": f"{cover.premium:,}", "monthly": f"{cover.premium * 88 // 1000:,}", "paid": f"{paid:,}",
        "value": f"{max(value, 3000):,}", "less": f"{max(paid - value, 1000):,}",
        "loan": f"{max(value // 2, 10_000) // 10_000 * 10_000:,}", "new_premium": f"{cover.premium * 113 // 100:,}",
        "event_day": spoken_day(event), "sent_day": spoken_day(event + timedelta(days=4)), "nights": nights,
        "daily": f"{daily:,}", "benefit": f"{daily * nights:,}", "bill": f"{random.randint(28, 640) * 250:,}",
        "interest": f"{random.randint(12, 60) * 5:,}", "clause": random.randint(6, 22),
        "hospital": random.choice(words["hospitals"][person.branch]), "surgery": random.choice(words["surgeries"]),
        "illness": random.choice(words["illnesses"]), "bank": random.choice(words["banks"]),
        "address": person.address, "branch": insurer.branches[person.branch].name,
        "weekday": random.choice("一二三四五"), "tail": f"{random.randint(0, 9999):04d}",
        "successor": _successor(random, cover, insurer, at), **elder(random, day.year - person.born),
        "promise_day": spoken_day(at + timedelta(days=3)), "officer": "", "team": "",
    }  # fmt: skip


def elder(random: Random, age: int) -> Filler:
    """For whom a customer speaks: a parent, or a sister or brother where a parent would be too old."""
    has_parents = age <= OLDEST_CHILD
    older = random.randint(0, 14)
    return {
        "mother": "媽媽" if has_parents else "姊姊", "father": "爸爸" if has_parents else "哥哥",
        "parent_age": max(age + 23 + older // 2, 60) if has_parents else age + 1 + older // 3,
    }  # fmt: skip


def _successor(random: Random, cover: Cover, insurer: Insurer, at: datetime) -> str:
    """An agent of the customer's branch who is still there."""
    branch = insurer.branches[cover.holder.branch].pk
    here = insurer.agents_of(branch, local(at).date())
    return random.choice([agent.name for agent in here if agent.pk != cover.agent_id] or ["區經理"])


def say(random: Random, sentences: list[str], filler: Filler) -> str:
    """One of the sentences, filled in. KeyError for a blank that nobody thought of."""
    return random.choice(sentences).format_map(filler)


def asked(random: Random, story: dict[str, Any]) -> tuple[str, str]:
    """Subject and body of a request, which belong together by their places."""
    place = random.randrange(len(story["body"]))
    return story["subject"][place % len(story["subject"])], story["body"][place]


def noted(text: str, channel: str) -> str:
    """What was said on the telephone or at the counter, as staff write it down."""
    if channel not in SPOKEN:
        return text
    return f"{SPOKEN[channel]}「{text.replace('「', '『').replace('」', '』')}」"


def courteous(person: Person) -> str:
    """王小姐, 陳先生, 歐陽先生."""
    surname = person.name[:2] if person.name[:2] == "歐陽" else person.name[0]
    return surname + ("小姐" if person.gender == "female" else "先生")
