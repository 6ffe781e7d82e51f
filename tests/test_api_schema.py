"""The API as its own description says: whatever schemathesis makes of the schema is answered, and never by a 5xx."""

import pytest
import schemathesis
from django.core.signals import request_finished, request_started
from django.db import close_old_connections, transaction
from hypothesis import HealthCheck, given, settings

from polmas.people.models import ApiToken
from polmas.wsgi import application

# The same calls in every run: a new fault is a change of ours.
CALLS = settings(max_examples=12, deadline=None, suppress_health_check=list(HealthCheck), derandomize=True, database=None)


@pytest.fixture
def kept_open():
    """The end of a request closes the connection, which here holds the test's own transaction: not in these tests."""
    for signal in (request_started, request_finished):
        signal.disconnect(close_old_connections)
    yield
    for signal in (request_started, request_finished):
        signal.connect(close_old_connections)


def test_no_call_that_the_schema_allows_breaks_the_server(cast, kept_open):
    text, _token = ApiToken.objects.issue(cast.officer)
    schema = schemathesis.openapi.from_wsgi("/api/v1/schema/?format=json", application)
    operations = [found.ok() for found in schema.get_all_operations()]
    assert len(operations) >= 25
    broken = [failure for operation in operations for failure in failures(operation, text)]
    assert not broken, "\n".join(broken)


def failures(operation, token):
    """The calls of one operation that were answered by a 5xx, as lines; each call is rolled back."""
    found = []

    @CALLS
    @given(case=operation.as_strategy())
    def call(case):
        with transaction.atomic():
            response = case.call(headers={"Authorization": f"Token {token}"})
            transaction.set_rollback(True)
        if response.status_code >= 500:
            found.append(case.as_curl_command())

    call()
    return found
