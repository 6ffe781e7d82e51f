"""Which static files are served, and how they are named: each by its content, imports between ES modules included."""

from django.contrib.staticfiles.apps import StaticFilesConfig
from whitenoise.storage import CompressedManifestStaticFilesStorage


class ModuleManifestStorage(CompressedManifestStaticFilesStorage):
    """whitenoise's manifest storage that rewrites `import ... from` in our ES modules too."""

    support_js_module_import_aggregation = True


class StaticFiles(StaticFilesConfig):
    """Leaves out what packages bring and no page uses: django_htmx's modules import names that only a bundler resolves."""

    ignore_patterns = [*StaticFilesConfig.ignore_patterns, "django_htmx", "redoc"]
