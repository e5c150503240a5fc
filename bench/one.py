"""`python -m bench.one NAME CASES`: one bench in this process, on the database of the environment; figures as JSON."""

import json
import os
import sys
from importlib import import_module


def main(name: str, cases: int) -> None:
    import django

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    django.setup()
    bench = import_module(f"bench.{name.replace('-', '_')}")
    figures = bench.run() if name in {"imports", "measures", "promises"} else bench.run(cases)
    print(json.dumps(figures, ensure_ascii=False))


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]))
