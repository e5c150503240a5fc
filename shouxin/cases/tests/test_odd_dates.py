"""A null date that another system wrote stops no page for ever."""

import pytest
from django.db import connection
from django.urls import reverse

from shouxin.cases import actions
from shouxin.cases.models import Case


@pytest.mark.parametrize("instant", ["0001-12-31 15:54:00+00 BC", "0001-01-01 00:00:00+00", "1130-10-05 00:00:00+00",
                                     "1900-01-01 00:00:00+00", "9999-12-31 23:00:00+00", "infinity"])  # fmt: skip
def test_a_case_of_a_null_date_is_listed_found_read_answered_and_closed(cast, opened, client, instant):
    case = opened("A09")
    actions.assign(case, by=cast.chou, to=cast.lin)
    with connection.cursor() as cursor:
        cursor.execute("UPDATE cases_case SET opened_at = %s, touched_at = %s", [instant, instant])
        cursor.execute("UPDATE cases_casewords SET opened_at = %s", [instant])
        cursor.execute("UPDATE cases_touch SET at = %s", [instant])
    client.force_login(cast.lin)
    page = reverse("cases:page", args=[case.number])

    for path in (
        "/cases/",
        "/cases/?of=all&sort=opened",
        "/cases/?of=all&sort=touched",
        "/search/?q=王雅婷",
        page,
        "/",
    ):
        answer = client.get(path, follow=True)
        assert answer.status_code == 200, path
    said = {"kind": "reply", "caller": "us", "body": "已經處理好了。"}
    assert client.post(reverse("cases:touches", args=[case.number]), said).status_code == 303
    assert client.get(page).status_code == 200
    if not instant.startswith(("9999", "inf")):  # what begins in the future can't have ended
        actions.close(Case.objects.get(pk=case.pk), by=cast.lin, reason="duplicate")
        assert client.get(page).status_code == 200
