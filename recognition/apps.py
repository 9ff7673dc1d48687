from django.apps import AppConfig


class RecognitionConfig(AppConfig):
    name = "recognition"
    verbose_name = "Recognition"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from allauth.account import signals as account
        from allauth.mfa import signals as mfa
        from django.contrib.auth import signals

        from recognition import checks  # noqa: F401 - registers the system checks
        from recognition.sign_in import social, trail

        signals.user_logged_in.connect(trail.signed_in)
        signals.user_logged_out.connect(trail.signed_out)
        signals.user_login_failed.connect(trail.failed)
        for signal in (account.password_changed, account.password_set, account.password_reset):
            signal.connect(trail.password_changed)
        account.user_logged_in.connect(social.signed_in_by_provider)
        account.authentication_step_completed.connect(trail.proved)
        mfa.authentication_failed.connect(trail.factor_failed)
        mfa.authenticator_added.connect(trail.factor_added)
        mfa.authenticator_removed.connect(trail.factor_removed)
        mfa.authenticator_reset.connect(trail.factor_reset)
