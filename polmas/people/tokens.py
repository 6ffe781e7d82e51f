"""Signing in by `Authorization: Token ...`."""

from django.utils.translation import gettext_lazy as _
from drf_spectacular.extensions import OpenApiAuthenticationExtension
from rest_framework.authentication import BaseAuthentication, get_authorization_header
from rest_framework.exceptions import AuthenticationFailed

from polmas.people.models import ApiToken, User
from polmas.people.models.tokens import digest_of
from polmas.people.statements import Statement, columns, made

TOKENS = "people_apitoken token JOIN people_user holder ON holder.id = token.user_id"
VALID = f"SELECT {columns(ApiToken, 'token')}, {columns(User, 'holder')} FROM {TOKENS}"  # noqa: S608 - names of our own
VALID_TOKEN = Statement("valid_token", f"{VALID} WHERE token.digest = %(digest)s AND token.expires_at > statement_timestamp()", digest="text")


def token_of(text: str) -> ApiToken | None:
    """The token and its user, while it is valid."""
    for row in VALID_TOKEN.rows(digest=digest_of(text)):
        cut = len(ApiToken._meta.concrete_fields)
        token = made(ApiToken, row[:cut])
        token.user = made(User, row[cut:])
        return token
    return None


class TokenAuthentication(BaseAuthentication):
    """Stands first among the classes, so that no or an expired sign-in is answered with 401, not 403."""

    keyword = "Token"

    def authenticate(self, request):
        words = get_authorization_header(request).split()
        if not words or words[0].lower() != self.keyword.lower().encode():
            return None
        if len(words) != 2:
            raise AuthenticationFailed(_("Send the header as: Authorization: Token <your token>."))
        token = token_of(words[1].decode("latin-1"))
        if token is None or not token.user.is_active:
            raise AuthenticationFailed(_("This token is unknown, revoked or expired. Sign in again."))
        return token.user, token

    def authenticate_header(self, request):
        return self.keyword


class TokenScheme(OpenApiAuthenticationExtension):
    """Tells the API's description how to send the token."""

    target_class = TokenAuthentication
    name = "token"

    def get_security_definition(self, auto_schema):
        return {"type": "apiKey", "in": "header", "name": "Authorization", "description": "`Token <your token>`, from `POST token/`."}
