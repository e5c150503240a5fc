"""The company's own standards; they run on the calendar of the branch and are shown to customers as well."""

from shouxin.jurisdictions.packs.pack import Pack, load_rules
from shouxin.jurisdictions.terms import Wording


def make(code: str) -> Pack:
    return Pack(
        code=code,
        name=Wording("公司承諾", "The company's own standards", "公司承诺"),
        rules=load_rules(code, "company"),
    )
