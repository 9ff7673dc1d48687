"""The Celery application: jobs and what is done from time to time."""

import os

from celery import Celery
from kombu.transport import TRANSPORT_ALIASES

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "oneshot_site.settings")

TRANSPORT_ALIASES["filesystem"] = "oneshot_site.broker:Transport"

app = Celery("oneshot")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks(["recognition.worker"])
