"""A browser of sorts for tests: each form it sends carries a key, as our pages give each form one."""

import re
from typing import Any
from uuid import uuid4

from django.test import Client as DjangoClient

from tests.rendered import faults_in

FORM = re.compile(r"(?s)<form[^>]*>.*?</form>")
VERSION = re.compile(r'name="seen" value="([^"]+)"')


class Client(DjangoClient):
    def request(self, **request: Any):
        response = super().request(**request)
        if not response.streaming and response.get("Content-Type", "").startswith("text/html"):
            found = faults_in(response.content.decode())
            assert found == [], f"{request.get('PATH_INFO')} holds what no page may hold: {found}"
        return response

    def post(self, path: str, data: Any = None, *args: Any, **kwargs: Any):
        if data is None or (isinstance(data, dict) and "key" not in data):
            data = {**(data or {}), "key": str(uuid4())}
        return super().post(path, data, *args, **kwargs)

    def send(self, path: str, data: dict[str, Any], *, on: str = ""):
        """Fill in the form that sends to `path` as it stands on the page now, with the version it was read at."""
        forms = FORM.findall(self.get(on or path).content.decode())
        mine = [form for form in forms if f'action="{path}"' in form] or forms
        found = next(filter(None, map(VERSION.search, mine)))
        return self.post(path, data | {"seen": found[1]})
