from django.db import migrations

from polmas.people.code_lists import load_defaults


def forward(apps, schema_editor):
    load_defaults(apps.get_model("people", "Code"))


class Migration(migrations.Migration):
    dependencies = [("people", "0011_text_for_whatsapp_and_details_of_documents")]
    operations = [migrations.RunPython(forward, migrations.RunPython.noop)]
