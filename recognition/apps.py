from django.apps import AppConfig


class RecognitionConfig(AppConfig):
    name = "recognition"
    verbose_name = "Recognition"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from django.contrib.auth import signals

        from recognition import (
            checks,  # noqa: F401 - registers the system checks
            sign_in,
        )

        signals.user_logged_in.connect(sign_in.signed_in)
        signals.user_logged_out.connect(sign_in.signed_out)
        signals.user_login_failed.connect(sign_in.failed)
