from datetime import date

import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as profile
from hypothesis import strategies as st

from shouxin.core.audience import Audience
from shouxin.core.guards import Refused
from shouxin.core.phones import phone_digits
from shouxin.core.rights import NotAllowed
from shouxin.customers import actions, queries, ties
from shouxin.customers.models import ContactPoint, Customer
from shouxin.record.erasing import erase
from shouxin.record.queries import timeline
from tests.cast import NOON

TODAY = date(2026, 11, 24)


def customer(cast, name: str = "王雅婷", **about) -> Customer:
    return actions.register(actions.Person(name=name, **about), by=cast.lin, at=NOON)


def kinds(thing: Customer, audience: Audience = Audience.STAFF) -> list[str]:
    return [entry.kind for entry in timeline(thing.ref, audience)]


def test_merging_moves_no_row_and_finds_the_survivor_by_either_number(cast):
    one = customer(cast, contacts=(("phone", "0912345417"),))
    other = customer(cast, "王雅亭", contacts=(("email", "yt@example.com"),))

    ties.merge(other, into=one, by=cast.chou, reason="同一身分證", at=NOON)

    assert ContactPoint.objects.get(value="yt@example.com").customer == other
    assert [c.pk for c in queries.visible_to(cast.lin)] == [one.pk]
    for text in (other.number, "雅亭", "yt@example.com", "0912345417"):
        assert list(queries.visible_to(cast.lin).matching(text)) == [one]
    assert queries.known_as(one) == [one.pk, other.pk]
    assert [point.value for point in queries.contacts_of(one)] == ["yt@example.com", "0912345417"]
    assert kinds(other) == ["CustomerMerged", "CustomerRegistered"]


def test_a_merger_is_taken_back_and_each_stands_for_itself(cast):
    one, other = customer(cast), customer(cast, "王雅亭")
    ties.merge(other, into=one, by=cast.chou, reason="x")

    ties.part(Customer.objects.get(pk=other.pk), by=cast.chou, reason="兩位")

    assert queries.known_as(one) == [one.pk]
    assert list(queries.visible_to(cast.lin).matching("雅亭")) == [other]


def test_what_is_merged_cannot_be_merged_again_and_no_circle_arises(cast):
    one, other, third = customer(cast), customer(cast), customer(cast)
    ties.merge(other, into=one, by=cast.chou, reason="x")

    for from_, into in ((one, other), (other, third), (third, other), (one, one)):
        with pytest.raises(Refused):
            ties.merge(from_, into=into, by=cast.chou, reason="x")
    ties.merge(one, into=third, by=cast.chou, reason="x")
    assert queries.known_as(third) == [one.pk, other.pk, third.pk]
    assert queries.survivor(Customer.objects.get(pk=other.pk)) == third


def test_different_identity_numbers_are_two_customers(cast):
    one, other = customer(cast, id_number="A123456789"), customer(cast, id_number="B123456780")

    with pytest.raises(Refused):
        ties.merge(other, into=one, by=cast.chou, reason="x")

    other.refresh_from_db()
    assert other.merged_into is None


def test_a_counter_clerk_cannot_merge(cast):
    one, other = customer(cast), customer(cast)

    with pytest.raises(NotAllowed):
        ties.merge(other, into=one, by=cast.huang, reason="x")

    assert queries.known_as(one) == [one.pk]


def test_showing_personal_data_is_recorded_and_the_customer_may_read_it(cast):
    thing = customer(cast, id_number="A123456789", contacts=(("phone", "0912345417"),))

    shown = actions.show_personal(thing, by=cast.chang, reason="other", note="補寄條款", at=NOON)

    assert (shown.id_number, shown.contacts) == ("A123456789", [("電話", "0912345417")])
    (entry,) = timeline(thing.ref, Audience.CUSTOMER)
    assert (entry.kind, entry.actor, entry.reason, entry.content) == (
        "PersonalDataShown", cast.chang.ref, "other", {"note": "補寄條款"}
    )  # fmt: skip


def test_service_planning_sees_nothing_unmasked(cast):
    thing = customer(cast, id_number="A123456789")

    with pytest.raises(NotAllowed):
        actions.show_personal(thing, by=cast.hsu, reason="identity")

    assert kinds(thing) == ["CustomerRegistered"]


def test_no_fact_holds_a_name_a_number_or_a_reason(cast):
    thing = customer(cast, id_number="A123456789", contacts=(("phone", "0912345417"),))
    other = customer(cast, "陳大文")
    actions.change(thing, by=cast.lin, name="王雅亭")
    actions.add_contact(thing, by=cast.lin, kind="email", value="yt@example.com")
    ties.merge(other, into=thing, by=cast.chou, reason="王雅亭本人說的")
    actions.show_personal(thing, by=cast.lin, reason="other", note="王小姐要求")

    written = " ".join(str(entry.data) for who in (thing, other) for entry in timeline(who.ref, Audience.STAFF))

    for word in ("雅", "陳", "A123", "0912", "yt@", "王"):
        assert word not in written


