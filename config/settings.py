"""Settings of 守信. What differs between installations comes from the environment (config/env.py)."""

import os
import secrets
from pathlib import Path

from csp.constants import NONE, SELF
from django.utils.translation import gettext_lazy as _

from config import env
from config.env import DatabaseUrl

BASE_DIR = env.ROOT
HOME = env.home()
DEBUG = env.flag("SHOUXIN_DEBUG")


def _secret_key() -> str:
    """The signing key: given, or kept in the home (0600) so that a restart signs nobody out."""
    if key := os.environ.get("SHOUXIN_SECRET_KEY"):
        return key
    path = HOME / "secret-key"
    key = secrets.token_urlsafe(48)
    try:
        # An emptied file is not written over: `prepare` says what is wrong where a company lives.
        return path.read_text().strip() or key
    except OSError:
        pass
    try:
        HOME.mkdir(parents=True, exist_ok=True)
        handle = os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)
    except FileExistsError:
        return path.read_text().strip()
    except OSError:
        return key
    with os.fdopen(handle, "w") as file:
        file.write(key)
    return key


SECRET_KEY = _secret_key()
# This machine itself may always ask: `bin/serve` and load balancers read /healthz by it.
ALLOWED_HOSTS = [*env.words("SHOUXIN_HOSTS"), "localhost", "127.0.0.1", "[::1]"]
if env.flag("SHOUXIN_TESTING"):
    ALLOWED_HOSTS.append("testserver")
CSRF_TRUSTED_ORIGINS = env.words("SHOUXIN_ORIGINS")
SHOUXIN_HTTPS = env.flag("SHOUXIN_HTTPS")

ROOMS = [
    "tables",
    "record",
    "jurisdictions",
    "people",
    "customers",
    "policies",
    "promises",
    "cases",
    "catalogue",
    "complaints",
    "measures",
    "portal",
    "front",
    "demo",
]
INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.postgres",
    "django.forms",
    "procrastinate.contrib.django",
    "django_htmx",
    "axes",
    "csp",
    "shouxin.core",
    # A room is created when it has something inside: only those that exist are listed.
    *[f"shouxin.{room}" for room in ROOMS if (BASE_DIR / "shouxin" / room / "apps.py").exists()],
]

MIDDLEWARE = [
    "shouxin.core.metrics.count_answers",
    "django.middleware.security.SecurityMiddleware",
    "csp.middleware.CSPMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "shouxin.core.middleware.keep_no_copies",
    "shouxin.core.middleware.one_moment",
    "shouxin.core.middleware.readable_requests",
    "shouxin.people.middleware.setup_first",
    "shouxin.core.middleware.staff_preferences",
    "shouxin.core.middleware.end_following",
    "shouxin.core.middleware.login_unless_public",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "shouxin.core.middleware.kind_refusals",
    "axes.middleware.AxesMiddleware",
]

ROOT_URLCONF = "config.urls"
WSGI_APPLICATION = "config.wsgi.application"
FORM_RENDERER = "shouxin.core.fields.HouseForms"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "csp.context_processors.nonce",
                "shouxin.core.context.house",
                "shouxin.people.context.company",
            ],
            "builtins": ["django.templatetags.i18n", "django.templatetags.static", "shouxin.core.templatetags.keys"],
        },
    }
]

_owner_url, _web_url = env.database_urls()
_options = {
    "CONN_MAX_AGE": None,
    "CONN_HEALTH_CHECKS": True,
    # What is asked all day is planned once: a third of the database's work on a page was planning.
    "OPTIONS": {"server_side_binding": True, "prepare_threshold": 3},
}
DATABASES = {
    # Web and worker speak as the role that can't change facts; commands that migrate or seal say SHOUXIN_ROLE=owner.
    "default": DatabaseUrl.parse(_owner_url if os.environ.get("SHOUXIN_ROLE") == "owner" else _web_url).django()
    | _options,
}
if _owner_url != _web_url and os.environ.get("SHOUXIN_ROLE") != "owner":
    DATABASES["owner"] = DatabaseUrl.parse(_owner_url).django() | _options  # the worker seals by it
SHOUXIN_OWNER_URL = _owner_url
SHOUXIN_WEB_URL = _web_url
# When this instance was started (bin/serve): signs of life from before do not count.
SHOUXIN_STARTED_AT = float(os.environ.get("SHOUXIN_STARTED_AT", "0"))
SHOUXIN_METRICS_TOKEN = os.environ.get("SHOUXIN_METRICS_TOKEN", "")
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

