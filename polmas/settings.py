"""Settings of polmas: one file, every value that differs between machines comes from the environment.

`bin/up` writes what a private database needs (DATABASE_URL, REDIS_URL, SECRET_KEY) into the file `env` of the state
directory; real environment variables win over that file. Without a value a setting is safe: DEBUG is off, and
a missing SECRET_KEY or DATABASE_URL stops the start with its name.
"""

from pathlib import Path
from urllib.parse import urlsplit

import environ
from csp.constants import NONCE, NONE, SELF
from django.utils.translation import gettext_lazy as _
from kombu import Queue

BASE_DIR = Path(__file__).resolve().parent.parent

env = environ.Env()
STATE_DIR = Path(env.str("POLMAS_STATE", default=str(BASE_DIR / "var")))
environ.Env.read_env(STATE_DIR / "env")

DEBUG = env.bool("DEBUG", default=False)
SECRET_KEY = env.str("SECRET_KEY")
# Of what is stored encrypted; the first encrypts, each opens. Without any, the secret key does both (docs/operations.md).
FIELD_KEYS = env.list("FIELD_KEYS", default=[]) or [SECRET_KEY]
PUBLIC_URL = env.str("PUBLIC_URL", default="http://127.0.0.1:8000")
HTTPS = PUBLIC_URL.startswith("https://")
HOST = env.str("HOST", default="127.0.0.1")

ALLOWED_HOSTS = ["127.0.0.1", "localhost", urlsplit(PUBLIC_URL).hostname or ""]
CSRF_TRUSTED_ORIGINS = [PUBLIC_URL]

INSTALLED_APPS = [
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "polmas.static.StaticFiles",
    "django.contrib.gis",
    "django.contrib.postgres",
    "django.contrib.humanize",
    "django.forms",
    "axes",
    "csp",
    "django_filters",
    "django_htmx",
    "drf_spectacular",
    "drf_spectacular_sidecar",
    "drf_standardized_errors",
    "leaflet",
    "pghistory",
    "pgtrigger",
    "rest_framework",
    "rest_framework_gis",
    "treebeard",
    "polmas.people",
    "mapping",
    "fkpm",
    "patrol",
    "polmas.summaries",
]

MIDDLEWARE = [
    "polmas.people.measuring.MeasuringMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "polmas.people.middleware.TextCompressionMiddleware",
    "csp.middleware.CSPMiddleware",
    "django_permissions_policy.PermissionsPolicyMiddleware",
    "polmas.people.middleware.SteadySessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "polmas.people.middleware.UserLanguageMiddleware",
    "polmas.people.remembering.LockedPhoneMiddleware",
    "django.contrib.auth.middleware.LoginRequiredMiddleware",
    "polmas.people.middleware.FirstPasswordMiddleware",
    "pghistory.middleware.HistoryMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "axes.middleware.AxesMiddleware",
]

ROOT_URLCONF = "polmas.urls"
WSGI_APPLICATION = "polmas.wsgi.application"

FORM_RENDERER = "django.forms.renderers.TemplatesSetting"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "polmas.people.context_processors.csp_nonce",
                "polmas.people.context_processors.shell",
                "polmas.people.context_processors.base_map",
            ],
            "builtins": ["django.templatetags.i18n", "django.templatetags.static", "polmas.people.templatetags.polmas", "patrol.templatetags.kinds"],
        },
    }
]

DATABASES = {"default": {**env.db("DATABASE_URL", engine="django.contrib.gis.db.backends.postgis"), "CONN_MAX_AGE": 60, "CONN_HEALTH_CHECKS": True}}
# The statements that every report passes through keep their plans in the connection. 0 where a pooler shares sessions between transactions.
DATABASE_PREPARE = env.bool("DATABASE_PREPARE", default=True)
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
# The planner's JIT costs more than it saves on the short queries of these pages. What is prepared runs by its plan: for arrays of one
# element and more the planner would otherwise plan anew each time, at five times the cost of running. A page of a solid-state disk or of
# memory costs hardly more out of order than in order: told otherwise, the planner reads all villages of the country to find some.
PLANNER = {"jit": "off", "plan_cache_mode": "force_generic_plan", "random_page_cost": "1.1"}
DATABASES["default"].setdefault("OPTIONS", {})["options"] = " ".join(f"-c {name}={value}" for name, value in PLANNER.items())