def test_a_new_preferred_contact_replaces_the_old_one_and_an_ended_one_is_not_found(cast):
    thing = customer(cast, contacts=(("phone", "0912345417"),))

    actions.add_contact(thing, by=cast.lin, kind="phone", value="0223456789", is_preferred=True)
    assert thing.preferred("phone").value == "0223456789"

    actions.end_contact(ContactPoint.objects.get(value="0912345417"), by=cast.lin)
    assert list(queries.visible_to(cast.lin).matching("0912345417")) == []
    assert kinds(thing, Audience.CUSTOMER) == ["ContactChanged", "ContactChanged"]


def test_a_representative_may_do_what_the_document_says_while_it_holds(cast):
    mother, daughter = customer(cast, "王陳秀英"), customer(cast)
    authority = ties.Authority(daughter, "claim", TODAY, date(2026, 12, 31), "委任書")
    row = ties.record_authority(mother, authority, by=cast.wu, at=NOON)

    assert queries.may_speak_for(mother, daughter, "claim", TODAY) == row
    assert queries.may_speak_for(mother, daughter, "servicing", TODAY) is None
    assert queries.may_speak_for(daughter, mother, "claim", TODAY) is None
    assert queries.may_speak_for(mother, daughter, "claim", date(2027, 1, 1)) is None
    ties.revoke_authority(row, by=cast.wu, reason="本人來電", at=NOON)
    assert queries.may_speak_for(mother, daughter, "claim", TODAY) is None


def test_a_consent_is_given_once_and_taken_back_leaves_its_span(cast):
    thing = customer(cast)
    for _again in range(2):
        ties.give_consent(thing, purpose="survey", channel="phone", by=cast.lin, at=NOON)

    assert kinds(thing, Audience.CUSTOMER) == ["ConsentGiven"]
    ties.withdraw_consent(thing, purpose="survey", by=cast.lin, at=NOON)
    ties.withdraw_consent(thing, purpose="survey", by=cast.lin, at=NOON)
    assert kinds(thing, Audience.CUSTOMER) == ["ConsentWithdrawn", "ConsentGiven"]
    assert thing.consents.get().withdrawn_at == NOON


def test_what_to_heed_stands_until_it_is_ended(cast):
    thing = customer(cast)
    note = actions.note_care(thing, by=cast.lin, kind="access", text="重聽,請寫字條", at=NOON)

    assert list(thing.care_notes.standing_on(TODAY)) == [note]
    actions.end_care(note, by=cast.lin, at=NOON)
    assert list(thing.care_notes.standing_on(TODAY)) == []


def test_who_may_be_the_same_is_found_before_a_second_one_is_made(cast):
    known = customer(cast, id_number="A123456789", birth_on=date(1990, 5, 1), contacts=(("phone", "0912-345-417"),))

    assert queries.twins_of(queries.Twin("別人", id_number="A123456789")) == [known]
    assert queries.twins_of(queries.Twin("王雅婷", birth_on=date(1990, 5, 1))) == [known]
    assert queries.twins_of(queries.Twin("王雅婷", phone="+886 912345417")) == [known]
    assert queries.twins_of(queries.Twin("王雅婷")) == []


def test_an_erased_customer_leaves_a_number_and_nothing_personal(cast):
    thing = customer(cast, id_number="A123456789", contacts=(("phone", "0912345417"),))
    other = customer(cast, "王雅亭", contacts=(("email", "yt@example.com"),))
    ties.merge(other, into=thing, by=cast.chou, reason="同一人")
    actions.note_care(thing, by=cast.lin, kind="other", text="王小姐重聽")

    for _again in range(2):
        erase(thing.ref, by=cast.tsai.ref, reason="asked for")

    rows = Customer.objects.order_by("pk").values_list("number", "name", "id_number", "words")
    assert list(rows) == [(thing.number, "–", "", []), (other.number, "–", "", [])]
    assert ContactPoint.objects.count() == 0 and thing.care_notes.count() == 0


@profile(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.from_regex(r"09[0-9]{8}", fullmatch=True), st.sampled_from(["-", " ", ""]))
def test_a_mobile_number_is_the_same_with_prefix_and_however_it_is_spaced(digits, gap):
    spaced = gap.join((digits[1:4], digits[4:7], digits[7:]))

    assert phone_digits(f"+886 {spaced}") == phone_digits(f"0{spaced}") == digits
