"""One transaction with all named questions, gathered from the subjects."""

from __future__ import annotations

from dispatch.store.access import TokenQueries
from dispatch.store.accounts import AccountQueries
from dispatch.store.audit import AuditQueries
from dispatch.store.drafts import DraftQueries
from dispatch.store.jobs import JobQueries
from dispatch.store.looks import LookQueries
from dispatch.store.notices import NoticeQueries
from dispatch.store.pairings import PairingQueries
from dispatch.store.plans import PlanQueries
from dispatch.store.quarantine import QuarantineQueries
from dispatch.store.registers import RegisterQueries
from dispatch.store.reports import ReportQueries
from dispatch.store.retention import RetentionQueries
from dispatch.store.road import RoadQueries
from dispatch.store.runs import RunQueries
from dispatch.store.signals import SignalQueries
from dispatch.store.webhooks import WebhookQueries


class Transaction(
    SignalQueries,
    QuarantineQueries,
    NoticeQueries,
    LookQueries,
    RegisterQueries,
    JobQueries,
    PlanQueries,
    RetentionQueries,
    DraftQueries,
    TokenQueries,
    WebhookQueries,
    AccountQueries,
    AuditQueries,
    RunQueries,
    ReportQueries,
    PairingQueries,
    RoadQueries,
):
    """Everything that can be asked of and told to the database within one commit."""
