"""What was asked for is counted by itself; what the service usually needs besides stands apart."""

from django.urls import reverse

from shouxin.cases.actions import assign, paper_received, request_papers
from shouxin.cases.models import Case
from shouxin.cases.queries import checklist
from shouxin.cases.rules import split_papers
from shouxin.record.queries import timeline
from tests.cast import NOON


def test_all_that_was_asked_for_is_here_and_the_page_counts_the_same(cast, opened, client):
    case = assign(opened("A04"), by=cast.lin, to=cast.lin, at=NOON)
    asked, *others = [paper.code for paper in checklist(case) if paper.is_missing]
    request_papers(case, by=cast.lin, papers=[asked], body="請補", at=NOON)
    paper_received(Case.objects.get(pk=case.pk), by=cast.lin, paper=asked, at=NOON)
    counted, usual = split_papers(checklist(case))

    assert others and [paper.code for paper in counted] == [asked]
    assert set(others) <= {paper.code for paper in usual}
    (told,) = (entry for entry in timeline(case.ref, "staff") if entry.kind == "PaperReceived")
    assert told.data["missing"] == 0
    client.force_login(cast.lin)
    page = client.get(reverse("cases:page", args=[case.number])).content.decode()
    assert "收到 1，共 1" in page and "這項服務通常還需要" in page


def test_where_nothing_was_asked_for_every_paper_counts(opened):
    papers = checklist(opened("A04"))
    assert split_papers(papers) == (papers, [])
