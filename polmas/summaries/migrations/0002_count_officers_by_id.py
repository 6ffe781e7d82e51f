from django.db import migrations

# Every day counted so far is counted anew, because officers stood in it by user name. Until then marked days are read from the rows.
MARK = "INSERT INTO patrol_countmark (unit_id, day) SELECT DISTINCT unit_id, day FROM summaries_dailycount WHERE measure = 'reports_by_officer'"


class Migration(migrations.Migration):
    dependencies = [("summaries", "0001_initial"), ("patrol", "0001_initial")]

    operations = [migrations.RunSQL(MARK, migrations.RunSQL.noop)]
