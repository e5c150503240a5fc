"""Who may see a thing; declared by every fact class and every promise rule."""

from enum import StrEnum


class Audience(StrEnum):
    CUSTOMER = "customer"  # the customer concerned, and the staff
    STAFF = "staff"
    COMPLIANCE = "compliance"  # compliance alone: not even a hint to others
    HR = "hr"
    PERSON = "person"  # the person judged, and HR
    NOBODY = "nobody"


# What each kind of reader may read. There is no reader of everything outside sealing and measuring.
READS: dict[Audience, frozenset[Audience]] = {
    Audience.CUSTOMER: frozenset({Audience.CUSTOMER}),
    Audience.STAFF: frozenset({Audience.CUSTOMER, Audience.STAFF}),
    Audience.COMPLIANCE: frozenset({Audience.CUSTOMER, Audience.STAFF, Audience.COMPLIANCE}),
    Audience.HR: frozenset({Audience.CUSTOMER, Audience.STAFF, Audience.HR, Audience.PERSON}),
    Audience.PERSON: frozenset({Audience.CUSTOMER, Audience.STAFF, Audience.PERSON}),
    Audience.NOBODY: frozenset(),
}
