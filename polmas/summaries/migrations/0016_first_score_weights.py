from django.db import migrations

from polmas.summaries.models.scores import load_defaults


def forward(apps, schema_editor):
    load_defaults(apps.get_model("summaries", "ScoreWeights"))


class Migration(migrations.Migration):
    dependencies = [("summaries", "0015_score")]
    operations = [migrations.RunPython(forward, migrations.RunPython.noop)]
