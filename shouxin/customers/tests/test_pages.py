import pytest

from shouxin.core.audience import Audience
from shouxin.customers import actions, queries
from shouxin.customers.models import Customer
from shouxin.people.models import Staff
from shouxin.record.queries import timeline
from tests.cast import NOON

BACKEND = "shouxin.people.backends.StaffBackend"
TOLD = {"kind": "person", "name": "王雅婷", "language": "zh-hant"}


def signed_in(client, staff: Staff):
    client.force_login(staff, backend=BACKEND)
    return client


@pytest.fixture
def yating(cast) -> Customer:
    person = actions.Person(
        name="王雅婷",
        id_number="A123456789",
        contacts=(("phone", "0912345417"), ("address", "台北市中山區南京東路 1 號")),
    )
    return actions.register(person, by=cast.lin, at=NOON)


@pytest.mark.parametrize("count", [1, 3])
def test_the_list_asks_the_same_number_of_questions_however_many_are_found(
    cast, client, count, django_assert_num_queries
):
    for _number in range(count):
        actions.register(actions.Person(name="孫小美"), by=cast.lin)
    signed_in(client, cast.lin)

    with django_assert_num_queries(6):
        page = client.get("/customers/", {"q": "孫小美"}).content.decode()

    assert page.count("孫小美</a>") == count


def test_the_page_shows_nothing_unmasked(cast, client, yating):
    page = signed_in(client, cast.lin).get(f"/customers/{yating.number}/").content.decode()

    assert "A1*****789" in page and "0912-34*-***" in page
    assert "A123456789" not in page and "0912345417" not in page and "南京東路" not in page


def test_showing_needs_a_reason_and_shows_once(cast, client, yating):
    signed_in(client, cast.lin)
    path = f"/customers/{yating.number}/personal-data/"

    assert client.post(path, {"reason": "other"}).status_code == 422
    assert [entry.kind for entry in timeline(yating.ref, Audience.CUSTOMER)] == []

    answer = client.post(path, {"reason": "callback"})
    assert "A123456789" in answer.content.decode() and answer["Cache-Control"] == "no-store"
    assert [entry.kind for entry in timeline(yating.ref, Audience.CUSTOMER)] == ["PersonalDataShown"]
    assert "A123456789" not in client.get(f"/customers/{yating.number}/").content.decode()


def test_by_htmx_only_the_piece_is_exchanged(cast, client, yating):
    path = f"/customers/{yating.number}/personal-data/"

    piece = signed_in(client, cast.lin).post(path, {"reason": "case"}, headers={"HX-Request": "true"}).content.decode()

    assert piece.lstrip().startswith('<section id="_personal"') and "<html" not in piece


def test_a_second_customer_of_the_same_kind_is_made_only_on_purpose(cast, client, yating):
    signed_in(client, cast.lin)
    told = TOLD | {"id_number": "a123456789"}

    answer = client.post("/customers/new/", told)
    assert answer.status_code == 422 and yating.number in answer.content.decode()
    assert client.post("/customers/new/", told | {"is_someone_else": "on"}).status_code == 303
    assert Customer.objects.count() == 2


def test_a_wrong_check_digit_is_told_and_another_document_accepted(cast, client):
    signed_in(client, cast.lin)

    answer = client.post("/customers/new/", TOLD | {"id_number": "A123456788"})
    assert list(answer.context["form"].errors) == ["id_number"]
    assert (
        client.post("/customers/new/", TOLD | {"id_number": "P1234567", "is_other_document": "on"}).status_code == 303
    )


def test_registering_leads_to_the_page_with_masked_contacts(cast, client):
    told = TOLD | {"phone": "0912-345-417", "email": "yt@example.com"}

    page = signed_in(client, cast.lin).post("/customers/new/", told, follow=True).content.decode()

    assert "0912-34*-***" in page and "y***@example.com" in page and "建立客戶資料" in page


def test_the_page_of_a_merged_number_leads_to_the_one_that_stands(cast, client, yating):
    other = actions.register(actions.Person(name="王雅亭"), by=cast.lin)
    signed_in(client, cast.chou)
    told = {"into": yating.number.lower(), "reason": "同一人"}

    assert client.post(f"/customers/{other.number}/merging/", told)["Location"] == f"/customers/{yating.number}/"
    assert client.get(f"/customers/{other.number}/")["Location"] == f"/customers/{yating.number}/"
    page = client.get(f"/customers/{yating.number}/").content.decode()
    assert other.number in page and "同一人" in page

    client.post(f"/customers/{other.number}/parting/", {"reason": "不是"})
    assert queries.known_as(yating) == [yating.pk]


def test_contacts_care_consents_and_representatives_are_kept_by_form(cast, client, yating):
    mother = actions.register(actions.Person(name="王陳秀英"), by=cast.lin)
    signed_in(client, cast.lin)
    base = f"/customers/{yating.number}"
    client.post(f"{base}/contacts/new/", {"kind": "line", "value": "yating417", "is_preferred": "on"})
    client.post(f"{base}/care/new/", {"kind": "access", "text": "重聽"})
    client.post(f"{base}/consents/new/", {"purpose": "survey", "channel": "phone"})
    client.post(
        f"{base}/representatives/new/",
        {"representative": mother.number, "scope": "all", "from_on": "2026-01-01", "document": "委任書 115-1"},
    )

    page = client.get(f"{base}/").content.decode()
    for words in ("ya****417", "重聽", "服務滿意度調查", "王陳秀英", "委任書 115-1"):
        assert words in page

    client.post(f"{base}/contacts/{yating.contact_points.get(kind='line').pk}/end/")
    client.post(f"{base}/care/{yating.care_notes.get().pk}/end/")
    client.post(f"{base}/consents/survey/end/")
    client.post(f"{base}/representatives/{yating.representatives.get().pk}/revocation/", {"reason": "到期"})
    page = client.get(f"{base}/").content.decode()
    assert "委任書 115-1" not in page and "重聽" not in page


@pytest.mark.parametrize(
    ("form", "told", "field"),
    [
        ("contacts/new", {"kind": "phone", "value": "123"}, "value"),
        ("contacts/new", {"kind": "email", "value": "no mail"}, "value"),
        ("merging", {"into": "K-999999", "reason": "x"}, "into"),
        (
            "representatives/new",
            {"representative": "", "scope": "all", "from_on": "2026-01-02", "document": "x"},
            "representative",
        ),
    ],
)
def test_what_is_wrong_is_told_at_its_field(cast, client, yating, form, told, field):
    answer = signed_in(client, cast.lin).post(f"/customers/{yating.number}/{form}/", told)

    assert (answer.status_code, list(answer.context["form"].errors)) == (422, [field])


def test_correcting_the_name_neither_shows_nor_loses_what_is_masked(cast, client, yating):
    signed_in(client, cast.lin)
    path = f"/customers/{yating.number}/details/"

    assert "A123456789" not in client.get(path).content.decode()
    client.send(path, {"kind": "person", "name": "王雅亭", "language": "zh-hant"})

    yating.refresh_from_db()
    assert (yating.name, yating.id_number) == ("王雅亭", "A123456789")
    assert [e.changed for e in timeline(yating.ref, Audience.STAFF) if e.kind == "CustomerChanged"] == [["name"]]
