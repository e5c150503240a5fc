"""Chinese order without ICU: a stored key that plain byte order sorts by strokes.

Big5 lists its 5,401 common characters by stroke count and then by radical, and after them its 7,652 rarer
ones the same way. So a character's place in Big5 is its place in a Taiwanese register. Characters that Big5
does not have are looked up by code point (which follows radical and strokes) and stand after those it has.
"""

import unicodedata


def _place(character: str) -> str:
    if character.isascii():
        return f"0{character}"
    try:
        return f"1{character.encode('big5').hex()}"
    except UnicodeEncodeError:
        return f"2{ord(character):06x}"


def sort_key(name: str, *, longest: int = 24) -> str:
    """The key by which `name` stands in a list: other scripts by letters, then Chinese by strokes.

    >>> sorted(["陳柏宏", "丁一", "林佳穎", "Amy"], key=sort_key)
    ['Amy', '丁一', '林佳穎', '陳柏宏']
    """
    plain = unicodedata.normalize("NFKC", name).casefold().strip()
    return "".join(_place(character) for character in plain[:longest])
