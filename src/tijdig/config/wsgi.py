"""What the web server runs."""

import os

from django.core.wsgi import get_wsgi_application

from tijdig.config import database

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tijdig.config.settings")
database.connect()
application = get_wsgi_application()
database.refuse_wrong_role()
