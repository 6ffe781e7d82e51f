"""Creating many models at once, as the first migration of each app does."""

import pgtrigger
import pytest
from django.db import DatabaseError, connection, migrations, models
from django.db.migrations.state import ProjectState

from polmas.people.migration_operations import CreateModels


def model(name, other, **options):
    fields = [("id", models.BigAutoField(primary_key=True)), ("other", models.ForeignKey(f"people.{other}", models.CASCADE, null=True))]
    return migrations.CreateModel(name, fields, options)


OPERATION = CreateModels([model("Hen", "Egg", triggers=[pgtrigger.Protect(name="kept", operation=pgtrigger.Delete)]), model("Egg", "Hen")])


def tables():
    with connection.cursor() as cursor:
        return {"people_hen", "people_egg"} & set(connection.introspection.table_names(cursor))


def forwards():
    before = ProjectState()
    assert before.apps  # rendered, as it is while migrations run
    after = before.clone()
    OPERATION.state_forwards("people", after)
    with connection.schema_editor() as editor:
        OPERATION.database_forwards("people", editor, before, after)
    return before, after


@pytest.mark.django_db
def test_models_that_name_each_other_are_made_together_and_taken_back_together():
    before, after = forwards()
    assert tables() == {"people_hen", "people_egg"}
    with connection.schema_editor() as editor:
        OPERATION.database_backwards("people", editor, after, before)
    assert tables() == set()


@pytest.mark.django_db
def test_what_the_options_say_holds_from_the_first_row_on():
    _before, after = forwards()
    hens, eggs = after.apps.get_model("people", "Hen").objects, after.apps.get_model("people", "Egg").objects
    egg = eggs.create(other=hens.create())
    with pytest.raises(DatabaseError, match="Cannot delete rows from people_hen"):
        egg.other.delete()
