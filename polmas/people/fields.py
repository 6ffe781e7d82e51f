"""Columns that hold codes of an administrator's list (see `Code`)."""

from django.contrib.postgres.fields import ArrayField
from django.db import models


class CodeField(models.CharField):
    """One code of the list `code_list`; empty where nothing was chosen."""

    def __init__(self, *args, code_list: str = "", **kwargs):
        self.code_list = code_list
        super().__init__(*args, **{"max_length": 40, "blank": True, **kwargs})

    def deconstruct(self):
        name, path, args, kwargs = super().deconstruct()
        return name, path, args, {**kwargs, "code_list": self.code_list}


class CodesField(ArrayField):
    """Any number of codes of the list `code_list`."""

    def __init__(self, *args, code_list: str = "", **kwargs):
        self.code_list = code_list
        kwargs.setdefault("base_field", models.CharField(max_length=40))
        super().__init__(*args, **{"default": list, "blank": True, **kwargs})

    def deconstruct(self):
        name, path, args, kwargs = super().deconstruct()
        return name, path, args, {**kwargs, "code_list": self.code_list}
