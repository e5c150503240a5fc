"""The company's own standards: adopted, changed and switched off on a screen; open promises keep theirs."""

import re
from datetime import timedelta

import pytest
from django.urls import reverse, reverse_lazy

from shouxin.cases.actions import open_case
from shouxin.cases.models import Case, Service
from shouxin.cases.rules import Claimant
from shouxin.core.clock import day_of, local, now
from shouxin.core.guards import Refused
from shouxin.core.kept import one_reading
from shouxin.core.refs import Ref
from shouxin.core.rights import NotAllowed
from shouxin.jurisdictions.actions import Adoption, adopt_standard
from shouxin.jurisdictions.models import CompanyStandard
from shouxin.jurisdictions.standards import in_force, laxer_than_law, titles
from shouxin.people.models import Branch, Team
from shouxin.promises.models import Promise
from shouxin.record.queries import timeline
from tests.cast import NOON

TODAY = NOON.date()
WORDS = {"hant": "第一次回覆", "en": "First reply", "hans": "首次回复"}


def told(**said) -> Adoption:
    plain = {"valid_from": TODAY, "limit": 4, "unit": "working_hours", "title": WORDS, "note": {"hant": ""}}
    return Adoption(**plain | said)


def adopt(cast, rule="CO-01", *, seen=1, at=NOON, **said) -> CompanyStandard:
    return adopt_standard(rule, told(**said), by=cast.admin, seen=seen, at=at)


def case_of(cast, service="A14", *, at=NOON) -> Case:
    return open_case(
        by=None, at=at, service=Service.objects.get(pk=service), channel="web", subject="詢問", body="想問一下。",
        branch=cast.taipei, claimant=Claimant(name="王雅婷", phone="0912345417"),
    )  # fmt: skip


def promised(case: Case, rule="CO-01") -> list[tuple[int, str, str]]:
    """Version, state and due instant of what this case was promised by a standard."""
    found = Promise.objects.about(case.ref).filter(rule=rule).order_by("pk")
    return [(each.rule_version, each.state, f"{local(each.due_at):%m/%d %H:%M}") for each in found]


def test_what_is_open_keeps_its_terms_and_what_comes_in_takes_the_new_ones(cast):
    """Tuesday 24 November, 14:40; the office closes at 17:30 and opens at 9:00."""
    before = case_of(cast)

    adopt(cast)

    assert promised(before) == [(1, "running", "11/26 00:00")]
    assert promised(case_of(cast)) == [(2, "running", "11/25 10:10")]
    assert promised(before) == [(1, "running", "11/26 00:00")]


def test_a_version_holds_from_its_day_on_and_not_before(cast):
    adopt(cast, valid_from=TODAY + timedelta(days=2))

    opened = [promised(case_of(cast, at=NOON + timedelta(days=days))) for days in (0, 1, 2)]

    assert [[version for version, *_rest in each] for each in opened] == [[1], [1], [2]]


def test_the_newest_word_holds_though_an_older_one_has_a_later_day(cast):
    adopt(cast, valid_from=TODAY + timedelta(days=20), limit=2)
    adopt(cast, seen=2, valid_from=TODAY + timedelta(days=5), limit=3)

    own = in_force("company")
    held = [own.rule_on("CO-01", TODAY + timedelta(days=days)).version for days in (0, 4, 5, 19, 20, 300)]
    assert held == [1, 1, 3, 3, 3, 3]


def test_one_that_is_switched_off_is_promised_no_more(cast):
    adopt(cast, is_on=False)

    assert promised(case_of(cast)) == []
    assert promised(case_of(cast, at=NOON - timedelta(days=1))) == [(1, "running", "11/25 00:00")]


def test_the_services_it_names_are_those_it_holds_for_whatever_the_catalogue_says(cast):
    assert "enquiry" not in Service.objects.get(pk="A04").promise_subjects

    adopt(cast, "CO-06", limit=2, unit="working_days", services=("A14", "A04"))

    assert [bool(promised(case_of(cast, code), "CO-06")) for code in ("A14", "A04", "A11")] == [True, True, False]


def test_what_is_not_for_customers_is_shown_to_colleagues_alone(cast):
    adopt(cast, is_public=False)

    audiences = Promise.objects.about(case_of(cast).ref).filter(rule="CO-01").values_list("audience", flat=True)
    assert list(audiences) == ["staff"]


def test_each_version_is_a_fact_that_says_what_changed(cast):
    adopt(cast)

    (fact,) = [each for each in timeline(Ref("company", 1), "staff") if each.kind == "StandardAdopted"]
    assert (fact.actor, fact.data["standard"], fact.data["version"], fact.data["valid_from"]) == (
        cast.admin.ref, "CO-01", 2, "2026-11-24",
    )  # fmt: skip
    assert fact.data["changed"] == {"limit": [1, 4], "unit": ["working_days", "working_hours"]}


def test_an_unchanged_standard_can_be_adopted(cast):
    assert in_force("company").rule("CO-01").mark == "O"

    adopt(cast, limit=1, unit="working_days")

    assert in_force("company").rule("CO-01").mark == "A"


def test_who_wrote_second_has_to_read_first(cast):
    adopt(cast)

    with pytest.raises(Refused):
        adopt(cast, limit=3)
    assert CompanyStandard.objects.count() == 1


def test_only_planners_and_administrators_adopt(cast):
    with pytest.raises(NotAllowed):
        adopt_standard("CO-01", told(), by=cast.lin, seen=1, at=NOON)


def test_a_day_that_has_passed_is_refused(cast):
    with pytest.raises(Refused):
        adopt(cast, valid_from=TODAY - timedelta(days=1))


CLAIM = {"hant": "理賠決定", "en": "Claim decided", "hans": "理赔决定"}


