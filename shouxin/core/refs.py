"""How one room names a thing of another without importing it: (kind, id)."""

from typing import ClassVar, NamedTuple


class Ref(NamedTuple):
    """A name for a thing: its kind ("case") and its number in the database. Written ``case:4517``."""

    kind: str
    id: int

    def __str__(self) -> str:
        return f"{self.kind}:{self.id}"

    @classmethod
    def parse(cls, text: str) -> "Ref":
        """The inverse of ``str``. Raises ValueError on anything else."""
        kind, separator, number = text.partition(":")
        if not (kind and separator):
            raise ValueError(f"not a reference: {text!r}")
        return cls(kind, int(number))


class Referable:
    """A model whose rows can be named by a fact or by another room."""

    ref_kind: ClassVar[str]

    @property
    def ref(self) -> Ref:
        return Ref(self.ref_kind, self.pk)
