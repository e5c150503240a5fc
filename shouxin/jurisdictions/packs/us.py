"""United States: seven states, each a pack of its own."""

from datetime import date

from shouxin.jurisdictions.calendars import office_hours
from shouxin.jurisdictions.packs import alaska, texas
from shouxin.jurisdictions.packs.days import Holidays
from shouxin.jurisdictions.packs.identity import is_american_ssn
from shouxin.jurisdictions.packs.pack import Disclosure, Identity, NextStep, Pack, load_rules
from shouxin.jurisdictions.terms import Wording

# State: names, time zone, the body that supervises insurers.
STATES = {
    "IA": ("愛荷華州", "Iowa", "America/Chicago", "Iowa Insurance Division"),
    "OH": ("俄亥俄州", "Ohio", "America/New_York", "Ohio Department of Insurance"),
    "TX": ("德州", "Texas", "America/Chicago", "Texas Department of Insurance"),
    "CA": ("加州", "California", "America/Los_Angeles", "California Department of Insurance"),
    "VA": ("維吉尼亞州", "Virginia", "America/New_York", "Virginia Bureau of Insurance"),
    "AK": ("阿拉斯加州", "Alaska", "America/Anchorage", "Alaska Division of Insurance"),
    "PA": ("賓州", "Pennsylvania", "America/New_York", "Pennsylvania Insurance Department"),
}
# Texas and Alaska name their holidays in articles of their own: what is only kept elsewhere is none of them. Whether
# Pennsylvania's "working days" leave out the day after Thanksgiving could not be decided: it counts as one, so that the
# clock shows the earlier instant.
HOLIDAYS = {
    "TX": Holidays(computed=texas.holidays_of, law="Tex. Gov't Code 662.003", official_until=date.max),
    "AK": Holidays(computed=alaska.holidays_of, law="AS 44.12.010-.025", official_until=date.max),
    "PA": Holidays("", "US", "PA", "en_US", undecided=("Day After Thanksgiving",)),
}
PERSON = Wording("社會安全號碼", "Social security number")


def make(code: str) -> Pack:
    state = code.removeprefix("US-")
    hant, en, zone, supervisor = STATES[state]
    body = Wording(f"{hant}保險主管機關（{supervisor}）", supervisor)
    return Pack(
        code=code,
        name=Wording(f"美國{hant}", f"{en}, USA"),
        zone=zone,
        currency="USD",
        hours=(office_hours(range(5), "09:00-17:00"),),
        holidays=HOLIDAYS.get(state, Holidays("", "US", state, "en_US")),
        rules=load_rules(code, "us", state),
        identities=(
            Identity("person", Wording("社會安全號碼", "Social security number"), "123-45-6789", is_american_ssn),
        ),
        next_steps={"complaint": _next_step(body)},
        disclosures=(
            Disclosure(
                "denial-reasons",
                "decision",
                Wording("拒賠以書面說明理由", "A denial gives its reasons in writing"),
                Wording(f"{hant}理賠實務規定", f"{en} claims practice rules"),
            ),
        ),
        terms={
            "complaint": Wording("申訴", "complaint"),
            "final_letter": Wording("處理結果函", "final letter"),
            "ombudsman": body,
            "regulator": body,
            "policyholder": Wording("要保人", "policyholder"),
        },
    )


def _next_step(body: Wording) -> NextStep:
    """The states name no term for going to the supervisor."""
    return NextStep(
        body,
        Wording(
            f"如您不同意本公司之決定，得向{body.hant}申訴。",
            f"If you disagree with our decision, you may ask the {body.en} to review it.",
        ),
    )
