from django.db import migrations

from polmas.summaries.models.index_schemes import load_defaults


def forward(apps, schema_editor):
    load_defaults(*(apps.get_model("summaries", name) for name in ("IndexIndicator", "IndexScheme", "IndexWeight")))


class Migration(migrations.Migration):
    dependencies = [("summaries", "0011_secindex")]
    operations = [migrations.RunPython(forward, migrations.RunPython.noop)]
