"""The example insurer's customers and policies: 20,000 people, 30,000 policies."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from random import Random

from shouxin.core.clock import start_of
from shouxin.customers.actions import customer_numbers
from shouxin.customers.bulk import CustomerRow, copy_customers
from shouxin.demo.corpus import person_name, read
from shouxin.demo.insurer import Insurer, works_on
from shouxin.people.models import Agent
from shouxin.policies.bulk import PolicyRow, copy_policies
from shouxin.policies.models import Product

# The letters of Taiwan's identity numbers and the value each stands for.
ID_LETTERS = dict(zip("ABCDEFGHJKLMNPQRSTUVXYWZIO", range(10, 36), strict=True))
CHILDREN = 0.04
FOR_CHILDREN = "KID"
LONGEST = 4800  # days since the oldest policy was issued
SOLD_BEFORE = {"in_force": 80, "lapsed": 6, "paid_up": 5, "surrendered": 4, "matured": 3, "grace": 2}


@dataclass(frozen=True)
class Person:
    """What a case needs to know of a customer."""

    id: int
    number: str
    name: str
    gender: str
    born: int
    branch: str
    phone: str
    email: str
    address: str


@dataclass(frozen=True)
class Cover:
    id: int
    number: str
    product: str
    product_name: str
    holder: Person
    premium: int
    issued: date
    state: str
    line: str
    agent: str
    agent_id: int
    agent_left_on: date | None

    def agent_left_by(self, day: date) -> bool:
        """Whether its agent has left by then."""
        return self.agent_left_on is not None and self.agent_left_on < day


def identity_number(random: Random, gender: str) -> str:
    """An identity number of Taiwan's form with a right check digit."""
    letter = random.choice("ABCDEFHNT")
    digits = [1 if gender == "male" else 2, *(random.randint(0, 9) for _ in range(7))]
    value = ID_LETTERS[letter]
    total = value // 10 + value % 10 * 9 + sum(d * w for d, w in zip(digits, range(8, 0, -1), strict=True))
    return letter + "".join(map(str, digits)) + str(-total % 10)


def invite_customers(insurer: Insurer, random: Random, count: int, today: date) -> list[Person]:
    """COPY `count` customers with telephone, mail and address, spread over the branches."""
    places = read("places")["branch"]
    shares = [place["share"] for place in places]
    rows, told = [], []
    for number, code in enumerate(customer_numbers(count)):
        place = random.choices(places, shares)[0]
        gender = "female" if random.random() < 0.54 else "male"
        born = _born(random, today)
        name = person_name(random, gender, born)
        phone = f"09{random.randint(10, 89)}-{random.randint(0, 999):03d}-{random.randint(0, 999):03d}"
        email = f"u{number + 1:05d}@mail.example" if random.random() < 0.8 else ""
        street = f"{random.choice(place['streets'])}{random.randint(1, 399)}號{random.randint(2, 14)}樓"
        district = random.choice(place["districts"])
        address = f"{'' if '市' in district else place['place']}{district}{street}"
        contacts = (("phone", phone), ("address", address), *((("email", email),) if email else ()))
        since = today - timedelta(days=random.randint(30, 5400))
        rows.append(
            CustomerRow(
                number=code,
                name=name,
                registered_at=start_of(since) + timedelta(hours=10),
                gender=gender,
                id_number=identity_number(random, gender),
                birth_on=date(born, random.randint(1, 12), random.randint(1, 28)),
                branch_id=insurer.branches[place["code"]].pk,
                contacts=contacts,
            )  # fmt: skip
        )
        told.append((code, name, gender, born, place["code"], phone, email, address))
    keys = copy_customers(rows)
    return [Person(key, *about) for key, about in zip(keys, told, strict=True)]


def _born(random: Random, today: date) -> int:
    """One in twenty-five is a child: insured, never a holder."""
    if random.random() < CHILDREN:
        return today.year - random.randint(1, 14)
    return int(random.triangular(1938, today.year - 20, 1974))


def sell_policies(insurer: Insurer, people: list[Person], random: Random, count: int, now: datetime) -> list[Cover]:
    """COPY `count` policies: everybody has one, some have several; holder and insured are mostly the same."""
    products = _products()
    shares = [about["share"] for about in read("products")["product"]]
    today = now.date()
    grown, children = _by_age(people, today)
    owners = grown + [grown[int(random.triangular(0, len(grown) - 1, 0))] for _ in range(count - len(grown))]
    rows, told = [], []
    for number, owner in enumerate(owners[:count]):
        about = random.choices(read("products")["product"], shares)[0]
        issued = _issued(random, owner, today)
        agent = _seller(insurer, random, issued)
        premium = random.randint(*about["premium"]) // 100 * 100
        others = children if about["code"] == FOR_CHILDREN else grown
        insured = owner if others is grown and random.random() < 0.8 else random.choice(others)
        state = _state(random, about["line"], (today - issued).days)
        code = f"QL-{10_000_000 + number * 7:08d}"
        rows.append(
            PolicyRow(
                number=code,
                product_id=products[about["code"]].pk,
                issued_on=issued,
                currency="TWD",
                delivered_on=issued + timedelta(days=random.randint(3, 12)),
                premium=Decimal(premium),
                state=state,
                sum_insured=Decimal(premium * random.randint(15, 90)),
                agent_id=agent.pk,
                mirrored_at=now,
                branch_id=insurer.branches[owner.branch].pk,
                roles=((owner.id, "holder"), (insured.id, "insured")),
            )  # fmt: skip
        )
        told.append((
            code, about["code"], about["name"], owner, premium, issued, state, about["line"], agent.name,
            agent.pk, agent.left_on,
        ))  # fmt: skip
    keys = copy_policies(rows)
    return [Cover(key, *about) for key, about in zip(keys, told, strict=True)]


def _by_age(people: list[Person], today: date) -> tuple[list[Person], list[Person]]:
    """Who may hold a policy, and the children."""
    grown = [person for person in people if today.year - person.born >= 20]
    return grown, [person for person in people if today.year - person.born < 20] or grown


def _state(random: Random, line: str, days: int) -> str:
    """How it stands today: what has no value lapses where another is surrendered."""
    state = random.choices(list(SOLD_BEFORE), list(SOLD_BEFORE.values()))[0] if days > 400 else "in_force"
    return "lapsed" if state in ("matured", "surrendered") and line in ("health", "accident") else state


def _issued(random: Random, owner: Person, today: date) -> date:
    """When he was of age, and not yet seventy."""
    latest = max((today - date(owner.born + 70, 1, 1)).days, 1)
    earliest = min((today - date(owner.born + 20, 12, 31)).days, LONGEST)
    return today - timedelta(days=random.randint(min(latest, LONGEST - 1), max(earliest, latest + 1, 2)))


def _seller(insurer: Insurer, random: Random, day: date) -> Agent:
    """One of those who sold on that day; of the oldest policies, whoever is there longest."""
    for _ in range(30):
        agent = random.choice(insurer.agents)
        if works_on(agent, day):
            return agent
    return min(insurer.agents, key=lambda agent: (abs((agent.registered_on - day).days), agent.pk))


def _products() -> dict[str, Product]:
    return {
        about["code"]: Product.objects.create(code=about["code"], name=about["name"], line=about["line"])
        for about in read("products")["product"]
    }
