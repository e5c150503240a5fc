"""The indicators: one file each. A new one is a file here and a golden test, nothing else."""

import importlib
import pkgutil
from functools import lru_cache

from shouxin.measures.indicator import Indicator


@lru_cache(maxsize=1)
def registry() -> dict[str, Indicator]:
    """All indicators by code, in the order of their files' names. Two with one code raise ValueError."""
    found: dict[str, Indicator] = {}
    for module in pkgutil.iter_modules(__path__):
        if not module.name.startswith("_"):
            indicator = importlib.import_module(f"{__name__}.{module.name}").INDICATOR
            if found.setdefault(indicator.code, indicator) is not indicator:
                raise ValueError(f"two indicators are called {indicator.code}")
    return found
