"""Loading many policies at once by COPY: the mirror of the core system and the example insurer."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from shouxin.core.copying import copy_rows, fresh_ids, sequence_of
from shouxin.policies.models import number_key

_POLICIES = (
    "id", "number", "number_key", "product_id", "state", "issued_on", "delivered_on", "ends_on", "premium",
    "sum_insured", "currency", "sold_through", "agent_id", "branch_id", "mirrored_at",
)  # fmt: skip
_ROLES = ("policy_id", "customer_id", "role")


@dataclass(frozen=True)
class PolicyRow:
    number: str
    product_id: int
    issued_on: date
    premium: Decimal
    currency: str
    state: str = "in_force"
    delivered_on: date | None = None
    ends_on: date | None = None
    sum_insured: Decimal | None = None
    sold_through: str = ""
    agent_id: int | None = None
    branch_id: int | None = None
    mirrored_at: datetime | None = None
    roles: tuple[tuple[int, str], ...] = ()  # (customer id, role)


def copy_policies(rows: Iterable[PolicyRow]) -> list[int]:
    """COPY policies and their roles; returns the policies' ids, in the order of `rows`."""
    rows = list(rows)
    keys = fresh_ids(sequence_of("policies_policy"), len(rows))
    numbered = list(zip(keys, rows, strict=True))
    copy_rows("policies_policy", _POLICIES, (
        (key, row.number, number_key(row.number), row.product_id, row.state, row.issued_on, row.delivered_on,
         row.ends_on, row.premium, row.sum_insured, row.currency, row.sold_through, row.agent_id, row.branch_id,
         row.mirrored_at)
        for key, row in numbered
    ))  # fmt: skip
    copy_rows("policies_policyrole", _ROLES, ((key, *role) for key, row in numbered for role in row.roles))
    return keys
