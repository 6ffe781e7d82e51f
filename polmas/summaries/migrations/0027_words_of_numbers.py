from django.contrib.postgres.indexes import GinIndex, OpClass
from django.db import migrations
from django.db.models.functions import Upper


class Migration(migrations.Migration):
    dependencies = [("summaries", "0026_list_orders")]

    operations = [
        migrations.AddIndex(
            model_name="summary",
            index=GinIndex(OpClass(Upper("number"), name="gin_trgm_ops"), name="summary_by_words_of_number"),
        ),
    ]
