"""The ASGI application that the web server loads."""

import os

from django.core.asgi import get_asgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "oneshot_site.settings")
application = get_asgi_application()