REDIS_URL = env.str("REDIS_URL")
# With it Prometheus reads /metrics (Authorization: Bearer ...); without it there is no such page.
METRICS_TOKEN = env.str("METRICS_TOKEN", default="")
# django's cache wants unix://, Celery's broker redis+socket:// for a Redis that listens on a socket file.
CACHES = {"default": {"BACKEND": "django.core.cache.backends.redis.RedisCache", "LOCATION": REDIS_URL}}
SESSION_ENGINE = "django.contrib.sessions.backends.cached_db"

CELERY_BROKER_URL = REDIS_URL.replace("unix://", "redis+socket://")
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_TASK_IGNORE_RESULT = True
# What somebody waits for goes first; counting, summaries and files each have a queue, so that a worker may serve some of them alone (-Q).
# The order is the one in which a worker of all of them looks. "celery" was the only queue once: what still lies there is done as well.
CELERY_TASK_DEFAULT_QUEUE = "interactive"
CELERY_QUEUE_NAMES = ("interactive", "counting", "summaries", "exports", "celery")
CELERY_TASK_QUEUES = [Queue(name) for name in CELERY_QUEUE_NAMES]
CELERY_TASK_ROUTES = {
    "summaries.recount_marked": {"queue": "counting"},
    "patrol.check_*": {"queue": "counting"},
    "summaries.build_summary": {"queue": "summaries"},
    "summaries.build_scores": {"queue": "summaries"},
    "summaries.release_summary": {"queue": "summaries"},
    "summaries.run_export": {"queue": "exports"},
    "summaries.run_import": {"queue": "exports"},
}
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
# A publish gives up within seconds when Redis is away: what matters lies in PostgreSQL and the sweep finds it there.
CELERY_BROKER_TRANSPORT_OPTIONS = {"visibility_timeout": 3600, "queue_order_strategy": "priority", "socket_connect_timeout": 2, "socket_timeout": 10}
CELERY_TASK_PUBLISH_RETRY_POLICY = {"max_retries": 1, "interval_start": 0}
CELERY_TIMEZONE = "UTC"

AUTH_USER_MODEL = "people.User"
AUTHENTICATION_BACKENDS = ["axes.backends.AxesStandaloneBackend", "django.contrib.auth.backends.ModelBackend"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator", "OPTIONS": {"user_attributes": ["username", "name", "nrp"]}},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
]
LOGIN_URL = "people:session_create"
LOGIN_REDIRECT_URL = "/"
LOGOUT_REDIRECT_URL = "people:session_create"

# Lock-out by account and address together: a stranger who guesses cannot lock the officer out of the own phone.
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_FAILURE_LIMIT = 5
AXES_COOLOFF_TIME = 0.25  # hours
AXES_RESET_ON_SUCCESS = True
AXES_RESET_COOL_OFF_ON_FAILURE_DURING_LOCKOUT = False
AXES_LOCKOUT_CALLABLE = "polmas.people.views.accounts.locked_out"
AXES_CLIENT_IP_CALLABLE = "polmas.people.addresses.client_address"
PROXY_COUNT = env.int("PROXY_COUNT", default=0)
AXES_VERBOSE = False

# Days after an agreement on which it is looked after.
AGREEMENT_FOLLOW_UP_DAYS = env.list("AGREEMENT_FOLLOW_UP_DAYS", cast=int, default=[30, 90])
# What people without a posting are asked for besides their forum: functions that give names of roles for the bars round the pages.
ROLES_BESIDE_POSTINGS = ["fkpm.mediating.roles_of"]

