"""Cases to test with."""

from collections.abc import Callable
from typing import Any

import pytest

from shouxin.cases.actions import open_case
from shouxin.cases.models import Case, Service
from shouxin.cases.rules import Claimant
from tests.cast import NOON, Cast


@pytest.fixture
def opened(cast: Cast) -> Callable[..., Case]:
    """opened(service="A15", by=cast.lin, …) -> a case opened at NOON."""

    def make(service: str = "A15", *, by: Any = None, at: Any = NOON, **about: Any) -> Case:
        told = {
            "service": Service.objects.get(code=service),
            "channel": "web",
            "subject": "理賠金還沒有下來",
            "body": "我六月出院後就送件了,到現在都沒有消息,麻煩查一下。",
            "branch": cast.taipei,
            "claimant": Claimant(name="王雅婷", phone="0912345417", email="ya.ting@example.com"),
        }
        return open_case(by=by, at=at, **{**told, **about})

    return make
