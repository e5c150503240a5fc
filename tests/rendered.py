"""What no page of ours may hold; tests/sending.py looks for it in every page that a test asks for."""

import re

# A field that bears the word for nothing: what was not said was printed by its Python name.
PRINTED_NONE = re.compile(r"""<[^>]*\bvalue=["']?None["'\s>]|<textarea[^>]*>\s*None\s*</textarea>""")
# Django's word for "nothing chosen".
DASHES = re.compile(r"<option[^>]*>-{3,}</option>")


def faults_in(text: str) -> list[str]:
    return [found.group() for kind in (PRINTED_NONE, DASHES) for found in kind.finditer(text)]
