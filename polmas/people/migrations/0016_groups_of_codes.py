from django.db import migrations

from polmas.people.code_lists import DEFAULTS, load_defaults


def forward(apps, schema_editor):
    """New lists, and the groups of codes that were there before, be it from the first migration on. What an administrator grouped stays."""
    codes = apps.get_model("people", "Code")
    load_defaults(codes)
    for name, rows in DEFAULTS.items():
        for order, (code, _indonesian, _english, *group) in enumerate(rows, 1):
            if group:
                codes.objects.filter(list=name, code=code, group="").update(group=group[0], order=order)


class Migration(migrations.Migration):
    dependencies = [("people", "0015_codes_of_the_map")]
    operations = [migrations.RunPython(forward, migrations.RunPython.noop)]
