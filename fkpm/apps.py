from django.apps import AppConfig


class FkpmConfig(AppConfig):
    name = "fkpm"
    verbose_name = "FKPM"
