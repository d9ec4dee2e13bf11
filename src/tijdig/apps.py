"""The one Django app."""

from django.apps import AppConfig


class TijdigConfig(AppConfig):
    """All packages are one app: tables share one migration history."""

    name = "tijdig"
    verbose_name = "Tijdig"
    default_auto_field = "django.db.models.BigAutoField"