@pytest.mark.parametrize(("limit", "unit"), [(16, "calendar_days"), (15, "working_days"), (3, "weeks")])
def test_a_standard_laxer_than_the_law_is_refused(cast, limit, unit):
    """保險法 §34: paid within fifteen days of complete documents, so nobody may decide later than that."""
    with pytest.raises(Refused, match="TW-01"):
        adopt(cast, "CO-08", title=CLAIM, services=("A10",), limit=limit, unit=unit)
    assert CompanyStandard.objects.count() == 0


def test_for_the_same_act_not_one_day_may_be_laxer(cast):
    """Where there is an office on the Mainland: a refusal in writing within three days, weekends or not."""
    words = {"hant": "婉拒說明", "en": "Refusal explained", "hans": "拒赔说明"}
    assert adopt(cast, "CO-15", title=words, services=("A10",), limit=2, unit="working_days").version == 2
    office = Branch.objects.create(code="shanghai", name="上海分公司", jurisdiction="CN", place="上海市")
    Team.objects.create(code="shanghai-1", name="上海一組", branch=office)

    with pytest.raises(Refused, match="CN-04"):
        adopt(cast, "CO-15", seen=2, title=words, services=("A10",), limit=2, unit="working_days")
    assert adopt(cast, "CO-15", seen=2, title=words, services=("A10",), limit=3, unit="calendar_days").version == 3


def test_no_shipped_standard_is_laxer_than_the_law_beside_it(cast):
    """Around the Lunar New Year of 2027 seven working days are more than fifteen days: the law's promise is sooner."""
    found = [(rule.id, each) for rule in in_force("company").rules for each in laxer_than_law(rule, TODAY)]

    assert [(rule, each.law.id, each.is_refused, f"{each.start_at:%m/%d}") for rule, each in found] == [
        ("CO-08", "TW-01", False, "01/27")
    ]


def test_a_change_is_seen_within_one_reading_and_titles_follow(cast):
    with one_reading():
        assert titles()["CO-01", 1].en == "First reply"
        assert ("CO-01", 2) not in titles()
        adopt(cast, title=WORDS | {"en": "Called back"})
        assert titles()["CO-01", 2].en == "Called back"


# ── the pages ─────────────────────────────────────────────────────────────────

PAGE, RULE = "/catalogue/standards/CO-01/", reverse_lazy("jurisdictions:rule", args=["company", "CO-01"])


def filled(**said) -> dict:
    return {
        "limit": 4, "unit": "working_hours", "valid_from": day_of(now()).isoformat(), "is_public": "on", "is_on": "on",
        "title_hant": "第一次回覆", "title_en": "First reply", "title_hans": "首次回复", "seen": "1",
    } | said  # fmt: skip


@pytest.fixture
def editor(cast, client):
    client.force_login(cast.admin)
    return client


def test_the_list_says_what_nobody_has_adopted(cast, editor):
    adopt(cast, "CO-06", limit=2, unit="working_days", at=now(), valid_from=day_of(now()))

    rows = editor.get(reverse("catalogue:standards")).content.decode().split("<tr data-row>")

    states = {re.search(r"CO-\d+", row)[0]: "系統預設，尚未採用" in row for row in rows[1:]}
    assert (states["CO-01"], states["CO-06"], len(states)) == (True, False, len(rows) - 1)


def test_a_preview_shows_by_when_each_service_would_be_due_and_saves_nothing(cast, editor):
    page = editor.post(PAGE, filled(preview="1", services=["A14"])).content.decode()

    effects = page.split('id="effects"')[1]
    rows = {code: row for row in effects.split("<tr")[2:] if (code := re.search(r">([PIA]\d\d) ", row)[1])}
    assert len(rows) == Service.objects.count()
    assert rows["A15"].rstrip().split("<td")[-1].count("–") == 1 and "–" not in rows["A14"].split("<td", 2)[2]
    assert CompanyStandard.objects.count() == 0


def test_saving_adopts_and_the_page_tells_its_versions(cast, editor):
    assert editor.post(PAGE, filled()).status_code == 303

    page = editor.get(PAGE).content.decode()
    versions = page.split("<ol")[1]
    assert versions.index("管理員") < versions.index("系統預設")
    assert "1 → 4" in versions and "系統預設，尚未採用" not in page.split("<form method")[0]


def test_the_second_of_two_editors_reads_what_differs(cast, editor):
    editor.post(PAGE, filled(limit=3))

    answer = editor.post(PAGE, filled(limit=5))

    page = answer.content.decode()
    assert (answer.status_code, 'value="5"' in page, CompanyStandard.objects.count()) == (422, True, 1)
    assert re.search(r"<dt>期限</dt><dd>3</dd>", page)
    assert editor.post(PAGE, filled(limit=5, seen="2")).status_code == 303


def test_a_bad_form_comes_back_with_its_words(cast, editor):
    yesterday = (day_of(now()) - timedelta(days=1)).isoformat()

    answer = editor.post(PAGE, filled(valid_from=yesterday, title_en="Kept words"))

    assert (answer.status_code, "Kept words" in answer.content.decode()) == (422, True)


def test_others_see_no_such_page(cast, client):
    client.force_login(cast.lin)
    assert client.get(PAGE).status_code == 403
    assert "/catalogue/standards/" not in client.get(RULE).content.decode()


def test_the_rule_page_tells_the_version_in_force(cast, editor):
    editor.post(PAGE, filled())

    page = editor.get(RULE).content.decode()
    assert (PAGE in page, "第 2 版" in page) == (True, True)
    assert re.search(r"<dt>期限</dt><dd>4 ", page)
    listed = editor.get(f"{reverse('jurisdictions:rules')}?jurisdiction=company").content.decode()
    assert listed.count("CO-01") == listed.count("CO-02") > 0
