"""The WSGI application that the web server loads."""

import os
import sys

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "oneshot_site.settings")
# Somebody waits for what a web server asks the database.
os.environ.setdefault("ONESHOT_DATABASE_SECONDS", "15")
# Requests multiply small matrices, many at a time: BLAS's threads would wait for one another.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
# Threads that encode need the interpreter for moments, between long calls: by default they wait
# 5 ms for it whenever a request is busy.
sys.setswitchinterval(0.0005)
application = get_wsgi_application()

# After the fork, in the process that will use the weights.
from recognition.services.encoders.warm_up import warm_up_in_background  # noqa: E402

warm_up_in_background()
