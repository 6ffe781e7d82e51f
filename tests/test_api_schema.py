"""The API as its own description says: whatever schemathesis makes of the schema is answered, and never by a 5xx."""

import pytest
import schemathesis
from hypothesis import HealthCheck, settings
from schemathesis.checks import not_a_server_error

from polmas.people.models import ApiToken
from polmas.wsgi import application


@pytest.fixture
def described(cast):
    """The API's description, read as the officer, who then makes every call."""
    text, _ = ApiToken.objects.issue(cast.officer)
    return schemathesis.openapi.from_wsgi("/api/v1/schema/?format=json", application, headers={"Authorization": f"Token {text}"})


schema = schemathesis.pytest.from_fixture("described")


@schema.parametrize()
@settings(max_examples=15, deadline=None, suppress_health_check=list(HealthCheck), derandomize=True)
def test_no_server_error(case, described):
    response = case.call(headers=described.config.headers)
    case.validate_response(response, checks=(not_a_server_error,))