LANGUAGE_CODE = "id"
LANGUAGES = [("id", _("Indonesian")), ("en", _("English"))]
LOCALE_PATHS = [BASE_DIR / "locale"]
USE_I18N = True
USE_TZ = True
TIME_ZONE = "Asia/Jakarta"
USE_THOUSAND_SEPARATOR = True

STATIC_URL = "/static/"
STATIC_ROOT = Path(env.str("STATIC_ROOT", default=str(STATE_DIR / "static")))
STATICFILES_DIRS = [BASE_DIR / "static"]
MEDIA_ROOT = Path(env.str("MEDIA_ROOT", default=str(STATE_DIR / "media")))
# Photos and documents: a folder of this machine, or a bucket of any service that speaks S3.
S3_BUCKET = env.str("S3_BUCKET", default="")


def s3_storage():
    """Read only where it is asked for: the library is large."""
    from botocore.config import Config

    options = {
        "bucket_name": S3_BUCKET,
        "endpoint_url": env.str("S3_ENDPOINT_URL", default="") or None,
        "region_name": env.str("S3_REGION", default="") or None,
        "access_key": env.str("S3_ACCESS_KEY_ID", default="") or None,
        "secret_key": env.str("S3_SECRET_ACCESS_KEY", default="") or None,
        "location": env.str("S3_PREFIX", default=""),
        "default_acl": None,  # private: photos leave through our own views
        "file_overwrite": False,
        # Services other than Amazon's may not know checksums behind a body.
        "client_config": Config(request_checksum_calculation="when_required", response_checksum_validation="when_required"),
    }
    return {"BACKEND": "storages.backends.s3.S3Storage", "OPTIONS": options}


STORAGES = {
    "default": s3_storage() if S3_BUCKET else {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "polmas.static.ModuleManifestStorage"},
}
# Compressed once at collectstatic; source maps are rarely asked for and cost most of the time.
WHITENOISE_SKIP_COMPRESS_EXTENSIONS = ["jpg", "jpeg", "png", "gif", "webp", "zip", "gz", "woff", "woff2", "map"]
FILE_UPLOAD_PERMISSIONS = 0o640
DATA_UPLOAD_MAX_MEMORY_SIZE = 8 * 1024 * 1024  # bytes: 200 reports of a sync in one body
FILE_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024
PHOTO_MAX_BYTES = 12 * 1024 * 1024
PHOTO_MAX_PIXELS = 50_000_000

# From which likeness on (0 to 1) a report's text counts as one that its officer wrote before.
REVIEW_TEXT_SIMILARITY = env.float("REVIEW_TEXT_SIMILARITY", default=0.85)

# How near a problem must lie to one that was solved, in metres, to count as its return.
PROBLEM_RECURRENCE_METRES = env.int("PROBLEM_RECURRENCE_METRES", default=150)

# E-mail, e.g. smtp+tls://user:password@host:587; without it nothing is mailed. The sender's address is also the organizer of meetings.
EMAIL_URL = env.str("EMAIL_URL", default="").strip()
HAS_MAIL = bool(EMAIL_URL)
vars().update(env.email_url_config(EMAIL_URL or "dummymail://"))
EMAIL_TIMEOUT = 15
MAIL_ADDRESS = env.str("MAIL_ADDRESS", default="").strip() or f"polmas@{urlsplit(PUBLIC_URL).hostname}"
DEFAULT_FROM_EMAIL = f"polmas <{MAIL_ADDRESS}>"

# How many days an invitation lets a member of a forum make an account.
INVITATION_DAYS = env.int("INVITATION_DAYS", default=14)

