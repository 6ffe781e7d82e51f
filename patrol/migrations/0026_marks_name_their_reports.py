import django.contrib.postgres.fields
from django.db import migrations, models

# Marks that wait while the new version is put up: any report of their day may be the one.
FILL = """
UPDATE patrol_countmark mark
SET reports = ARRAY(SELECT report.id FROM patrol_report report WHERE report.unit_id = mark.unit_id AND report.day = mark.day)
"""


class Migration(migrations.Migration):
    dependencies = [("patrol", "0025_campaign_numbers_keep_their_meaning")]

    operations = [
        migrations.AddField(
            model_name="countmark",
            name="reports",
            field=django.contrib.postgres.fields.ArrayField(base_field=models.BigIntegerField(), default=list, size=None),
        ),
        migrations.RunSQL(FILL, migrations.RunSQL.noop),
    ]
