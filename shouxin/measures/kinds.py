"""The facts that figures read, by the names under which the rooms below record them."""

CASE_OPENED, CASE_CLOSED, CASE_REOPENED = "CaseOpened", "CaseClosed", "CaseReopened"
CASE_ASSIGNED, CASE_HANDED_OVER, CASE_TAKEN_BACK = "CaseAssigned", "CaseHandedOver", "CaseTakenBack"
REPLY_SENT = "ReplySent"
COMPLAINT_OPENED, COMPLAINT_CLOSED = "ComplaintOpened", "ComplaintClosed"
PROMISE_KEPT, PROMISE_BROKEN = "PromiseKept", "PromiseBroken"
PROMISE_MADE_GOOD, PROMISE_WITHDRAWN = "PromiseMadeGood", "PromiseWithdrawn"

# A home holds real facts once a case or complaint began that is no example.
STARTING = (CASE_OPENED, COMPLAINT_OPENED)
EXAMPLE = "example"
REAL_SOURCES = ("live", "import")
