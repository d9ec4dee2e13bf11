"""Django's settings, read from the environment; `docs/operate.md` lists every variable."""

from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

from csp.constants import NONE, SELF
from psycopg import IsolationLevel

from tijdig.config import environment
from tijdig.config.secret_key import load_secret_key

HOME = environment.home()
DEMO = environment.switch("TIJDIG_DEMO", otherwise=False)
DEBUG = False
SECRET_KEY = load_secret_key(HOME)
ALLOWED_HOSTS = environment.text("TIJDIG_HOSTS", "localhost,127.0.0.1,[::1]").split(",")
BASE_URL = environment.text("TIJDIG_URL", "http://localhost:8000")
CSRF_TRUSTED_ORIGINS = [BASE_URL]
CSRF_FAILURE_VIEW = "tijdig.web.rights.refuse_forged"

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.postgres",
    "django_htmx",
    "csp",
    "procrastinate.contrib.django",
    "tijdig",
]
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "csp.middleware.CSPMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "tijdig.web.language.speak_to_person",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "tijdig.web.privacy.keep_out_of_caches",
]
ROOT_URLCONF = "tijdig.config.urls"
WSGI_APPLICATION = "tijdig.config.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "tijdig.web.shell.shell",
            ],
        },
    }
]


def _database(url: str) -> dict[str, Any]:
    """Django's words for a PostgreSQL URL. Refuses every other database."""
    parts = urlsplit(url)
    if parts.scheme not in {"postgres", "postgresql"}:
        raise environment.WrongSetting(
            "DATABASE_URL is geen PostgreSQL-adres: schrijf postgresql://user:password@host/name.",
            "DATABASE_URL is not a PostgreSQL address: write postgresql://user:password@host/name.",
        )
    options = dict(parse_qsl(parts.query))
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": unquote(parts.path.lstrip("/")),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": options.pop("host", "") or (parts.hostname or ""),
        "PORT": options.pop("port", "") or (parts.port or ""),
        "CONN_MAX_AGE": 60,
        # Locks and conditional updates are made for this, whatever the server takes by itself.
        "OPTIONS": {"isolation_level": IsolationLevel.READ_COMMITTED, **options},
    }


_APPLICATION_URL = environment.text("DATABASE_URL")
_OWNER_URL = environment.text("DATABASE_OWNER_URL")
DATABASES: dict[str, dict[str, Any]] = {}
if _APPLICATION_URL:
    DATABASES["default"] = _database(_APPLICATION_URL)
if _OWNER_URL:
    DATABASES["owner"] = {**_database(_OWNER_URL), "CONN_MAX_AGE": 0}

AUTH_USER_MODEL = "tijdig.User"
AUTHENTICATION_BACKENDS = ["django.contrib.auth.backends.ModelBackend"]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
AUTH_PASSWORD_VALIDATORS = [
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 12},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
LOGIN_URL = "sign-in"
LOGIN_REDIRECT_URL = "today"
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_AGE = 12 * 3600
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = BASE_URL.startswith("https://")
# A refusal goes back to the page it came from; another site hears nothing of our addresses.
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "SAMEORIGIN"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "form-action": [SELF],
        "frame-src": [SELF],
        "frame-ancestors": [SELF],
        "base-uri": [NONE],
        "object-src": [NONE],
    }
}

LANGUAGE_CODE = "nl"
LANGUAGES = [("nl", "Nederlands"), ("en", "English")]
LOCALE_PATHS = [environment.CHECKOUT / "src" / "tijdig" / "locale"]
USE_I18N = True
USE_TZ = True
TIME_ZONE = "Europe/Amsterdam"

STATIC_URL = "static/"
# Served from where they stand, the browser code out of its wheel too: nothing is collected.
WHITENOISE_USE_FINDERS = True
FILE_UPLOAD_MAX_MEMORY_SIZE = 5 * 1024 * 1024
DATA_UPLOAD_MAX_MEMORY_SIZE = 60 * 1024 * 1024

SMTP_HOST = environment.text("TIJDIG_SMTP_HOST")
SMTP_PORT = environment.whole_number("TIJDIG_SMTP_PORT", otherwise=587)
SMTP_SECURITY = environment.choice(
    "TIJDIG_SMTP_SECURITY", of=("none", "starttls", "tls"), otherwise="starttls"
)
SMTP_USERNAME = environment.text("TIJDIG_SMTP_USERNAME")
SMTP_PASSWORD = environment.text("TIJDIG_SMTP_PASSWORD")
SMTP_CA_FILE = environment.text("TIJDIG_SMTP_CA_FILE")
SMTP_SECONDS = environment.whole_number("TIJDIG_SMTP_SECONDS", otherwise=60)
MAIL_FROM = environment.text("TIJDIG_MAIL_FROM")
# For the proof only: where this process breaks on purpose. Without DEBUG_FAULTS nothing does.
DEBUG_FAULTS = environment.switch("DEBUG_FAULTS", otherwise=False)
FAILPOINT = environment.text("FAILPOINT") if DEBUG_FAULTS else ""
INSTANCE = environment.unique_id("TIJDIG_INSTANCE")
PRINT_FOLDER = HOME / "letters"
DEMO_FOLDER = HOME / "world"

PROCRASTINATE_IMPORT_PATHS = ["tijdig.config.tasks"]
PROCRASTINATE_AUTODISCOVER_MODULE_NAME = "tasks"
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"plain": {"format": "%(asctime)s %(levelname)s %(name)s %(message)s"}},
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "plain"}},
    "root": {"handlers": ["stderr"], "level": "WARNING"},
}
