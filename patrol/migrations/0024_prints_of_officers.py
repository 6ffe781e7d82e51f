"""Prints that lie together by officer and moment; those of the last weeks are made anew."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from patrol.checks import LOOK_BACK_DAYS, keep_prints


def make_anew(apps, schema_editor):
    with schema_editor.connection.cursor() as cursor:
        cursor.execute("SELECT id FROM patrol_report WHERE occurred_at > now() - make_interval(days => %s)", [LOOK_BACK_DAYS])
        keep_prints([pk for (pk,) in cursor.fetchall()])


class Migration(migrations.Migration):
    dependencies = [("patrol", "0023_newest_first"), migrations.swappable_dependency(settings.AUTH_USER_MODEL)]

    operations = [
        migrations.DeleteModel("TextPrint"),
        migrations.CreateModel(
            name="TextPrint",
            fields=[
                (
                    "report",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE, primary_key=True, related_name="+", serialize=False, to="patrol.report"
                    ),
                ),
                ("occurred_at", models.DateTimeField()),
                ("result", models.BigIntegerField(null=True)),
                ("narrative", models.BigIntegerField(null=True)),
                (
                    "officer",
                    models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name="+", to=settings.AUTH_USER_MODEL),
                ),
            ],
            options={
                "indexes": [models.Index(fields=["officer", "occurred_at"], include=("report", "result", "narrative"), name="prints_of_officer")]
            },
        ),
        migrations.RunPython(make_anew, migrations.RunPython.noop),
    ]
