"""When the database keeps what a row said before it was changed."""

import pgtrigger
from django.contrib.gis.db.models.fields import GeometryField


class AnyOther(pgtrigger.Condition):
    """A change of any column but these.

    Shapes are compared by their bytes: a restored backup looks for operators among PostgreSQL's own alone, would not find PostGIS' `=`,
    and would leave the trigger out.
    """

    def __init__(self, but: list[str]):
        self.but = but

    def resolve(self, model) -> str:
        fields = sorted((field for field in model._meta.concrete_fields if field.name not in self.but), key=lambda field: field.name)
        columns = [f'"{field.column}"{"::bytea" if isinstance(field, GeometryField) else ""}' for field in fields]
        return " OR ".join(f"OLD.{column} IS DISTINCT FROM NEW.{column}" for column in columns)
