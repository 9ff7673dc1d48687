from __future__ import annotations

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import serializers, status
from rest_framework.generics import ListAPIView
from rest_framework.request import Request
from rest_framework.response import Response

from recognition.api.access import GalleryView
from recognition.api.idempotency import idempotent
from recognition.api.pagination import NewestFirst
from recognition.models import Delivery, Event, Scope, Webhook
from recognition.selectors.galleries import require_owner
from recognition.selectors.webhooks import deliveries_of, get_webhook, webhooks_of
from recognition.services.webhooks.addresses import MAX_URL
from recognition.services.webhooks.create_webhook import create_webhook
from recognition.services.webhooks.remove_webhook import remove_webhook
from recognition.services.webhooks.update_webhook import update_webhook


def events_field(*, required: bool = True) -> serializers.ListField:
    return serializers.ListField(
        child=serializers.ChoiceField(choices=Event.choices),
        min_length=1,
        max_length=len(Event),
        required=required,
    )


class WebhookAnswer(serializers.ModelSerializer[Webhook]):
    id = serializers.CharField(source="public_id")
    events = events_field()

    class Meta:
        model = Webhook
        fields = ["id", "url", "events", "active", "created_at"]


class WebhookSecretAnswer(WebhookAnswer):
    """The only answer that has the secret."""

    secret = serializers.CharField(
        help_text="Messages are signed with it by the Standard Webhooks specification; shown once."
    )

    class Meta(WebhookAnswer.Meta):
        fields = [*WebhookAnswer.Meta.fields, "secret"]


class WebhookInput(serializers.Serializer[Any]):
    url = serializers.CharField(max_length=MAX_URL, help_text="http or https.")
    events = events_field()


class WebhookChange(serializers.Serializer[Any]):
    url = serializers.CharField(max_length=MAX_URL, required=False)
    events = events_field(required=False)
    active = serializers.BooleanField(required=False)


class DeliveryAnswer(serializers.ModelSerializer[Delivery]):
    id = serializers.CharField(source="public_id", help_text="Sent as `webhook-id`.")
    body = serializers.CharField(help_text="What is sent, byte for byte: JSON in UTF-8.")
    response_status = serializers.IntegerField(
        min_value=100, max_value=599, allow_null=True, help_text="What was last answered."
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


class OwnersView(GalleryView):
    """What even a curator does not see."""

    scope = Scope.MANAGE
    scope_to_read = True

    def initial(self, request: Request, *args: object, **kwargs: object) -> None:
        super().initial(request, *args, **kwargs)
        require_owner(request.user, self.gallery)


class WebhookList(OwnersView, ListAPIView[Webhook]):
    serializer_class = WebhookAnswer

    def get_queryset(self) -> Any:
        return webhooks_of(self.gallery)

    @extend_schema(request=WebhookInput, responses={201: WebhookSecretAnswer})
    @idempotent
    def post(self, request: Request, gallery: str) -> Response:
        given = WebhookInput(data=request.data)
        given.is_valid(raise_exception=True)
        webhook = create_webhook(gallery=self.gallery, user=self.user, **given.validated_data)
        return Response(WebhookSecretAnswer(webhook).data, status=status.HTTP_201_CREATED)


class WebhookDetail(OwnersView):
    @extend_schema(responses=WebhookAnswer)
    def get(self, request: Request, gallery: str, webhook: str) -> Response:
        return Response(WebhookAnswer(get_webhook(self.gallery, webhook)).data)

    @extend_schema(request=WebhookChange, responses=WebhookAnswer)
    def patch(self, request: Request, gallery: str, webhook: str) -> Response:
        given = WebhookChange(data=request.data)
        given.is_valid(raise_exception=True)
        changed = update_webhook(webhook=get_webhook(self.gallery, webhook), **given.validated_data)
        return Response(WebhookAnswer(changed).data)

    @extend_schema(responses={204: None})
    def delete(self, request: Request, gallery: str, webhook: str) -> Response:
        remove_webhook(webhook=get_webhook(self.gallery, webhook))
        return Response(status=status.HTTP_204_NO_CONTENT)


class DeliveryList(OwnersView, ListAPIView[Delivery]):
    """What was sent to a webhook in the last 30 days, and what is still to be sent."""

    serializer_class = DeliveryAnswer
    pagination_class = NewestFirst

    def get_queryset(self) -> Any:
        if getattr(self, "swagger_fake_view", False):
            return Delivery.objects.none()
        return deliveries_of(get_webhook(self.gallery, self.kwargs["webhook"]))
