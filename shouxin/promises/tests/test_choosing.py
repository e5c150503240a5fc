"""Which rules an event begins: by the service, the line of business, the day."""

from datetime import date

import pytest

from shouxin.promises.choosing import rules_begun

DAY = date(2026, 11, 24)
LIFE, HEALTH = frozenset({"life", "individual"}), frozenset({"life", "individual", "health", "over_one_year"})
GROUP, PROPERTY = frozenset({"life"}), frozenset({"property_casualty"})


def begun(service: str, jurisdiction: str, *events: str, scopes=LIFE, subjects=()) -> list[str]:
    return [rule.id for rule in rules_begun(service, tuple(subjects), jurisdiction, DAY, events, scopes)]


@pytest.mark.parametrize(
    ("service", "jurisdiction", "event", "scopes", "rules"),
    [
        ("A15", "SG", "complaint_received", LIFE, ["SG-01", "SG-02", "SG-03"]),
        ("A15", "SG", "complaint_received", PROPERTY, ["SG-06", "SG-06b"]),
        ("A10", "CN", "claim_received", LIFE, ["CN-02", "CN-05", "CN-23"]),
        ("A10", "CN", "claim_received", GROUP, ["CN-02", "CN-05"]),  # the rules of 2010 leave group business out
        ("A10", "US-IA", "claim_received", LIFE, []),
        ("A10", "US-IA", "claim_received", PROPERTY, ["US-01-IA", "US-04-IA"]),
        ("A10", "TW", "papers_complete", LIFE, ["TW-01", "TW-02"]),
        ("A10", "TW", "papers_complete", PROPERTY | {"motor"}, ["TW-01", "TW-02", "TW-32"]),
        ("A03", "TW", "application_received", LIFE, []),
        ("A03", "TW", "late_application_received", LIFE, ["TW-08"]),
        ("A15", "UK", "complaint_received", LIFE, ["UK-02"]),  # UK-03 is an option, not a duty
    ],
)
def test_the_law_of_the_place_and_the_line_begins(service, jurisdiction, event, scopes, rules):
    assert begun(service, jurisdiction, event, scopes=scopes) == rules


def test_the_law_holds_whatever_the_catalogue_says_and_the_company_only_for_its_subjects():
    assert begun("A06", "TW", "notice_received") == ["TW-03"]
    assert begun("A06", "TW", "papers_complete") == []
    assert begun("A06", "TW", "papers_complete", subjects=["surrender"]) == ["CO-09"]


def test_the_call_back_of_the_mainland_ends_with_the_cooling_off_period():
    (call,) = rules_begun("I09", (), "CN", DAY, ("policy_delivered",), HEALTH)
    assert (call.id, call.limit, call.unit, call.roll) == ("CN-19", 15, "calendar_days", "none")
    # Where the contract alone says how long, there is no number of days to run.
    assert begun("I09", "CN", "policy_delivered", scopes=LIFE) == []
