"""Requests through the public form: 16 clients, the real server, everything on the disk before it is acknowledged.

Each request is what a browser sends: form data with the token of the page and a key of its own; the page itself is
fetched once by each client. A request is a case, a touch, its promises and their facts in one transaction.
"""

import os
from pathlib import Path
from uuid import uuid4

from bench.clients import Answer, Client, Step, press
from bench.figures import Figure, at_least, at_most, percentile, told
from bench.ground import processor_seconds, wait_until_quiet

CLIENTS, SECONDS, WARM_SECONDS = 16, 20.0, 4.0
SERVICES = ("A15", "A01", "A10", "I01", "P01")
FORM = "/service/request/"
BODY = (
    "您好,我上個月二十三日因為急性闌尾炎住院開刀,出院後把診斷證明、收據正本和理賠申請書都寄到台北分公司了,"
    "到今天已經超過三個星期,一直沒有接到任何通知。打電話去客服問,第一次說還在審核,第二次說缺一份病歷摘要,"
    "可是當初的說明上並沒有寫要這一份。我母親年紀大了,這筆錢是要付看護費用的,拖下去真的很困擾。"
    "麻煩你們查一下到底還差什麼文件、什麼時候可以撥款,並且請承辦的人直接打電話給我說明,謝謝。"
)


async def begin(client: Client, number: int) -> Step:
    """Open the form once: its cookie holds the token of all that follows."""
    page = await client.get(FORM)
    services = [code for code in SERVICES if f'value="{code}"'.encode() in page.body]
    if page.status != 200 or not services:
        raise RuntimeError(f"the public form answered {page.status}")
    sent = 0

    async def step(client: Client) -> tuple[str, Answer, bool]:
        nonlocal sent
        sent += 1
        answer = await client.post(FORM, request(services[sent % len(services)], number, sent), as_form_data=True)
        return "intake", answer, answer.status == 303 and "/follow/C" in answer.location

    return step


def request(service: str, number: int, sent: int) -> dict[str, str]:
    """What one customer fills in."""
    return {
        "service": service, "subject": f"理賠申請三週沒有消息 {number}-{sent}", "body": f"{BODY}({number}-{sent})",
        "name": "陳怡君", "phone": f"0912{number:02d}{sent % 10000:04d}", "email": f"c{number}.{sent}@mail.example",
        "policy_number": "", "website": "", "key": str(uuid4()),
    }  # fmt: skip


def run(cases: int) -> list[Figure]:
    """The figures of this bench; raises RuntimeError where a request was refused or is not in the database."""
    address = os.environ["SHOUXIN_BENCH_ADDRESS"]
    wait_until_quiet(Path(os.environ["SHOUXIN_HOME"]))
    press(address, CLIENTS, WARM_SECONDS, begin)
    home, before = Path(os.environ["SHOUXIN_HOME"]), stored()
    used = processor_seconds(home)
    run = press(address, CLIENTS, SECONDS, begin)
    used = {part: after - used.get(part, 0.0) for part, after in processor_seconds(home).items()}
    took = run.took["intake"]
    if run.wrong or stored() - before != len(took):
        raise RuntimeError(f"{stored() - before} of {len(took)} requests are stored; {run.wrong[:3]}")
    return [
        at_least("intake", run.rate("intake"), "/s", 120),
        at_most("intake p95", percentile(took, 0.95) * 1000, "ms", 300),
        told("intake p50", percentile(took, 0.5) * 1000, "ms"),
        *(told(f"intake, processor time of {part}", used[part] / len(took) * 1000, "ms each") for part in sorted(used)),
        told("intake, cases before it", before, "cases"),
    ]


def stored() -> int:
    """How many cases there are."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM cases_case")
        return cursor.fetchone()[0]
