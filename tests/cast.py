"""The cast of all tests: one small insurer with Chinese-named people, the same everywhere."""

from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from shouxin.people.models import Agent, Branch, Company, Skill, Staff, StaffSkill, Team

TAIPEI = ZoneInfo("Asia/Taipei")
PASSWORD = "守信-2026-say"
# A Tuesday afternoon in working hours.
NOON = datetime(2026, 11, 24, 14, 40, tzinfo=TAIPEI)


@dataclass
class Cast:
    company: Company
    taipei: Branch
    tainan: Branch
    complaints: Team
    calls: Team
    south: Team
    lin: Staff  # EC in the complaints team, Taipei
    chen: Staff  # EC in the complaints team, Taipei
    chou: Staff  # TL, leads the complaints team
    wu: Staff  # CL claims assistant
    chang: Staff  # CC call centre
    huang: Staff  # CT counter, Tainan
    hsu: Staff  # HR
    tsai: Staff  # compliance
    admin: Staff
    ho: Agent  # left on 2026-06-30
    lo: Agent  # serves


def _staff(account: str, name: str, post: str, team: Team | None, functions: tuple[str, ...] = ()) -> Staff:
    return Staff.objects.create_user(
        account, PASSWORD, name=name, post=post, team=team, functions=list(functions), joined_on=date(2020, 3, 2),
        email=f"{account}@shouxin.example",
    )  # fmt: skip


def make_cast() -> Cast:
    taipei = Branch.objects.create(code="taipei", name="台北總公司", jurisdiction="TW", place="台北市")
    tainan = Branch.objects.create(code="tainan", name="台南分公司", jurisdiction="TW", place="台南市")
    complaints = Team.objects.create(code="complaints-1", name="申訴一組", branch=taipei)
    calls = Team.objects.create(code="calls-1", name="客服一組", branch=taipei)
    south = Team.objects.create(code="south", name="台南櫃面組", branch=tainan)
    cast = Cast(
        company=Company.objects.create(name="晴川人壽", service_phone="0800-000-417", founded_at=NOON),
        taipei=taipei, tainan=tainan, complaints=complaints, calls=calls, south=south,
        lin=_staff("lin", "林佳穎", "EC", complaints), chen=_staff("chen", "陳柏宏", "EC", complaints),
        chou=_staff("chou", "周文彬", "TL", complaints), wu=_staff("wu", "吳承翰", "CL", complaints),
        chang=_staff("chang", "張淑芬", "CC", calls), huang=_staff("huang", "黃國榮", "CT", south),
        hsu=_staff("hsu", "許秀琴", "SP", calls, ("hr",)), tsai=_staff("tsai", "蔡佩珊", "SP", calls, ("compliance",)),
        admin=_staff("admin", "管理員", "SP", calls, ("admin",)),
        ho=Agent.objects.create(number="A-1001", name="何政達", branch=taipei, registered_on=date(2019, 5, 1),
                                left_on=date(2026, 6, 30)),
        lo=Agent.objects.create(number="A-1002", name="羅美玲", branch=taipei, registered_on=date(2018, 5, 1)),
    )  # fmt: skip
    complaints.leader = cast.chou
    complaints.save()
    for code, name, holders in (
        ("complaint", "申訴", (cast.lin, cast.chen, cast.chou)),
        ("claim", "理賠", (cast.wu, cast.lin)),
        ("service", "一般服務", (cast.lin, cast.chen, cast.chang, cast.huang)),
    ):
        skill = Skill.objects.create(code=code, name=name)
        StaffSkill.objects.bulk_create(StaffSkill(staff=s, skill=skill, since_on=date(2024, 1, 1)) for s in holders)
    return cast
