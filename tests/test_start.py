"""What a process loads when it starts: every web process and worker pays for it, at every start."""

import subprocess
import sys

# Each is loaded by the first figure, file or letter that needs it.
HEAVY = {"duckdb", "pyarrow", "numpy", "pandas", "typst", "python_calamine", "sqlglot"}
LOADED = """
import sys, config.asgi
from django.urls import get_resolver
get_resolver().url_patterns
print(*sys.modules)
"""


def test_a_web_process_starts_without_what_only_some_pages_need():
    ended = subprocess.run([sys.executable, "-W", "ignore", "-c", LOADED], capture_output=True, text=True, check=True)

    loaded = {name.partition(".")[0] for name in ended.stdout.split()}
    assert "shouxin" in loaded
    assert HEAVY & loaded == set()
