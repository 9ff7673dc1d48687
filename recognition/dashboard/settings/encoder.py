from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_http_methods, require_POST

from recognition.core.errors import InvalidInput, RecognitionError
from recognition.dashboard.access import member, user_of
from recognition.dashboard.settings.sections import done, require_owner_of, section
from recognition.models import EncoderChange, Gallery
from recognition.selectors.encoder_changes import changes_of, get_change, open_change
from recognition.services.encoder_changes.answer import change_answer
from recognition.services.encoder_changes.choices import encoder_choices
from recognition.services.encoder_changes.end import cancel_change, finish_change
from recognition.services.encoder_changes.start import start_encoder_change
from recognition.services.encoder_changes.switch import roll_back, switch_encoder
from recognition.services.encoders.encoder_menu import encoder_menu

HERE = "dashboard:encoder"
EARLIER = 10

STEPS: dict[str, tuple[Callable[..., EncoderChange], str]] = {
    "switch": (switch_encoder, "The gallery now uses the new encoder."),
    "roll-back": (roll_back, "The gallery is searched with the old encoder again."),
    "finish": (finish_change, "Finished: the old embeddings are gone."),
    "cancel": (cancel_change, "Cancelled: the gallery stays as it was."),
}


@member
@require_http_methods(["GET", "HEAD", "POST"])
def encoder(request: HttpRequest, gallery: Gallery) -> HttpResponse:
    """The encoder of a gallery, and the change to another one."""
    if request.method != "POST":
        return _shown(request, gallery)
    require_owner_of(request, gallery)
    return done(
        request,
        lambda: start_encoder_change(
            gallery=gallery, encoder=request.POST.get("encoder", ""), user=user_of(request)
        ),
        message="The worker has begun. The gallery stays as it is until you switch.",
        back=(HERE, gallery.slug),
        refused=lambda error: _shown(request, gallery, error),
    )


@member
@require_POST
def encoder_step(request: HttpRequest, gallery: Gallery, change: str) -> HttpResponse:
    """The next step of a change: switch, roll back, finish, cancel."""
    require_owner_of(request, gallery)
    if (step := request.POST.get("step", "")) not in STEPS:
        raise InvalidInput("Choose what is to be done.")
    take, message = STEPS[step]
    return done(
        request,
        lambda: take(change=get_change(gallery, change)),
        message=message,
        back=(HERE, gallery.slug),
        refused=lambda error: _shown(request, gallery, error),
    )


def _shown(
    request: HttpRequest, gallery: Gallery, error: RecognitionError | None = None
) -> HttpResponse:
    change = open_change(gallery)
    ended = changes_of(gallery).filter(ended_at__isnull=False)
    return section(
        request,
        gallery,
        "encoder",
        change=change,
        progress=change_answer(change) if change else None,
        choices=[] if change else encoder_choices(gallery),
        earlier=ended[:EARLIER],
        offers=[] if change else encoder_menu(timed=False),
        error=error,
    )
