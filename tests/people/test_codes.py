"""The code lists that a new installation starts with."""

import pytest

from polmas.people.code_lists import DEFAULTS
from polmas.people.models import Code


@pytest.mark.django_db
def test_migrations_leave_every_code_in_its_list_and_group():
    stored = {(code.list, code.code): code.group for code in Code.objects.all()}
    wanted = {(name, code): "".join(group) for name, rows in DEFAULTS.items() for code, _indonesian, _english, *group in rows}
    assert wanted.items() <= stored.items()
