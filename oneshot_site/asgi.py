"""The ASGI application that the web server loads."""

import os

from django.core.asgi import get_asgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "oneshot_site.settings")
# Requests multiply small matrices, many at a time: BLAS's threads would wait for one another.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
application = get_asgi_application()
