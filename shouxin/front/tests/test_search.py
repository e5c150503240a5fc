import pytest

from shouxin.cases.models import Case
from shouxin.cases.searching import ids
from shouxin.core.links import link_for
from shouxin.core.refs import Ref
from shouxin.front.finding import exactly, found
from shouxin.policies.tests.test_models import load
from tests.cast import NOON


def test_the_search_box_leads_here():
    assert link_for(Ref("search", 0)) == "/search/"


def test_one_word_finds_the_customer_by_full_name_and_the_case_with_a_masked_one(cast, signed_in, opened):
    load(cast, 1)
    case = opened(subject="住院理賠")

    page = signed_in(cast.lin).get("/search/", {"q": "王雅"}).content.decode()

    assert (page.count("王雅婷</a>"), page.count("王○婷")) == (1, 1), (
        "as the list of customers and the list of cases do"
    )
    assert case.number in page and "_found_customers" in page


def test_simplified_finds_traditional(cast, opened):
    case = opened(subject="住院理賠")

    assert [each.pk for each in found(cast.lin, "住院理赔", cases=5, others=3).cases] == [case.pk]


def test_one_character_is_answered_with_how_to_search(cast, signed_in):
    page = signed_in(cast.lin).get("/search/", {"q": "王"}).content.decode()

    assert "兩個字就能找" in page


def test_a_number_in_full_opens_the_policy_at_once_even_in_full_width(cast, signed_in):
    policy = load(cast, 1)[0]
    wide = "".join(chr(ord(each) + 0xFEE0) for each in policy.number.lower())

    answer = signed_in(cast.lin).get("/search/", {"q": wide})

    assert (answer.status_code, answer["Location"]) == (303, f"/policies/{policy.number}/")


def test_a_case_that_one_may_not_see_is_neither_found_nor_opened(cast, opened):
    case = opened(subject="住院理賠")

    assert exactly(cast.huang, case.number) == ""
    assert found(cast.huang, "住院", cases=5, others=3).cases == []
    assert ids(cast.lin, case.number, limit=5, at=NOON) == [case.pk]


def test_while_somebody_types_only_the_suggestions_are_answered(cast, signed_in, opened):
    opened(subject="住院理賠")

    piece = signed_in(cast.lin).get("/search/", {"q": "住院"}, headers={"HX-Request": "true"}).content.decode()

    assert piece.startswith('<div id="_suggestions"')
    assert "<html" not in piece


@pytest.mark.parametrize("count", [1, 3])
def test_the_search_asks_the_same_number_of_questions_however_much_is_found(
    cast, signed_in, opened, count, django_assert_num_queries
):
    for _each in range(count):
        opened(subject="住院理賠")
    client = signed_in(cast.lin)

    with django_assert_num_queries(9):
        page = client.get("/search/", {"q": "住院"}).content.decode()

    assert page.count("data-row") == count == Case.objects.count()
