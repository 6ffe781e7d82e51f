"""Prints that lie together by officer and moment. The worker makes those of the last weeks anew: each report is marked for it."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

MARK = """
    INSERT INTO patrol_checkmark (report_id)
    SELECT id FROM patrol_report WHERE occurred_at > now() - interval '60 days' AND id NOT IN (SELECT report_id FROM patrol_checkmark) ORDER BY id
"""


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
        migrations.RunSQL(MARK, migrations.RunSQL.noop),
    ]
