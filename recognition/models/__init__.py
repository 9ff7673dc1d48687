"""What is kept. The database is the truth; an index is a replica of it."""

from recognition.models.api_key import ApiKey, Scope
from recognition.models.audit import AuditAction, AuditEntry
from recognition.models.category import Category
from recognition.models.embedding import Change, Embedding, HeldEmbedding
from recognition.models.encoder import EncoderRecord
from recognition.models.encoder_change import OPEN, EncoderChange, QueryEmbedding
from recognition.models.erasure import Erasure, FileDeletion
from recognition.models.evaluation import EvaluatedImage, Evaluation
from recognition.models.feedback import Feedback
from recognition.models.fitted_model import FittedModel
from recognition.models.gallery import Gallery, Membership, Role
from recognition.models.idempotency import IdempotentRequest
from recognition.models.job import OPEN_JOBS, UNFINISHED, Job, JobRow, WorkerSeen
from recognition.models.negative import Negative, NegativeEmbedding
from recognition.models.prompt import Prompt
from recognition.models.query import Query, QueryKind
from recognition.models.reference import Reference
from recognition.models.reference_measure import ReferenceMeasure
from recognition.models.sign_in import GivenPassword, Invitation, SignIn
from recognition.models.webhook import Delivery, Event, Webhook

__all__ = [
    "OPEN",
    "OPEN_JOBS",
    "UNFINISHED",
    "ApiKey",
    "AuditEntry",
    "Category",
    "Change",
    "AuditAction",
    "Delivery",
    "Embedding",
    "EncoderChange",
    "EncoderRecord",
    "Erasure",
    "EvaluatedImage",
    "Evaluation",
    "Event",
    "Feedback",
    "FileDeletion",
    "FittedModel",
    "Gallery",
    "GivenPassword",
    "HeldEmbedding",
    "IdempotentRequest",
    "Invitation",
    "Job",
    "JobRow",
    "Membership",
    "Negative",
    "NegativeEmbedding",
    "Prompt",
    "Query",
    "QueryEmbedding",
    "QueryKind",
    "Reference",
    "ReferenceMeasure",
    "Role",
    "Scope",
    "SignIn",
    "Webhook",
    "WorkerSeen",
]
