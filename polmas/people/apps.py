from django.apps import AppConfig
from django.urls import register_converter
from django.utils.translation import gettext_lazy as _

from polmas.people.converters import AnyCaseUUID, DayConverter


class PeopleConfig(AppConfig):
    name = "polmas.people"
    label = "people"
    verbose_name = _("People and units")

    def ready(self):
        register_converter(AnyCaseUUID, "any_uuid")
        register_converter(DayConverter, "day")
