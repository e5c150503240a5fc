"""Two who change one case: the second is told."""

import re

from shouxin.cases import actions
from shouxin.cases.models import Case


def test_priority_and_service_of_a_case_likewise(cast, opened, client):
    case = opened("A09")
    actions.assign(case, by=cast.chou, to=cast.lin)
    client.force_login(cast.lin)
    url = f"/cases/{case.number}/forms/kind/"
    page = client.get(url, HTTP_HX_REQUEST="true").content.decode()
    seen = re.search(r'name="seen" value="([^"]+)"', page)[1]
    actions.change(Case.objects.get(pk=case.pk), by=cast.lin, priority=1)

    answer = client.post(f"/cases/{case.number}/kind/", {"service": "A09", "priority": "3", "seen": seen})

    assert answer.status_code == 422
    assert "有人先存了" in answer.content.decode()
    assert Case.objects.get(pk=case.pk).priority == 1