# Base map: a PMTiles file that we serve, else raster tiles from a URL such as https://tile.example.org/{z}/{x}/{y}.png, or none: areas still draw.
MAP_PMTILES = env.str("MAP_PMTILES", default="")
MAP_TILES_URL = "" if MAP_PMTILES else env.str("MAP_TILES_URL", default="")
OPENSTREETMAP = '© <a href="https://www.openstreetmap.org/copyright">OpenStreetMap</a>'
MAP_TILES_ATTRIBUTION = env.str("MAP_TILES_ATTRIBUTION", default="") or (OPENSTREETMAP if MAP_PMTILES else "")
LEAFLET_CONFIG = {
    "DEFAULT_CENTER": (-2.5, 118.0),
    "DEFAULT_ZOOM": 5,
    "MIN_ZOOM": 4,
    "MAX_ZOOM": 19,
    "TILES": [(_("Base map"), MAP_TILES_URL, MAP_TILES_ATTRIBUTION)] if MAP_TILES_URL else [],
    "ATTRIBUTION_PREFIX": "",
    "RESET_VIEW": False,
    "NO_GLOBALS": False,
}

_tiles = [MAP_TILES_URL.split("{")[0].replace("://{s}.", "://*.")] if MAP_TILES_URL else []
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "script-src": [SELF, NONCE],
        "style-src": [SELF, NONCE],
        "img-src": [SELF, "data:", "blob:", *_tiles],
        "font-src": [SELF],
        "connect-src": [SELF],
        "object-src": [NONE],
        "base-uri": [NONE],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
    }
}
PERMISSIONS_POLICY: dict[str, list[str]] = {"geolocation": ["self"], "camera": ["self"], "microphone": [], "payment": [], "usb": []}

X_FRAME_OPTIONS = "DENY"
SECURE_REFERRER_POLICY = "same-origin"
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if HTTPS else None
SECURE_SSL_REDIRECT = HTTPS
SECURE_REDIRECT_EXEMPT = [r"^healthz$"]
SECURE_HSTS_SECONDS = 31_536_000 if HTTPS else 0
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = HTTPS
SESSION_COOKIE_AGE = 14 * 24 * 3600  # seconds: an officer without network for a week stays signed in
SESSION_COOKIE_SAMESITE = "Lax"

REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": ["polmas.people.tokens.TokenAuthentication", "rest_framework.authentication.SessionAuthentication"],
    "DEFAULT_PERMISSION_CLASSES": ["rest_framework.permissions.IsAuthenticated"],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_PARSER_CLASSES": ["polmas.people.parsers.StrictJSONParser"],
    "DEFAULT_SCHEMA_CLASS": "drf_standardized_errors.openapi.AutoSchema",
    "DEFAULT_PAGINATION_CLASS": "polmas.people.pagination.NewestFirst",
    "EXCEPTION_HANDLER": "drf_standardized_errors.handler.exception_handler",
}
DRF_STANDARDIZED_ERRORS = {"EXCEPTION_HANDLER_CLASS": "polmas.people.exceptions.ClientErrors"}
SPECTACULAR_SETTINGS = {
    "TITLE": "polmas",
    "DESCRIPTION": "Field reports, areas, partnership forums and summaries of community policing.",
    "VERSION": "1",
    "OAS_VERSION": "3.1.0",
    "PATH_CONVERTER_OVERRIDES": {"any_uuid": {"type": "string", "format": "uuid"}},
    "SERVE_INCLUDE_SCHEMA": False,
    "SWAGGER_UI_DIST": "SIDECAR",
    "SWAGGER_UI_FAVICON_HREF": "SIDECAR",
}

# Debian 12 has GDAL 3.6. Files reach GDAL only through import commands that an operator runs.
SILENCED_SYSTEM_CHECKS = ["gis.W001"]

PGHISTORY_APPEND_ONLY = True
PGHISTORY_INSTALL_CONTEXT_FUNC_ON_MIGRATE = True
DEMO_PASSWORD = env.str("DEMO_PASSWORD", default="polmas-demo")

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "%(asctime)s %(levelname)s %(name)s %(message)s"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["console"], "level": env.str("LOG_LEVEL", default="WARNING")},
    # What is wrong in files of boundaries is told to whoever loads them, feature by feature.
    "loggers": {"polmas": {"level": "INFO"}, "django.request": {"level": "ERROR"}, "django.contrib.gis": {"level": "CRITICAL"}},
}
