"""The Celery application: jobs and what is done from time to time."""

import os

from celery import Celery

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "oneshot_site.settings")

app = Celery("oneshot")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
