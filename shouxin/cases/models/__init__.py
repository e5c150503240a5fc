"""Cases and everything that lies in one."""

from shouxin.cases.models.case import (
    FAR,
    Case,
    CaseEvent,
    CaseExclusion,
    CaseLink,
    CaseTag,
    CaseWords,
    Priority,
    Standing,
    State,
    Tag,
)  # fmt: skip
from shouxin.cases.models.catalogue import STAGE_OF_LETTER, ReplyTemplate, Service, Stage, past_papers
from shouxin.cases.models.conversation import Attachment, Direction, Draft, Letter, Paper, Touch
from shouxin.cases.models.work import SavedView, WorkItem

__all__ = [
    "FAR", "STAGE_OF_LETTER", "Attachment", "Case", "CaseEvent", "CaseExclusion", "CaseLink", "CaseTag", "CaseWords",
    "Direction",
    "Draft", "Letter", "Paper", "Priority", "ReplyTemplate", "SavedView", "Service", "Stage", "Standing", "State",
    "Tag", "Touch", "WorkItem", "past_papers",
]  # fmt: skip
