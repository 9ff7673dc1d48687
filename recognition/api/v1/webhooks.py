from __future__ import annotations

from typing import Any

from django.core.validators import RegexValidator
from drf_spectacular.utils import extend_schema
from rest_framework import serializers, status
from rest_framework.generics import ListAPIView
from rest_framework.request import Request
from rest_framework.response import Response

from recognition.api.access import GalleryView
from recognition.api.filters import DeliveryFilters, WebhookFilters
from recognition.api.idempotency import idempotent
from recognition.api.inputs import Change, Flag, Items, Text
from recognition.api.pagination import NewestFirst
from recognition.core.errors import InvalidWebhook
from recognition.models import Delivery, Event, Scope, Webhook
from recognition.selectors.galleries import require_owner
from recognition.selectors.webhooks import deliveries_of, get_webhook, webhooks_of
from recognition.services.webhooks.addresses import MAX_URL
from recognition.services.webhooks.create_webhook import create_webhook
from recognition.services.webhooks.remove_webhook import remove_webhook
from recognition.services.webhooks.send_test import send_test
from recognition.services.webhooks.update_webhook import update_webhook


def events_field(*, required: bool = True) -> serializers.ListField:
    return Items(
        child=serializers.ChoiceField(choices=Event.choices),
        min_length=1,
        max_length=len(Event),
        required=required,
        help_text="What to be told of: a query that matched, one of something unknown, a job that "
        "ended.",
    )


def url_field(*, required: bool = True) -> Text:
    return Text(
        max_length=MAX_URL,
        required=required,
        validators=[RegexValidator(r"^https?://[^\s/?#]", "Give an http or https address.")],
        help_text="An http or https address in the internet. One inside this network is refused "
        "unless the operator allows it.",
    )


class WebhookAnswer(serializers.ModelSerializer[Webhook]):
    """An address that is told of events."""

    id = serializers.CharField(source="public_id", help_text="Its name in addresses.")
    events = events_field()

    class Meta:
        model = Webhook
        fields = ["id", "url", "events", "active", "created_at"]
        extra_kwargs = {
            "url": {"help_text": "Where messages are sent."},
            "active": {"help_text": "False where it is switched off, or answered 410 Gone."},
            "created_at": {"help_text": "When it was made."},
        }


class WebhookSecretAnswer(WebhookAnswer):
    """The only answer that has the secret."""

    secret = serializers.CharField(
        help_text="Messages are signed with it by the Standard Webhooks specification; shown once. "
        "Empty where the answer is replayed."
    )

    class Meta(WebhookAnswer.Meta):
        fields = [*WebhookAnswer.Meta.fields, "secret"]


class WebhookInput(serializers.Serializer[Any]):
    """A new webhook."""

    url = url_field()
    events = events_field()


class WebhookChange(Change):
    """What is to change; what is left out stays."""

    url = url_field(required=False)
    events = events_field(required=False)
    active = Flag(required=False, help_text="False switches it off.")


class DeliveryAnswer(serializers.ModelSerializer[Delivery]):
    """A message, sent or to be sent."""

    id = serializers.CharField(source="public_id", help_text="Sent as `webhook-id`.")
    body = serializers.CharField(help_text="What is sent, byte for byte: JSON in UTF-8.")
    response_status = serializers.IntegerField(
        min_value=100,
        max_value=599,
        allow_null=True,
        help_text="The HTTP status that was last answered; null where nothing was.",
    )

    class Meta:
        model = Delivery
        fields = [
            "id",
            "event",
            "state",
            "attempts",
            "response_status",
            "error",
            "body",
            "created_at",
            "next_attempt_at",
            "delivered_at",
        ]
        extra_kwargs = {
            "event": {"help_text": "What it tells of."},
            "state": {"help_text": "`pending` is sent again; `failed` was given up."},
            "attempts": {"help_text": "How often it was sent so far; at most 10 times."},
            "error": {"help_text": "Why the last attempt failed, as a sentence. Else empty."},
            "created_at": {"help_text": "When the event happened."},
            "next_attempt_at": {"help_text": "When it is sent next; null when it is no more."},
            "delivered_at": {"help_text": "When it was answered with 2xx; null until then."},
        }


class OwnersView(GalleryView):
    """What even a curator does not see."""

    scope = Scope.MANAGE
    scope_to_read = True

    def initial(self, request: Request, *args: object, **kwargs: object) -> None:
        super().initial(request, *args, **kwargs)
        require_owner(request.user, self.gallery)


class WebhookList(OwnersView, ListAPIView[Webhook]):
    """The addresses that are told of a gallery's events."""

    queryset = Webhook.objects.none()
    raises = (InvalidWebhook,)
    shown_once = ("secret",)
    serializer_class = WebhookAnswer
    filterset_class = WebhookFilters

    def get_queryset(self) -> Any:
        return webhooks_of(self.gallery)

    @extend_schema(request=WebhookInput, responses={201: WebhookSecretAnswer})
    @idempotent
    def post(self, request: Request, gallery: str) -> Response:
        """Have an address told of events. The answer has the secret that messages are signed
        with, this once."""
        given = WebhookInput(data=request.data)
        given.is_valid(raise_exception=True)
        webhook = create_webhook(gallery=self.gallery, user=self.user, **given.validated_data)
        return Response(WebhookSecretAnswer(webhook).data, status=status.HTTP_201_CREATED)


class WebhookDetail(OwnersView):
    raises = (InvalidWebhook,)

    @extend_schema(responses=WebhookAnswer)
    def get(self, request: Request, gallery: str, webhook: str) -> Response:
        """One webhook. Its secret is not shown again."""
        return Response(WebhookAnswer(get_webhook(self.gallery, webhook)).data)

    @extend_schema(request=WebhookChange, responses=WebhookAnswer)
    def patch(self, request: Request, gallery: str, webhook: str) -> Response:
        """Change a webhook, or switch it on again."""
        found = get_webhook(self.gallery, webhook)
        given = WebhookChange(data=request.data, context={"now": WebhookAnswer(found).data})
        given.is_valid(raise_exception=True)
        changed = update_webhook(webhook=found, **given.validated_data)
        return Response(WebhookAnswer(changed).data)

    @extend_schema(responses={204: None})
    def delete(self, request: Request, gallery: str, webhook: str) -> Response:
        """Send it nothing more, and forget what was sent."""
        remove_webhook(webhook=get_webhook(self.gallery, webhook))
        return Response(status=status.HTTP_204_NO_CONTENT)


class DeliveryList(OwnersView, ListAPIView[Delivery]):
    """What was sent to a webhook in the last 30 days, and what is still to be sent."""

    queryset = Delivery.objects.none()
    serializer_class = DeliveryAnswer
    filterset_class = DeliveryFilters
    pagination_class = NewestFirst

    def get_queryset(self) -> Any:
        return deliveries_of(get_webhook(self.gallery, self.kwargs["webhook"]))


class WebhookTest(OwnersView):
    raises = (InvalidWebhook,)

    @extend_schema(request=None, responses={202: DeliveryAnswer})
    @idempotent
    def post(self, request: Request, gallery: str, webhook: str) -> Response:
        """Send a message of the type `test` that says nothing, to see whether messages arrive.
        `Location` lists what became of it."""
        delivery = send_test(webhook=get_webhook(self.gallery, webhook))
        return self.accepted(DeliveryAnswer(delivery).data, "deliveries")
