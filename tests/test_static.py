"""What a page asks for is there: a missing script breaks every page once files are named by their hash."""

import re

from django.contrib.staticfiles import finders

from shouxin.core.context import SHEETS
from tests.house import files

_ASKED = re.compile(r"""{%\s*static\s+['"]([^'"]+)['"]""")


def test_every_static_file_that_a_template_names_exists():
    asked = {name for path in files(".html") for name in _ASKED.findall(path.read_text(encoding="utf-8"))}
    missing = sorted(name for name in asked | set(SHEETS) if finders.find(name) is None)

    assert asked
    assert missing == []
