"""The ASGI application, for those who serve it by an ASGI server.

``manage.py serve`` loads the WSGI application.
"""

import os

from django.core.asgi import get_asgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "oneshot_site.settings")
# Somebody waits for what a web server asks the database.
os.environ.setdefault("ONESHOT_DATABASE_SECONDS", "15")
# Requests multiply small matrices, many at a time: BLAS's threads would wait for one another.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
application = get_asgi_application()

# After the fork, in the process that will use the weights.
from recognition.services.encoders.warm_up import warm_up_in_background  # noqa: E402

warm_up_in_background()
