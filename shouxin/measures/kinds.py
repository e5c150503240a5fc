"""The facts that figures read, by the names under which the rooms below record them."""

from shouxin.cases import facts as cases
from shouxin.complaints import facts as complaints
from shouxin.promises import facts as promises
from shouxin.record.recording import EXAMPLE, IMPORT, LIVE

CASE_OPENED, CASE_CLOSED = cases.CaseOpened.__name__, cases.CaseClosed.__name__
CASE_REOPENED = cases.CaseReopened.__name__
CASE_ASSIGNED, CASE_HANDED_OVER = cases.CaseAssigned.__name__, cases.CaseHandedOver.__name__
CASE_TAKEN_BACK = cases.CaseTakenBack.__name__
REPLY_SENT = cases.ReplySent.__name__
COMPLAINT_OPENED, COMPLAINT_CLOSED = complaints.ComplaintOpened.__name__, complaints.ComplaintClosed.__name__
COMPLAINT_CLASSIFIED = complaints.ComplaintClassified.__name__
PROMISE_KEPT, PROMISE_BROKEN = promises.PromiseKept.__name__, promises.PromiseBroken.__name__
PROMISE_MADE_GOOD, PROMISE_WITHDRAWN = promises.PromiseMadeGood.__name__, promises.PromiseWithdrawn.__name__

# A home holds real facts once a case or complaint began that is no example.
STARTING = (CASE_OPENED, COMPLAINT_OPENED)
REAL_SOURCES = (LIVE, IMPORT)
__all__ = ["EXAMPLE"]
