from __future__ import annotations

from datetime import datetime

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models

from recognition.core.rates import DEFAULT_FAR, MAX_FAR, MIN_FAR
from recognition.core.types import Domain
from recognition.index.kinds import IndexKind

MAX_QUERY_DAYS = 36_500


class Gallery(models.Model):
    """An isolated searchable set: categories, encoder, decision policy, members."""

    slug = models.SlugField(max_length=100, unique=True)
    name = models.CharField(max_length=200)
    description = models.TextField(blank=True)
    encoder = models.ForeignKey(
        "recognition.EncoderRecord", on_delete=models.PROTECT, related_name="galleries"
    )
    generation = models.PositiveBigIntegerField(
        default=0, editable=False, help_text="The number of the last change to the support set."
    )
    token = models.PositiveBigIntegerField(
        default=0, editable=False, help_text="The random number drawn with that change."
    )
    index_kind = models.CharField(
        max_length=20,
        blank=True,
        choices=[(kind.value, kind.value) for kind in IndexKind],
        help_text="How vectors are kept and searched; empty lets the gallery's size decide.",
    )
    index_backend = models.CharField(
        max_length=300,
        blank=True,
        editable=False,
        help_text="Where the index is, written as ONESHOT_INDEX is; empty follows that setting.",
    )
    feedback_generation = models.PositiveBigIntegerField(
        default=0, editable=False, help_text="How often something was said of an answer."
    )
    target_far = models.FloatField(
        "target false-accept rate",
        default=DEFAULT_FAR,
        validators=[MinValueValidator(MIN_FAR), MaxValueValidator(MAX_FAR)],
        help_text="The share of impostors that may be accepted.",
    )
    measured = models.JSONField(
        null=True,
        editable=False,
        help_text="What its newest measurement by itself found of its error rates.",
    )
    better_domain = models.CharField(
        max_length=20,
        blank=True,
        editable=False,
        help_text="The domain that nearly all of its references would suit better, as measured.",
    )
    advises_domain = models.BooleanField(
        default=True,
        editable=False,
        help_text="Its curators have not declined a better domain yet.",
    )
    review_references = models.BooleanField(
        default=False,
        help_text="References wait for an owner's approval before they are searchable.",
    )
    query_days = models.PositiveIntegerField(
        null=True,
        blank=True,
        validators=[MinValueValidator(1), MaxValueValidator(MAX_QUERY_DAYS)],
        help_text="For how many days queries are kept; empty keeps them for ever.",
    )
    query_images = models.BooleanField(
        default=True, help_text="Queries are kept with their images."
    )
    members = models.ManyToManyField(
        settings.AUTH_USER_MODEL, through="recognition.Membership", related_name="galleries"
    )
    created_at = models.DateTimeField(auto_now_add=True)

    fitted_at: datetime | None
    """When its model was last kept; known of a gallery as the matching reads it."""

    has_webhooks: bool
    """Whether any is to be told of what happens in it; known of the same."""

    class Meta:
        verbose_name_plural = "galleries"
        ordering = ["name", "id"]

    def __str__(self) -> str:
        return self.name

    @property
    def domain(self) -> Domain:
        """What it recognises: what its encoder was made to see."""
        return Domain(self.encoder.domain)


class Role(models.TextChoices):
    """What a member may do; each role may do what the ones after it may."""

    OWNER = "owner", "Owner"
    CURATOR = "curator", "Curator"
    VIEWER = "viewer", "Viewer"

    @property
    def may_curate(self) -> bool:
        return self in {Role.OWNER, Role.CURATOR}


class Membership(models.Model):
    gallery = models.ForeignKey(Gallery, on_delete=models.CASCADE, related_name="memberships")
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="memberships"
    )
    role = models.CharField(max_length=10, choices=Role.choices, default=Role.VIEWER)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["gallery", "user"], name="one_membership_a_gallery")
        ]

    def __str__(self) -> str:
        return f"{self.user} is {self.role} of {self.gallery}"
