"""The officer's first page: the problems that are due."""

import datetime

import pytest
from django.utils import timezone

from mapping.models import Problem
from tests.mapping.problems import make_problem

pytestmark = pytest.mark.django_db


def test_an_officer_is_told_of_own_problems_that_are_due(cast, sign_in):
    today = timezone.localdate()
    client = sign_in(cast.officer)
    assert "/masalah/?petugas=saya" not in client.get("/").content.decode()
    make_problem(cast, responsible=cast.officer, target_on=today + datetime.timedelta(days=30))
    assert "/masalah/?petugas=saya" not in client.get("/").content.decode()
    due = make_problem(cast, responsible=cast.officer, target_on=today)
    assert "/masalah/?petugas=saya" in client.get("/").content.decode()
    Problem.objects.filter(pk=due.pk).update(status="SELESAI", solved_on=today)
    assert "/masalah/?petugas=saya" not in client.get("/").content.decode()
