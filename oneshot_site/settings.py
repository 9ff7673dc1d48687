"""Django settings. Every one that an operator may change is an environment variable."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import environ
import unfold
from corsheaders.defaults import default_headers as cors_default_headers
from platformdirs import user_data_dir

from oneshot_site import console, provider
from oneshot_site.closing import close_to_others
from oneshot_site.database import database
from oneshot_site.media import s3_deadlines
from oneshot_site.secret import secret_key

BASE_DIR = Path(__file__).resolve().parent.parent
# An installed package carries them inside this one; see pyproject.toml.
PACKAGED = (Path(__file__).parent / "templates").is_dir()
PAGES_DIR = Path(__file__).resolve().parent if PACKAGED else BASE_DIR
env = environ.Env()

DATA_DIR = Path(
    env.str(
        "ONESHOT_DATA_DIR",
        default=user_data_dir("oneshot") if PACKAGED else str(BASE_DIR / "var"),
    )
).resolve()
# What is written from here on is this user's alone, whatever the shell's umask is: the database,
# the signing key, images, messages, the administrator's first password.
os.umask(0o077)
DATA_DIR.mkdir(parents=True, exist_ok=True)
close_to_others(DATA_DIR)

DEBUG = env.bool("ONESHOT_DEBUG", default=False)
SECRET_KEY_FALLBACKS = env.list("ONESHOT_SECRET_KEY_FALLBACKS", default=[])
SECRET_KEY = env.str("ONESHOT_SECRET_KEY", default="") or secret_key(DATA_DIR / "secret_key")
ALLOWED_HOSTS = env.list("ONESHOT_ALLOWED_HOSTS", default=["localhost", "127.0.0.1", "[::1]"])
CSRF_TRUSTED_ORIGINS = env.list("ONESHOT_CSRF_TRUSTED_ORIGINS", default=[])
# Browsers come over HTTPS where an origin that is trusted says so.
IS_HTTPS = any(origin.startswith("https://") for origin in CSRF_TRUSTED_ORIGINS)
SECURE_COOKIES = env.bool("ONESHOT_SECURE_COOKIES", default=IS_HTTPS)
SECURE_HSTS_SECONDS = env.int("ONESHOT_HSTS_SECONDS", default=0)
SECURE_SSL_REDIRECT = env.bool("ONESHOT_HTTPS_REDIRECT", default=False)
SECURE_REDIRECT_EXEMPT = ["^healthz$", "^readyz$", "^metrics$"]
PROXIES = env.int("ONESHOT_PROXIES", default=0)
if PROXIES:
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
SESSION_IDLE_SECONDS = env.int("ONESHOT_SESSION_IDLE_SECONDS", default=12 * 3600)
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = SECURE_COOKIES

# Pages of these origins may call the API with a key of theirs; the session stays this site's own.
CORS_ALLOWED_ORIGINS = env.list("ONESHOT_CORS_ORIGINS", default=[])
CORS_URLS_REGEX = r"^/api/"
CORS_ALLOW_CREDENTIALS = False
CORS_ALLOW_HEADERS = [*cors_default_headers, "idempotency-key", "if-match", "if-none-match"]
CORS_EXPOSE_HEADERS = [
    "ETag",
    "Idempotent-Replayed",
    "Location",
    "RateLimit",
    "RateLimit-Policy",
    "Retry-After",
    "X-Request-ID",
]

INSTALLED_APPS = [
    "unfold",
    "unfold.contrib.filters",
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "corsheaders",
    "csp",
    "django_filters",
    "django_htmx",
    "django_guid",
    "django_prometheus",
    "rest_framework",
    "rest_framework_api_key",
    "drf_spectacular",
    "drf_spectacular_sidecar",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.usersessions",
    "allauth.socialaccount",
    "allauth.socialaccount.providers.openid_connect",
    "recognition",
]

MIDDLEWARE = [
    "recognition.middleware.RefuseMadeUp",
    "django_prometheus.middleware.PrometheusBeforeMiddleware",
    "django_guid.middleware.guid_middleware",
    "django.middleware.security.SecurityMiddleware",
    "corsheaders.middleware.CorsMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "recognition.middleware.Guarded",
    "recognition.middleware.CompressPages",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.http.ConditionalGetMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "recognition.middleware.EndIdleSessions",
    "django.contrib.messages.middleware.MessageMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "recognition.sign_in.given_password.HaveGivenPasswordChanged",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "csp.middleware.CSPMiddleware",
    "recognition.middleware.ActAsCaller",
    "recognition.dashboard.errors.RefusalPages",
    "django_htmx.middleware.HtmxMiddleware",
    "django_prometheus.middleware.PrometheusAfterMiddleware",
]

HEALTH_PORT = env.int("ONESHOT_HEALTH_PORT", default=0)
ROOT_URLCONF = "oneshot_site.urls"
WSGI_APPLICATION = "oneshot_site.wsgi.application"
ASGI_APPLICATION = "oneshot_site.asgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [PAGES_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "recognition.dashboard.context.encoder",
                "recognition.sign_in.context.ways_in",
            ]
        },
    }
]

# In web servers 15 seconds, which oneshot_site/wsgi.py says.
DATABASE_SECONDS = env.float("ONESHOT_DATABASE_SECONDS", default=300.0)
DATABASES = {
    "default": database(
        env.db("DATABASE_URL", default=f"sqlite:///{DATA_DIR / 'oneshot.sqlite3'}"),
        DATA_DIR,
        DATABASE_SECONDS,
    )
}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

AUTHENTICATION_BACKENDS = [
    "recognition.sign_in.limits.SignInLimits",
    "django.contrib.auth.backends.ModelBackend",
]
AUTH_PASSWORD_VALIDATORS = [
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 12},
    },
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "oneshot_site.passwords.Guessable"},
    {"NAME": "oneshot_site.passwords.Present"},
]
LOGIN_URL = LOGOUT_REDIRECT_URL = "account_login"
LOGIN_REDIRECT_URL = "dashboard:galleries"

# Where mail goes: smtp+tls://user:password@host:587, for one. Without it none is sent.
EMAIL_URL = env.str("ONESHOT_EMAIL_URL", default="")
if EMAIL_URL:
    vars().update(env.email_url("ONESHOT_EMAIL_URL"))
else:
    EMAIL_BACKEND = "django.core.mail.backends.dummy.EmailBackend"
DEFAULT_FROM_EMAIL = SERVER_EMAIL = env.str("ONESHOT_EMAIL_FROM", default="oneshot@localhost")
EMAIL_TIMEOUT = 20

ACCOUNT_ADAPTER = "recognition.sign_in.account.AccountAdapter"
ACCOUNT_LOGIN_METHODS = {"username", "email"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "email", "password1*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_EMAIL_SUBJECT_PREFIX = "Oneshot: "
ACCOUNT_EMAIL_NOTIFICATIONS = bool(EMAIL_URL)
ACCOUNT_EMAIL_UNKNOWN_ACCOUNTS = False
ACCOUNT_CHANGE_EMAIL = True
ACCOUNT_SESSION_REMEMBER = True
ACCOUNT_LOGIN_ON_PASSWORD_RESET = False
# Tries of passwords and codes are counted by recognition.sign_in.limits, in the database.
ACCOUNT_RATE_LIMITS = {"login": None, "login_failed": None}

ACCOUNT_REAUTHENTICATION_TIMEOUT = env.int("ONESHOT_REAUTHENTICATE_SECONDS", default=900)
SOCIALACCOUNT_ADAPTER = "recognition.sign_in.social.SocialAdapter"
SOCIALACCOUNT_EMAIL_VERIFICATION = "none"
# Only a link leads to the provider: the policy lets no form be sent on to another origin.
SOCIALACCOUNT_LOGIN_ON_GET = True
SOCIALACCOUNT_OPENID_CONNECT_URL_PREFIX = ""
SOCIALACCOUNT_REQUESTS_TIMEOUT = 10
SOCIALACCOUNT_EMAIL_AUTHENTICATION = env.bool("ONESHOT_OIDC_MATCH_EMAIL", default=False)
SOCIALACCOUNT_PROVIDERS = provider.providers(
    issuer=env.str("ONESHOT_OIDC_ISSUER", default=""),
    client_id=env.str("ONESHOT_OIDC_CLIENT_ID", default=""),
    secret=env.str("ONESHOT_OIDC_CLIENT_SECRET", default=""),
    name=env.str("ONESHOT_OIDC_NAME", default="single sign-on"),
)
OIDC_GROUPS_CLAIM = env.str("ONESHOT_OIDC_GROUPS_CLAIM", default="groups")
OIDC_GROUPS = provider.group_rights(env.list("ONESHOT_OIDC_GROUPS", default=[]))
USERSESSIONS_ADAPTER = "recognition.sign_in.sessions.SessionsAdapter"
ACCOUNT_REAUTHENTICATION_METHODS = ["password", "mfa"]
MFA_ADAPTER = "recognition.sign_in.second_factor.SecondFactorAdapter"
MFA_FORMS = {
    "authenticate": "recognition.sign_in.second_factor.SignInCode",
    "reauthenticate": "recognition.sign_in.second_factor.ProofCode",
}
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_ALLOW_UNVERIFIED_EMAIL = True
MFA_TOTP_ISSUER = "Oneshot"
MFA_TOTP_TOLERANCE = 1

LANGUAGE_CODE = "en-us"
TIME_ZONE = "UTC"
USE_I18N = False
USE_TZ = True

STATIC_URL = "static/"
STATIC_ROOT = DATA_DIR / "static"
STATICFILES_DIRS = [
    PAGES_DIR / "static",
    # Chart.js for the dashboard: in its own place, the console's pages would all load it.
    ("charts", str(Path(unfold.__file__).parent / "static" / "unfold" / "js" / "chart")),
]
STATICFILES_FINDERS = [
    "oneshot_site.icons.UsedIcons",
    "oneshot_site.letters.LatinLetters",
    "django.contrib.staticfiles.finders.FileSystemFinder",
    "django.contrib.staticfiles.finders.AppDirectoriesFinder",
]
MEDIA_ROOT = DATA_DIR / "media"
FILE_UPLOAD_PERMISSIONS, FILE_UPLOAD_DIRECTORY_PERMISSIONS = 0o600, 0o700
STORAGES: dict[str, dict[str, Any]] = {
    "default": {"BACKEND": "oneshot_site.media.Durable"},
    "staticfiles": {"BACKEND": "oneshot_site.static.Gzipped"},
}

CONTENT_SECURITY_POLICY = {
    # The admin's and the API's pages are those of their packages, which need more.
    "EXCLUDE_URL_PREFIXES": ["/admin/", "/api/v1/docs/"],
    "DIRECTIVES": {
        "default-src": ["'none'"],
        "script-src": ["'self'"],
        "style-src": ["'self'"],
        "font-src": ["'self'"],
        "img-src": ["'self'", "blob:"],
        "connect-src": ["'self'"],
        "form-action": ["'self'"],
        "base-uri": ["'none'"],
        "frame-ancestors": ["'none'"],
    },
}

UNFOLD = console.UNFOLD

DJANGO_GUID = {"GUID_HEADER_NAME": "X-Request-ID", "EXPOSE_HEADER": False}

if bucket := env.str("ONESHOT_S3_BUCKET", default=""):
    # Credentials and region come from the environment in the way of AWS's own tools.
    STORAGES["default"] = {
        "BACKEND": "storages.backends.s3.S3Storage",
        "OPTIONS": {
            "bucket_name": bucket,
            "endpoint_url": env.str("ONESHOT_S3_ENDPOINT", default="") or None,
            "querystring_auth": True,
            **s3_deadlines(),
            # More of a file than that goes to disk, not to memory.
            "max_memory_size": 16 * 1024 * 1024,
        },
    }

RECOGNITION = {
    "data_dir": DATA_DIR,
    "models_dir": Path(env.str("ONESHOT_MODELS_DIR", default=str(DATA_DIR / "models"))).resolve(),
    "encoder": env.str("ONESHOT_ENCODER", default="auto"),
    "faces_encoder": env.str("ONESHOT_FACES_ENCODER", default="faces"),
    "device": env.str("ONESHOT_DEVICE", default="auto"),
    "engine": env.str("ONESHOT_ENGINE", default="auto"),
    "threads": env.int("ONESHOT_THREADS", default=0),
    "index": env.str("ONESHOT_INDEX", default="faiss"),
    "milvus_token": env.str("ONESHOT_MILVUS_TOKEN", default=""),
    "queue_images": env.int("ONESHOT_QUEUE_IMAGES", default=128),
    "encode_seconds": env.float("ONESHOT_ENCODE_SECONDS", default=30.0),
    "remembered_queries": env.int("ONESHOT_REMEMBERED_QUERIES", default=4096),
    "max_image_bytes": env.int("ONESHOT_MAX_IMAGE_BYTES", default=15_000_000),
    "rate_per_caller": env.str("ONESHOT_RATE_PER_CALLER", default="1200/min"),
    "rate_per_address": env.str("ONESHOT_RATE_PER_ADDRESS", default="60/min"),
    "max_image_pixels": env.int("ONESHOT_MAX_IMAGE_PIXELS", default=50_000_000),
    "max_request_pixels": env.int("ONESHOT_MAX_REQUEST_PIXELS", default=200_000_000),
    "max_decoding_pixels": env.int("ONESHOT_MAX_DECODING_PIXELS", default=64_000_000),
    "max_archive_bytes": env.int("ONESHOT_MAX_ARCHIVE_BYTES", default=2_000_000_000),
    "max_user_galleries": env.int("ONESHOT_MAX_USER_GALLERIES", default=200),
    "max_gallery_categories": env.int("ONESHOT_MAX_GALLERY_CATEGORIES", default=100_000),
    "max_gallery_references": env.int("ONESHOT_MAX_GALLERY_REFERENCES", default=1_000_000),
    "max_gallery_queries": env.int("ONESHOT_MAX_GALLERY_QUERIES", default=0),
    "max_gallery_bytes": env.int("ONESHOT_MAX_GALLERY_BYTES", default=0),
    "max_user_bytes": env.int("ONESHOT_MAX_USER_BYTES", default=0),
    "metrics_token": env.str("ONESHOT_METRICS_TOKEN", default=""),
    "job_lease_seconds": env.int("ONESHOT_JOB_LEASE_SECONDS", default=60),
    "compreface": env.bool("ONESHOT_COMPREFACE", default=False),
    "webhook_allow_private": env.bool("ONESHOT_WEBHOOK_ALLOW_PRIVATE", default=False),
}
# A little above one image, so that the typed refusal comes from the image reader, not the parser.
DATA_UPLOAD_MAX_MEMORY_SIZE = RECOGNITION["max_image_bytes"] * 2
# A thousand labels or categories, and what stands beside them.
DATA_UPLOAD_MAX_NUMBER_FIELDS = 1050
FILE_UPLOAD_MAX_MEMORY_SIZE = RECOGNITION["max_image_bytes"]
FILE_UPLOAD_HANDLERS = [
    "recognition.api.uploads.CappedUpload",
    "django.core.files.uploadhandler.MemoryFileUploadHandler",
    "django.core.files.uploadhandler.TemporaryFileUploadHandler",
]
FILE_UPLOAD_TEMP_DIR = DATA_DIR / "uploads"
FILE_UPLOAD_TEMP_DIR.mkdir(exist_ok=True)

CACHES = {"default": env.cache_url("ONESHOT_CACHE_URL", default="locmemcache://")}
if CACHES["default"]["BACKEND"].endswith("locmem.LocMemCache"):
    # Requests are counted in it. By default it drops a third of its entries at the 301st caller.
    CACHES["default"].setdefault("OPTIONS", {})["MAX_ENTRIES"] = 100_000
elif "redis" in CACHES["default"]["BACKEND"].lower():
    # Requests are counted in it before they are answered.
    deadlines = {"socket_connect_timeout": 2, "socket_timeout": 2}
    CACHES["default"]["OPTIONS"] = deadlines | CACHES["default"].get("OPTIONS", {})

REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": [
        "recognition.api.authentication.BearerKey",
        "rest_framework.authentication.SessionAuthentication",
    ],
    "DEFAULT_PERMISSION_CLASSES": [
        "rest_framework.permissions.IsAuthenticated",
        "recognition.api.permissions.KeyHasScope",
    ],
    "DEFAULT_THROTTLE_CLASSES": [
        "recognition.api.throttles.CallerThrottle",
        "recognition.api.throttles.AddressThrottle",
    ],
    # Callers may write what they like into X-Forwarded-For; only proxies of ours are believed.
    "NUM_PROXIES": PROXIES,
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_PARSER_CLASSES": ["recognition.api.parsing.PlainJSONParser"],
    "DEFAULT_FILTER_BACKENDS": ["django_filters.rest_framework.DjangoFilterBackend"],
    "DEFAULT_PAGINATION_CLASS": "recognition.api.pagination.ByCreation",
    "DEFAULT_SCHEMA_CLASS": "recognition.api.schema.operation.Operation",
    "DEFAULT_VERSIONING_CLASS": None,
    "EXCEPTION_HANDLER": "recognition.api.errors.handle",
    "TEST_REQUEST_DEFAULT_FORMAT": "json",
}
SPECTACULAR_SETTINGS = {
    "TITLE": "Oneshot",
    "VERSION": "1",
    "DESCRIPTION": "Recognise something after seeing it once.",
    "OAS_VERSION": "3.1.1",
    "SERVE_INCLUDE_SCHEMA": False,
    "SWAGGER_UI_DIST": "SIDECAR",
    "SWAGGER_UI_FAVICON_HREF": "SIDECAR",
    "REDOC_DIST": "SIDECAR",
    "SCHEMA_PATH_PREFIX": "/api/v1",
    "COMPONENT_SPLIT_REQUEST": True,
    "ENUM_NAME_OVERRIDES": {
        "ReferenceStateEnum": "recognition.models.Reference.State",
        "DeliveryStateEnum": "recognition.models.Delivery.State",
        "EncoderChangeStateEnum": "recognition.models.EncoderChange.State",
        "OutcomeEnum": "recognition.core.types.Outcome",
        "EventEnum": "recognition.models.webhook.Event",
        "JobStateEnum": "recognition.models.job.Job.State",
    },
    "POSTPROCESSING_HOOKS": [
        "drf_spectacular.hooks.postprocess_schema_enums",
        "recognition.api.schema.complete",
    ],
}

BROKER_FOLDER = DATA_DIR / "broker"
CELERY_BROKER_URL = env.str("ONESHOT_BROKER_URL", default="filesystem://")
if CELERY_BROKER_URL == "filesystem://":
    for folder in ("messages", "control"):
        (BROKER_FOLDER / folder).mkdir(parents=True, exist_ok=True)
    # One folder both ways: what is sent is what the worker on this machine receives.
    CELERY_BROKER_TRANSPORT_OPTIONS: dict[str, Any] = {
        "data_folder_in": BROKER_FOLDER / "messages",
        "data_folder_out": BROKER_FOLDER / "messages",
        "control_folder": BROKER_FOLDER / "control",
    }
elif CELERY_BROKER_URL.startswith("amqp"):
    CELERY_BROKER_TRANSPORT_OPTIONS = {"write_timeout": 5}
elif CELERY_BROKER_URL.startswith("redis"):
    # Longer than the ten seconds for which a worker asks for its next message.
    CELERY_BROKER_TRANSPORT_OPTIONS = {"socket_connect_timeout": 5, "socket_timeout": 30}
CELERY_BROKER_CONNECTION_TIMEOUT = 5
CELERY_BROKER_HEARTBEAT = 30
# Installations that share a broker need a queue each, or they take one another's jobs.
CELERY_TASK_DEFAULT_QUEUE = env.str("ONESHOT_QUEUE", default="oneshot")
# Messages to strangers' servers wait in a queue of their own: a silent one delays no job.
CELERY_TASK_ROUTES = {
    "recognition.tasks.deliver_webhook": {"queue": f"{CELERY_TASK_DEFAULT_QUEUE}-webhooks"}
}
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_BEAT_SCHEDULE_FILENAME = str(DATA_DIR / "beat")
CELERY_BEAT_SCHEDULE = {
    "sweep": {"task": "recognition.tasks.sweep", "schedule": 600},
    "files": {"task": "recognition.tasks.sweep_files", "schedule": 86_400},
    "requeue": {"task": "recognition.tasks.requeue", "schedule": 30},
    "refit": {"task": "recognition.tasks.refit", "schedule": 60},
    "encoders": {"task": "recognition.tasks.keep_in_step", "schedule": 60},
    "measure": {"task": "recognition.tasks.measure", "schedule": 60},
    "snapshots": {"task": "recognition.tasks.write_snapshots", "schedule": 60},
}
