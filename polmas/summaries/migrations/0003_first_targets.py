from django.db import migrations

from polmas.summaries.models.targets import load_defaults


def forward(apps, schema_editor):
    load_defaults(apps.get_model("summaries", "Target"), apps.get_model("summaries", "ClusterRule"))


class Migration(migrations.Migration):
    dependencies = [("summaries", "0002_targets")]
    operations = [migrations.RunPython(forward, migrations.RunPython.noop)]
