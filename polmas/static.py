"""How built files are named: each by its content, imports between ES modules included."""

from whitenoise.storage import CompressedManifestStaticFilesStorage


class ModuleManifestStorage(CompressedManifestStaticFilesStorage):
    """whitenoise's manifest storage that rewrites `import ... from` in our ES modules too."""

    support_js_module_import_aggregation = True
