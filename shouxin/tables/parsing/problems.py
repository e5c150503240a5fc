"""What is wrong with a whole file: a code and what it is about. The words are found by the process that asked."""

from typing import Any


class Problem(Exception):
    def __init__(self, code: str, **about: Any) -> None:
        super().__init__(code)
        self.code, self.about = code, about
