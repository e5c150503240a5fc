import stat

import pytest
from django.core.management import call_command
from django.test import override_settings

from shouxin.core.audience import Audience
from shouxin.core.refs import Ref
from shouxin.people import moving_in
from shouxin.people.models import Branch, Company, Staff
from shouxin.record.queries import timeline

TOLD = {
    "company_name": "晴川人壽", "service_phone": "0800-000-417", "company_email": "service@qingchuan.example",
    "office_name": "台北總公司", "place": "台北市", "name": "趙守信", "account": "chao",
    "email": "chao@qingchuan.example", "password": "一字千金重-2026", "again": "一字千金重-2026",
}  # fmt: skip


@pytest.fixture
def empty_house(db, tmp_path):
    """A house nobody has moved into, with a home of its own."""
    moving_in.forget()
    with override_settings(HOME=tmp_path):
        yield tmp_path
    moving_in.remember()


def told(**changes) -> dict:
    from shouxin.people.forms import jurisdictions

    return TOLD | {"jurisdiction": jurisdictions()[0][0]} | changes


@pytest.mark.parametrize("path", ["/", "/sign-in/", "/people/", "/no-such-page/"])
def test_while_nobody_has_moved_in_every_page_leads_to_the_first_run_page(empty_house, client, path):
    assert client.get(path)["Location"] == "/setup/"


def test_the_first_hour_makes_company_office_and_a_signed_in_administrator(empty_house, client):
    answer = client.post("/setup/", told())

    assert (answer.status_code, answer["Location"]) == (303, "/setup/steps/")
    admin = Staff.objects.get()
    assert (admin.account, admin.functions, admin.team.branch.name) == ("chao", ["admin"], "台北總公司")
    assert Company.objects.get().name == "晴川人壽" and not Company.objects.get().is_example
    assert client.get("/setup/steps/").status_code == 200
    assert [entry.kind for entry in timeline(Ref("company", 1), Audience.STAFF)] == ["CompanyFounded"]


def test_once_somebody_lives_there_the_door_is_shut(empty_house, client):
    client.post("/setup/", told())
    client.logout()

    assert client.post("/setup/", told(account="thief"))["Location"] == "/"
    assert Staff.objects.count() == 1
    assert client.get("/setup/steps/")["Location"].startswith("/sign-in/")


def test_from_another_machine_only_the_printed_link_opens(empty_house, client):
    link = moving_in.setup_link()

    assert client.get("/setup/", REMOTE_ADDR="203.0.113.9").status_code == 403
    assert client.post("/setup/", told(token="guessed"), REMOTE_ADDR="203.0.113.9").status_code == 403
    assert client.get(link, REMOTE_ADDR="203.0.113.9").status_code == 200
    assert client.post("/setup/", told(token=moving_in.setup_token()), REMOTE_ADDR="203.0.113.9").status_code == 303


def test_a_proxy_on_the_machine_is_nobody_who_sits_there(empty_house, client):
    assert client.get("/setup/", HTTP_X_FORWARDED_FOR="203.0.113.9").status_code == 403


def test_the_token_lies_in_the_home_for_its_owner_alone_and_goes_when_it_was_used(empty_house, client):
    moving_in.setup_token()
    path = empty_house / "setup-token"
    assert stat.S_IMODE(path.stat().st_mode) == 0o600

    client.post("/setup/", told())
    assert not path.exists()
    assert moving_in.setup_link() == ""


def test_a_company_is_never_in_no_jurisdiction(empty_house, client):
    from shouxin.people.forms import jurisdictions

    assert "none" not in dict(jurisdictions()) and {"TW", "CN"} <= set(dict(jurisdictions()))
    assert client.post("/setup/", told(jurisdiction="none")).status_code == 422
    assert Company.objects.count() == 0


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"again": "另一個-2026"}, "again"),
        ({"password": "short", "again": "short"}, "password"),
        ({"name": ""}, "name"),
    ],
)
def test_what_is_missing_is_said_and_nothing_is_made(empty_house, client, changes, field):
    answer = client.post("/setup/", told(**changes))

    assert answer.status_code == 422
    assert list(answer.context["form"].errors) == [field]
    assert (Company.objects.count(), Branch.objects.count(), Staff.objects.count()) == (0, 0, 0)


def test_of_two_founders_at_once_one_is_told_that_the_other_was_faster(empty_house, client):
    Company.objects.create(name="別家", founded_at="2026-11-24T06:00:00Z")
    moving_in.forget()
    from shouxin.people.organisation import Founding, found

    with pytest.raises(Exception, match="people_company"):
        found(Founding({"name": "晴川"}, {"name": "總公司", "jurisdiction": "x"}, "chao", "趙", "", "一字千金重-2026"))


def test_the_command_prints_the_link_while_nobody_has_moved_in_and_clears_the_token_after(empty_house, capsys):
    call_command("setup_link")
    assert capsys.readouterr().out.strip().endswith(f"/setup/?token={moving_in.setup_token()}")

    Company.objects.create(name="晴川", founded_at="2026-11-24T06:00:00Z")
    moving_in.forget()
    call_command("setup_link")
    assert capsys.readouterr().out == "" and not (empty_house / "setup-token").exists()
