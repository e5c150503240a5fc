"""晴川人壽, the example insurer: five branches, 120 staff in seven posts, its agents."""

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from random import Random

from django.contrib.auth.hashers import make_password

from shouxin.core.sorting import sort_key
from shouxin.demo.corpus import person_name, read
from shouxin.people.models import Agent, Branch, Company, Skill, Staff, StaffSkill, Team

PASSWORD = "shouxin-2026"
JURISDICTION = "TW"
SKILLS = {"service": "一般服務", "complaint": "申訴", "claim": "理賠", "servicing": "保全", "regulator": "主管機關轉辦"}

# team code, name, branch, post of its members, how many, skills
TEAMS = (
    ("complaints-1", "申訴一組", "taipei", "EC", 8, "service complaint regulator"),
    ("complaints-2", "申訴二組", "taichung", "EC", 6, "service complaint"),
    ("calls-1", "客服一組", "taipei", "CC", 14, "service"),
    ("calls-2", "客服二組", "taichung", "CC", 12, "service"),
    ("claims-1", "理賠服務組", "taipei", "CL", 12, "service claim"),
    ("counter-tp", "台北櫃面組", "taipei", "CT", 7, "service servicing"),
    ("counter-ty", "桃園櫃面組", "taoyuan", "CT", 7, "service servicing claim"),
    ("counter-tc", "台中櫃面組", "taichung", "CT", 7, "service servicing claim"),
    ("counter-tn", "台南櫃面組", "tainan", "CT", 6, "service servicing claim"),
    ("counter-kh", "高雄櫃面組", "kaohsiung", "CT", 7, "service servicing claim"),
    ("relations", "客戶經營組", "taipei", "CR", 12, "service"),
    ("planning", "服務企劃組", "taipei", "SP", 10, "service"),
)
# One account of each post that a visitor can remember.
KNOWN = {
    ("complaints-1", 0): ("lin", "林佳穎"), ("calls-1", 0): ("chang", "張淑芬"), ("claims-1", 0): ("wu", "吳承翰"),
    ("counter-tp", 0): ("huang", "黃國榮"), ("relations", 0): ("hsieh", "謝雅雯"), ("planning", 0): ("yeh", "葉思穎"),
    ("planning", 1): ("hsu", "許秀琴"), ("planning", 2): ("tsai", "蔡佩珊"), ("planning", 3): ("admin", "趙志明"),
}  # fmt: skip
AGENTS = 320
LEADERS = {"complaints-1": ("chou", "周文彬")}
FUNCTIONS = {"hsu": ["hr"], "tsai": ["compliance"], "admin": ["admin"]}


@dataclass
class Insurer:
    """Everyone who works for or sells for the example insurer, with their ids."""

    branches: dict[str, Branch] = field(default_factory=dict)
    teams: dict[str, Team] = field(default_factory=dict)
    staff: list[Staff] = field(default_factory=list)
    leaders: dict[str, Staff] = field(default_factory=dict)
    members: dict[str, list[Staff]] = field(default_factory=dict)
    agents: list[Agent] = field(default_factory=list)
    _selling: dict[tuple[int, date], list[Agent]] = field(default_factory=dict)

    def agents_of(self, branch: int, day: date) -> list[Agent]:
        """Who sells at a branch on that day."""
        if (branch, day) not in self._selling:
            self._selling[branch, day] = [
                agent for agent in self.agents if agent.branch_id == branch and works_on(agent, day)
            ]
        return self._selling[branch, day]


def works_on(agent: Agent, day: date) -> bool:
    return agent.registered_on <= day and not agent.has_left_on(day)


def found_insurer(random: Random, now: datetime) -> Insurer:
    """Company, branches, teams, 120 staff with skills, 320 agents of whom a third has left."""
    Company.objects.create(
        name="晴川人壽", name_en="Qingchuan Life", service_phone="0800-000-520", email="service@qingchuan.example",
        is_example=True, founded_at=now,
    )  # fmt: skip
    insurer = Insurer()
    for about in read("places")["branch"]:
        insurer.branches[about["code"]] = Branch.objects.create(
            code=about["code"], name=about["name"], place=about["place"], jurisdiction=JURISDICTION
        )
    skills = {code: Skill.objects.create(code=code, name=name) for code, name in SKILLS.items()}
    _hire(insurer, random, skills, now.date())
    insurer.agents = _agents(insurer, random, now.date())
    return insurer


def _hire(insurer: Insurer, random: Random, skills: dict[str, Skill], today: date) -> None:
    password = make_password(PASSWORD)  # one hash for all: these are accounts to look around with
    people: list[tuple[str, Staff, str]] = []
    for code, name, branch, post, count, skill_codes in TEAMS:
        team = Team.objects.create(code=code, name=name, branch=insurer.branches[branch])
        insurer.teams[code] = team
        for place in range(-1, count):
            known = LEADERS.get(code) if place < 0 else KNOWN.get((code, place))
            account, person = known or (f"{code.replace('-', '')}{place + 1:02d}", _new_name(random, people))
            staff = Staff(
                account=account, name=person, name_sort=sort_key(person), password=password, team=team,
                post="TL" if place < 0 else post, email=f"{account}@qingchuan.example",
                functions=FUNCTIONS.get(account, []), joined_on=today - timedelta(days=random.randint(120, 5200)),
            )  # fmt: skip
            people.append((code, staff, skill_codes + (" complaint" if place < 0 else "")))
    created = Staff.objects.bulk_create([staff for _code, staff, _skills in people])
    held = []
    for (code, _staff, skill_codes), staff in zip(people, created, strict=True):
        insurer.staff.append(staff)
        if staff.post == "TL":
            insurer.leaders[code] = staff
            Team.objects.filter(pk=staff.team_id).update(leader=staff)
        else:
            insurer.members.setdefault(code, []).append(staff)
        held += [StaffSkill(staff=staff, skill=skills[s], since_on=staff.joined_on) for s in set(skill_codes.split())]
    StaffSkill.objects.bulk_create(held)


def _new_name(random: Random, people: list[tuple[str, Staff, str]]) -> str:
    taken = {staff.name for _code, staff, _skills in people}
    while True:
        name = person_name(random, random.choice(("female", "female", "male")), random.randint(1968, 2001))
        if name not in taken:
            return name


def _agents(insurer: Insurer, random: Random, today: date) -> list[Agent]:
    agents = []
    branches = list(insurer.branches.values())
    for number in range(AGENTS):
        registered = today - timedelta(days=random.randint(200, 5500))
        # Turnover is what the trade complains of: within two years most have gone.
        has_left = random.random() < 0.35
        left = registered + timedelta(days=min(random.randint(60, 900), (today - registered).days - 20))
        agents.append(
            Agent(
                number=f"A-{number + 1001}",
                name=person_name(random, random.choice(("female", "male")), random.choice((1965, 1975, 1985, 1992))),
                branch=random.choice(branches),
                registered_on=registered,
                left_on=left if has_left else None,
            )  # fmt: skip
        )
    return Agent.objects.bulk_create(agents)
