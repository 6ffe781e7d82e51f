from django.db import migrations


def forward(apps, schema_editor):
    """Reports have a kind FKPM of their own: the target of a forum's meetings goes by another name."""
    apps.get_model("summaries", "Target").objects.filter(kind="FKPM", set_by=None).update(kind="RAPAT_FKPM")


class Migration(migrations.Migration):
    dependencies = [("summaries", "0004_imports")]
    operations = [migrations.RunPython(forward, migrations.RunPython.noop)]
