"""Who: tokens."""

from django.contrib.auth import authenticate
from django.urls import path
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.exceptions import AuthenticationFailed, PermissionDenied
from rest_framework.response import Response
from rest_framework.views import APIView

from polmas.people.models import ApiToken, Posting


class CredentialsSerializer(serializers.Serializer):
    username = serializers.CharField(max_length=150)
    password = serializers.CharField(max_length=128, trim_whitespace=False)


class TokenSerializer(serializers.Serializer):
    token = serializers.CharField()
    expires_at = serializers.DateTimeField()


class TokenView(APIView):
    """A new token for a user name and password."""

    authentication_classes = ()
    permission_classes = ()

    @extend_schema(request=CredentialsSerializer, responses=TokenSerializer)
    def post(self, request):
        credentials = CredentialsSerializer(data=request.data)
        credentials.is_valid(raise_exception=True)
        user = authenticate(request._request, **credentials.validated_data)
        if user is None:
            raise AuthenticationFailed(_("User name and password do not match."))
        if user.must_change_password:
            raise PermissionDenied(_("Choose a password of your own first: open polmas and sign in."), code="password_change_required")
        text, token = ApiToken.objects.issue(user)
        return Response({"token": text, "expires_at": token.expires_at})


class PostingSerializer(serializers.ModelSerializer):
    unit = serializers.CharField(source="unit.code")
    unit_name = serializers.CharField(source="unit.name")

    class Meta:
        model = Posting
        fields = ["role", "kind", "unit", "unit_name", "starts_on", "ends_on"]


urlpatterns = [path("token/", TokenView.as_view(), name="token_create")]
