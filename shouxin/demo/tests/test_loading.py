"""The example insurer as it stands after loading: silent, in order, and alive to whoever works in it."""

from datetime import timedelta
from io import BytesIO

import pytest
from django.core.management import call_command
from django.db import connection

from shouxin.cases import actions
from shouxin.cases.models import Case
from shouxin.cases.rules import Claimant
from shouxin.complaints import actions as complaints
from shouxin.complaints.letters.composing import letter_as_sent
from shouxin.complaints.models import Complaint, FinalLetter
from shouxin.core.clock import local, start_of
from shouxin.core.guards import Refused
from shouxin.customers import actions as customers
from shouxin.customers.models import Customer
from shouxin.demo import loading
from shouxin.demo.beside import side_by_side
from shouxin.demo.desks import DESKS
from shouxin.people.models import Staff
from tests.cast import NOON

pytestmark = pytest.mark.django_db


@pytest.fixture
def home(monkeypatch) -> dict[str, int]:
    monkeypatch.setitem(loading.SIZES, "tiny", (500, 300, 450))
    return loading.load(size="tiny", now=NOON)


def _jobs() -> set[str]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT args->>'hearer' FROM procrastinate_jobs WHERE task_name = 'hear'")
        return {row[0].rsplit(".")[-1] for row in cursor.fetchall()}


def _sources() -> set[str]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT DISTINCT source FROM record_fact")
        return {row[0] for row in cursor.fetchall()}


def test_loading_is_heard_by_nobody_and_leaves_numbers_in_order(home):
    assert home["cases"] == Case.objects.count() > 400
    assert _jobs() == set() and _sources() == {"example"}
    cases = list(Case.objects.order_by("opened_at").values_list("number", flat=True))
    assert cases == sorted(cases) and len(set(cases)) == len(cases)
    newer = actions.open_case(
        service=Case.objects.first().service, channel="web", subject="新", body="新的", by=None, at=NOON,
        branch=Case.objects.first().branch, claimant=Claimant("王", "0912", ""),
    )  # fmt: skip
    person = customers.register(customers.Person("新客戶"), by=None, at=NOON)
    assert person.number > max(Customer.objects.exclude(pk=person.pk).values_list("number", flat=True))
    assert newer.number > cases[-1] and newer.pk > max(Case.objects.exclude(pk=newer.pk).values_list("pk", flat=True))


def test_every_desk_a_visitor_knows_has_work_of_every_kind(home):
    end_of_day = start_of(NOON.date() + timedelta(days=1))
    for account in DESKS:
        mine = Case.objects.open().filter(officer__account=account)
        assert mine.filter(due_at__lt=NOON).exists(), f"nothing is overdue with {account}"
        assert mine.filter(state="waiting").exists(), f"nobody is asked by {account}"
        due = [case.due_at for case in mine.filter(due_at__gt=NOON)]
        assert [at for at in due if at <= end_of_day], f"nothing is due today with {account}"


def test_what_is_overdue_is_a_handful_and_not_a_year_old(home):
    late = [(NOON - case.due_at).days for case in Case.objects.open().filter(due_at__lt=NOON)]
    assert len([days for days in late if days > 35]) <= 5 and max(late) < 90


def test_the_letter_of_an_example_opens_as_of_the_day_it_was_sent(home):
    letter = FinalLetter.objects.select_related("decision__by", "decision__complaint__case").first()
    assert letter.file == "" and letter_as_sent(letter).startswith(b"%PDF")


def test_the_letter_opens_from_the_page_of_its_complaint(home, client):
    letter = FinalLetter.objects.select_related("complaint__case").first()
    case = letter.complaint.case
    client.force_login(Staff.objects.get(account="chou"))
    page = client.get(f"/complaints/{case.number}/letters/{letter.pk}/")
    assert page["Content-Type"] == "application/pdf" and BytesIO(page.content).read(4) == b"%PDF"
    assert (
        f"/complaints/{case.number}/letters/{letter.pk}/" in client.get(f"/complaints/{case.number}/").content.decode()
    )


def test_what_people_do_to_an_example_is_heard_and_stays_an_example(home):
    lin = Staff.objects.get(account="lin")
    dispute = Complaint.objects.filter(case__officer=lin, case__first_replied_at=None, acknowledged_at=None).first()
    actions.reply(dispute.case, by=lin, body="收到了，我來查。", at=NOON)
    complaints.appoint(dispute, by=lin, investigator=Staff.objects.filter(post="EC").exclude(pk=lin.pk)[0], at=NOON)

    assert "acknowledge_by_reply" in _jobs()
    assert _sources() == {"example"}
    with pytest.raises(Refused):
        actions.close(dispute.case, by=lin, reason="answered", at=NOON)


def test_the_same_seed_gives_the_same_cases_however_many_hands(home, monkeypatch):
    told = list(Case.objects.order_by("number").values_list("number", "subject", "opened_at", "state", "due_at"))
    assert [local(row[2]).date() for row in told] == sorted(local(row[2]).date() for row in told)
    with side_by_side(lambda place: place * place, 5) as answers:
        assert list(answers) == [0, 1, 4, 9, 16]


def test_what_fails_beside_fails_here():
    def fail(place: int) -> int:
        raise ValueError(f"no {place}")

    with pytest.raises(ValueError, match="no 0"), side_by_side(fail, 3) as answers:
        list(answers)


def test_a_home_in_use_takes_no_example(home, capsys):
    call_command("demo", "--accounts")
    assert "lin " in capsys.readouterr().out
    call_command("demo", "--if-empty", "--size", "small")
    assert Case.objects.count() == home["cases"]
