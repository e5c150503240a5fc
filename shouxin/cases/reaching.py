"""What begins each term that binds the insurer: by which service and event, or why nothing does yet.

`docs/rules.md` is this list; a test keeps it and NOT_YET true. To write it anew: `manage.py rules > docs/rules.md`.
"""

from collections.abc import Iterator
from datetime import date

from shouxin.cases.catalogue import services
from shouxin.jurisdictions.events import BY_ITSELF, OF_POLICIES
from shouxin.jurisdictions.packs import packs
from shouxin.jurisdictions.packs.pack import not_found
from shouxin.jurisdictions.rule import Rule
from shouxin.promises.choosing import events_of, rules_begun

# A day on which all current terms hold.
DAY = date(2026, 11, 28)
# Terms that nothing begins: the room that will, or why it is shown and never promised.
NOT_YET = {
    "TW-05": "claims/servicing: the mirror has no reserve and no loan, so nobody knows the day",
    "TW-11b": "a limit of the insurer's right, not a duty: shown",
    "TW-16": "disputes of financial consumers follow TW-14: shown",
    "TW-45": "sales: the mirror does not say whether a motor policy was renewed elsewhere",
    "TW-53": "claims: terminating after a partial loss has no service yet",
    "CN-10b": "a limit of the insurer's right, not a duty: shown",
    "CN-56": "sales: a change of rates has no service yet",
    "CN-56b": "portal: a duty of the policy look-up, kept by leaving it open",
    "CN-62": "portal: closing the platform has no service",
    "CN-64": "claims: terminating after a partial loss has no service yet",
    "UK-03": "an option of the insurer instead of UK-02, not a duty: shown",
}


def terms() -> list[Rule]:
    """Every term in use that binds the insurer and has a number of days, in the order of the packs."""
    return [
        rule
        for one in packs()
        for rule in one.rules
        if rule.binds == "insurer" and rule.is_on and (rule.has_clock or rule.within) and rule.is_valid_on(DAY)
    ]


def beginnings(rule: Rule) -> list[str]:
    """How the product's own actions begin it: "A15: opening", "A10: recorded (proof_received)" …"""
    if rule.is_backward:
        return ["policies: every night, ahead (cover_ends)"] if "cover_ends" in rule.starts else []
    found = [f"policies: {event}" for event in rule.starts if event in OF_POLICIES]
    return [*found, *_in_services(rule)]


def _in_services(rule: Rule) -> Iterator[str]:
    scopes = frozenset({"life", "individual", "health", "over_one_year", *rule.scope})
    jurisdiction = "none" if rule.jurisdiction == "company" else rule.jurisdiction
    for service in services():
        asked = (service["code"], tuple(service["promise_subjects"]), jurisdiction, DAY)
        recorded = events_of(*asked, scopes)
        for event in rule.starts:
            if not any(begun.id == rule.id for begun in rules_begun(*asked, (event,), scopes)):
                continue
            if event in service["opening_events"]:
                yield f"{service['code']}: opening"
            elif event in BY_ITSELF:
                yield f"{service['code']}: {event}"
            elif event in recorded:
                yield f"{service['code']}: recorded ({event})"


def page() -> str:
    """The list as a compliance officer reads it, in Markdown."""
    lines = [HEAD]
    for one in packs():
        mine = [rule for rule in terms() if rule.jurisdiction == one.code]
        if mine:
            lines += [f"\n## {one.code} · {one.name.en}\n", *TABLE, *map(_row, mine)]
    lines += ["\n## Not found\n", "Terms that are said to exist and whose text could not be read; none is in use.\n"]
    lines += [
        "| place | term | why |",
        "|---|---|---|",
        *(f"| {each['place']} | {each['term']} | {each['why']} |" for each in not_found()),
    ]
    return "\n".join(lines) + "\n"


HEAD = """# Terms that bind the insurer, and what begins them

Made from the packs (`shouxin/jurisdictions/packs/data`) by `manage.py rules`; a test compares. *Mark*: F read in the
official text, F2 second-hand, O the company's own as shipped; what a company adopts stands in its database and on the
page "Company standards". *Kept by*: any one of these acts. *Begins*: the service of the catalogue with the event;
"recorded" is what an officer records on the case ("Something happened"), "policies" what is found in the mirror every
night.
Terms of customers, ombudsmen and regulators are shown in the product and not promised."""
TABLE = ("| rule | what | source | mark | term | kept by | begins |", "|---|---|---|---|---|---|---|")


def _row(rule: Rule) -> str:
    began = "; ".join(dict.fromkeys(beginnings(rule))) or f"**not yet** – {NOT_YET.get(rule.id, '?')}"
    term = f"{rule.limit} {rule.unit.replace('_', ' ')}" if rule.has_clock else f"as {rule.within}"
    source = f"{rule.source.hant or rule.source.en} {rule.article.hant or rule.article.en}".strip()
    scope = f" ({', '.join(rule.scope)})" if rule.scope else ""
    kept_by = ", ".join(act.replace("_", " ") for act in rule.kept_by) + (", in writing" if rule.form else "")
    what = f"{rule.id} v{rule.version} | {rule.title.en}{scope}"
    return f"| {what} | {source} | {rule.mark} | {term} | {kept_by} | {began} |"
