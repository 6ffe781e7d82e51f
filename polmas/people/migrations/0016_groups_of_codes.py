from django.db import migrations

from polmas.people.code_lists import DEFAULTS, load_defaults


def forward(apps, schema_editor):
    """New lists, and the classes of the kinds of incident that were there before. What an administrator grouped stays."""
    codes = apps.get_model("people", "Code")
    load_defaults(codes)
    for order, (code, *_labels, group) in enumerate(DEFAULTS["INCIDENT_KIND"], 1):
        codes.objects.filter(list="INCIDENT_KIND", code=code, group="").update(group=group, order=order)


class Migration(migrations.Migration):
    dependencies = [("people", "0015_codes_of_the_map")]
    operations = [migrations.RunPython(forward, migrations.RunPython.noop)]
