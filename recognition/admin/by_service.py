"""Changes and removals in the console go through the services, so that the index follows."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Iterable
from typing import Any

from django.contrib import messages
from django.db.models import Model
from django.forms import ModelForm
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect

from recognition.admin.base import ConsoleAdmin
from recognition.core.errors import RecognitionError
from recognition.models import Gallery


class ByService(ConsoleAdmin):
    """Removal asks on a page of ours; what a service refuses is said, and changes nothing."""

    show_full_result_count = False
    list_per_page = 20

    def gallery_of(self, row: Any) -> Gallery | None:
        """The gallery that a row belongs to, which actions go by."""
        gallery: Gallery | None = row.gallery
        return gallery

    @abstractmethod
    def remove(self, obj: Any) -> None: ...

    def store(self, obj: Any, changed: list[str]) -> None:
        """Keep what was changed. Raises RecognitionError kinds."""
        raise NotImplementedError

    def has_curate_permission(self, request: HttpRequest) -> bool:
        """For actions: whoever may change these may act on them, also where no form edits them."""
        return bool(request.user.has_perm(f"recognition.change_{self.opts.model_name}"))

    def get_actions(self, request: HttpRequest) -> dict[str, Any]:
        """Without Django's own removal, which names each of ten thousand things."""
        actions: dict[str, Any] = super().get_actions(request)
        actions.pop("delete_selected", None)
        return actions

    def save_model(
        self, request: HttpRequest, obj: Any, form: ModelForm[Any], change: bool
    ) -> None:
        try:
            self.store(obj, form.changed_data)
        except RecognitionError as error:
            request.META["recognition.refused"] = error.detail

    def response_change(self, request: HttpRequest, obj: Any) -> HttpResponse:
        if refused := request.META.get("recognition.refused"):
            self.message_user(request, refused, messages.ERROR)
            return HttpResponseRedirect(request.get_full_path())
        answer: HttpResponse = super().response_change(request, obj)
        return answer

    def log_change(self, request: HttpRequest, obj: Any, message: Any) -> Any:
        if "recognition.refused" not in request.META:
            return super().log_change(request, obj, message)
        return None

    def delete_model(self, request: HttpRequest, obj: Any) -> None:
        self.remove(obj)

    def get_deleted_objects(self, objs: Iterable[Any], request: HttpRequest) -> tuple[Any, ...]:
        """What hangs on an object goes with it, also what is read-only by itself; in numbers."""
        named = list(objs)
        counts = {name: number for each in named for name, number in self.holds(each).items()}
        tree = [part for each in named for part in (str(each), *self._words(each))]
        return tree, counts, set(), []

    def holds(self, obj: Any) -> dict[str, int]:
        """How many of what go with it."""
        return {}

    def _words(self, obj: Model) -> list[str]:
        return [f"{number} {name}" for name, number in self.holds(obj).items()]
