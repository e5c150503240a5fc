"""Everything that may be done with a case: `verb(case, *, by, …)`, one intention and one transaction each."""

from shouxin.cases.actions.announcing import record_breach, record_event
from shouxin.cases.actions.attaching import attach, detach
from shouxin.cases.actions.cataloguing import change_service, edition, said, write_template
from shouxin.cases.actions.closing import close, reopen
from shouxin.cases.actions.conversation import (
    call_missed,
    discard_draft,
    no_answer_needed,
    note,
    receive,
    reply,
    save_draft,
)
from shouxin.cases.actions.extending import extend_promise
from shouxin.cases.actions.letters import letter_delivered, letter_posted, queue_letter, retry_letter, send_letter
from shouxin.cases.actions.opening import open_case
from shouxin.cases.actions.papers import paper_received, request_papers
from shouxin.cases.actions.pausing import pause_clocks, run_clocks
from shouxin.cases.actions.promising import follow_promises
from shouxin.cases.actions.queueing import put_work, work_done
from shouxin.cases.actions.relating import change, link, link_customer, link_policy, tag, unlink, untag
from shouxin.cases.actions.telling import reachable_by, tell
from shouxin.cases.actions.work import assign, hand_over, hand_over_all, take_back, take_next, takes

__all__ = [
    "assign", "attach", "call_missed", "change", "change_service", "close", "detach", "discard_draft", "edition",
    "extend_promise",
    "follow_promises", "hand_over", "hand_over_all", "letter_delivered", "letter_posted", "link", "link_customer",
    "link_policy",
    "no_answer_needed", "note", "open_case", "paper_received", "pause_clocks", "put_work", "queue_letter",
    "reachable_by", "receive", "record_breach", "record_event", "reopen", "reply", "request_papers", "retry_letter",
    "run_clocks", "said", "save_draft", "send_letter", "tag", "take_back", "take_next", "takes", "tell", "unlink",
    "untag", "work_done", "write_template",
]  # fmt: skip
