"""Everything that may be done with a case: `verb(case, *, by, …)`, one intention and one transaction each."""

from shouxin.cases.actions.closing import close, reopen
from shouxin.cases.actions.conversation import discard_draft, note, receive, reply, save_draft
from shouxin.cases.actions.opening import open_case
from shouxin.cases.actions.work import assign, hand_over, take_back, take_next, takes

__all__ = [
    "assign",
    "close",
    "discard_draft",
    "hand_over",
    "note",
    "open_case",
    "receive",
    "reopen",
    "reply",
    "save_draft",
    "take_back",
    "take_next",
    "takes",
]
