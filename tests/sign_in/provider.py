"""A real identity provider, django-allauth's own, in a process and a database of its own.

Usage: python provider.py PORT FOLDER CALLBACK
"""

from __future__ import annotations

import sys
from pathlib import Path
from socketserver import ThreadingMixIn
from wsgiref.simple_server import WSGIServer, make_server

import django
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from django.conf import settings

PASSWORD = "at the provider"
PEOPLE = {"pia": ["quality"], "ida": ["quality", "it"], "nil": []}


def main(port: str, folder: str, callback: str) -> None:
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    settings.configure(
        SECRET_KEY="x",
        ALLOWED_HOSTS=["127.0.0.1"],
        ROOT_URLCONF="__main__",
        INSTALLED_APPS=[
            "django.contrib.auth",
            "django.contrib.contenttypes",
            "django.contrib.sessions",
            "django.contrib.messages",
            "allauth",
            "allauth.account",
            "allauth.idp.oidc",
        ],
        MIDDLEWARE=[
            "django.contrib.sessions.middleware.SessionMiddleware",
            "django.contrib.auth.middleware.AuthenticationMiddleware",
            "django.contrib.messages.middleware.MessageMiddleware",
            "allauth.account.middleware.AccountMiddleware",
        ],
        TEMPLATES=[
            {"BACKEND": "django.template.backends.django.DjangoTemplates", "APP_DIRS": True}
        ],
        DATABASES={
            "default": {"ENGINE": "django.db.backends.sqlite3", "NAME": Path(folder) / "db"}
        },
        AUTHENTICATION_BACKENDS=["django.contrib.auth.backends.ModelBackend"],
        PASSWORD_HASHERS=["django.contrib.auth.hashers.MD5PasswordHasher"],
        LOGIN_REDIRECT_URL="/.well-known/openid-configuration",
        ACCOUNT_EMAIL_VERIFICATION="none",
        SESSION_COOKIE_NAME="provider",
        USE_TZ=True,
        DEFAULT_AUTO_FIELD="django.db.models.BigAutoField",
        IDP_OIDC_ADAPTER="__main__.Adapter",
        IDP_OIDC_PRIVATE_KEY=key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        ).decode(),
    )
    django.setup()
    fill(callback)
    from django.core.wsgi import get_wsgi_application

    server = make_server("127.0.0.1", int(port), get_wsgi_application(), server_class=Threaded)
    print("ready", flush=True)
    server.serve_forever()


class Threaded(ThreadingMixIn, WSGIServer):
    daemon_threads = True


def fill(callback: str) -> None:
    from allauth.account.models import EmailAddress
    from allauth.idp.oidc.models import Client
    from django.contrib.auth.models import Group, User
    from django.core.management import call_command

    call_command("migrate", verbosity=0)
    for name, groups in PEOPLE.items():
        email = f"{name}@example.org"
        user = User.objects.create_user(name, email=email, password=PASSWORD)
        EmailAddress.objects.create(user=user, email=email, verified=True, primary=True)
        user.groups.set([Group.objects.get_or_create(name=group)[0] for group in groups])
    client = Client(id="oneshot", name="Oneshot", skip_consent=True)
    client.set_secret("told to both")
    client.set_redirect_uris([callback])
    client.set_scopes(["openid", "profile", "email"])
    client.save()


def __getattr__(name: str) -> object:
    """What Django asks for once it is set up."""
    if name == "Adapter":
        from allauth.idp.oidc.adapter import DefaultOIDCAdapter

        class Adapter(DefaultOIDCAdapter):
            def get_claims(self, purpose, user, client, scopes, **more):
                claims = super().get_claims(purpose, user, client, scopes, **more)
                return claims | {"groups": [group.name for group in user.groups.all()]}

        return Adapter
    if name == "urlpatterns":
        from django.urls import include, path

        return [
            path("accounts/", include("allauth.account.urls")),
            path("", include("allauth.idp.urls")),
        ]
    raise AttributeError(name)


if __name__ == "__main__":
    main(*sys.argv[1:])
