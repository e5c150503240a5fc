"""All indicators of the house: every room's folder `indicators/` is searched, so that a new file is all it takes."""

import importlib
import pkgutil
from functools import lru_cache
from pathlib import Path

from django.apps import apps

from shouxin.record.indicator import Indicator


@lru_cache(maxsize=1)
def registry() -> dict[str, Indicator]:
    """All indicators by code, in the order of their codes. Two with one code raise ValueError."""
    found: dict[str, Indicator] = {}
    for app in apps.get_app_configs():
        for module in pkgutil.iter_modules([str(Path(app.path) / "indicators")]):
            if not module.name.startswith("_"):
                indicator = importlib.import_module(f"{app.name}.indicators.{module.name}").INDICATOR
                if found.setdefault(indicator.code, indicator) is not indicator:
                    raise ValueError(f"two indicators are called {indicator.code}")
    return dict(sorted(found.items()))