AUTH_USER_MODEL = "people.Staff"
AUTHENTICATION_BACKENDS = ["axes.backends.AxesStandaloneBackend", "shouxin.people.backends.StaffBackend"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
if env.flag("SHOUXIN_TESTING"):
    # Hash quickly: what is slow on purpose in service would only make the tests slow.
    PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
LOGIN_URL = "people:sign-in"
LOGIN_REDIRECT_URL = "/"
AXES_FAILURE_LIMIT = 8
AXES_COOLOFF_TIME = 0.25  # hours: a quarter of an hour, told to the person on the page
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_USERNAME_CALLABLE = "shouxin.people.rules.account_tried"
AXES_RESET_ON_SUCCESS = True
AXES_VERBOSE = False
AXES_LOCKOUT_TEMPLATE = "people/locked_out.html"
AXES_HTTP_RESPONSE_CODE = 429

LANGUAGE_CODE = "zh-hant"
LANGUAGES = [("zh-hant", _("Traditional Chinese")), ("zh-hans", _("Simplified Chinese")), ("en", _("English"))]
TIME_ZONE = os.environ.get("SHOUXIN_TIME_ZONE", "Asia/Taipei")
USE_I18N = True
USE_TZ = True

STATIC_URL = "static/"
STATIC_ROOT = Path(os.environ.get("SHOUXIN_STATIC_ROOT", HOME / "static"))
# Without collected files (development, tests) they are served from where they lie.
WHITENOISE_USE_FINDERS = DEBUG or env.flag("SHOUXIN_TESTING")
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if DEBUG or env.flag("SHOUXIN_TESTING")
        else "whitenoise.storage.CompressedManifestStaticFilesStorage"
    },
}
MEDIA_ROOT = HOME / "attachments"
FILE_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024
DATA_UPLOAD_MAX_MEMORY_SIZE = 24 * 1024 * 1024

SESSION_ENGINE = "shouxin.people.backends"
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_SECURE = SHOUXIN_HTTPS
SESSION_COOKIE_AGE = 12 * 3600
CSRF_COOKIE_SECURE = SHOUXIN_HTTPS
CSRF_COOKIE_HTTPONLY = False
CSRF_COOKIE_SAMESITE = "Lax"
CSRF_FAILURE_VIEW = "shouxin.core.views.csrf_failure"
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SECURE_SSL_REDIRECT = SHOUXIN_HTTPS
SECURE_REDIRECT_EXEMPT = [r"^healthz$", r"^metrics$"]
SECURE_HSTS_SECONDS = 31536000 if SHOUXIN_HTTPS else 0
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "manifest-src": [SELF],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
        "base-uri": [NONE],
    }
}

EMAIL_HOST = os.environ.get("SHOUXIN_SMTP_HOST", "")
EMAIL_PORT = int(os.environ.get("SHOUXIN_SMTP_PORT", "587"))
EMAIL_HOST_USER = os.environ.get("SHOUXIN_SMTP_USER", "")
EMAIL_HOST_PASSWORD = os.environ.get("SHOUXIN_SMTP_PASSWORD", "")
EMAIL_USE_TLS = env.flag("SHOUXIN_SMTP_TLS", True)
# Asks the settings of the house for the server; until one is named every letter lies as a file in the home.
EMAIL_BACKEND = "shouxin.people.mailing.HouseMail"
EMAIL_FILE_PATH = HOME / "mail"
SHOUXIN_MAIL_FROM = os.environ.get("SHOUXIN_MAIL_FROM", "")
DEFAULT_FROM_EMAIL = SHOUXIN_MAIL_FROM or "service@shouxin.example"
EMAIL_TIMEOUT = 20
# Where customers and staff reach this installation: the links in letters begin with it. Given here it wins over the
# one on the settings page (people/address.py); where neither is set it is where the server listens.
SHOUXIN_PUBLIC_URL = os.environ.get("SHOUXIN_PUBLIC_URL", "").rstrip("/")
SHOUXIN_SERVED_AT = env.served_at(HOME)
SHOUXIN_INTAKE_PER_HOUR = int(os.environ.get("SHOUXIN_INTAKE_PER_HOUR", "60"))
# Who gets the hourly head of the sealed record by mail; whoever keeps them can prove that nothing was changed.
SHOUXIN_AUDITOR = os.environ.get("SHOUXIN_AUDITOR_MAIL", "")

PROCRASTINATE_AUTODISCOVER_MODULE_NAME = "jobs"
PROCRASTINATE_ON_APP_READY = None
SILENCED_SYSTEM_CHECKS = ["axes.W003"]
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "plain": {"()": "config.logs.WithoutSecrets", "format": "%(asctime)s %(levelname)s %(name)s %(message)s"}
    },
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "plain"}},
    # What fails is told by shouxin.incident with its number, without what was typed and without secret addresses.
    "loggers": {"django.request": {"level": "CRITICAL"}},
    "root": {"handlers": ["stderr"], "level": os.environ.get("SHOUXIN_LOG", "WARNING")},
}
