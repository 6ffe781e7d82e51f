"""Who: tokens, and the phones that people are signed in on."""

import base64
import binascii

from django.contrib.auth import authenticate
from django.shortcuts import get_object_or_404
from django.urls import path
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.exceptions import AuthenticationFailed, PermissionDenied
from rest_framework.response import Response
from rest_framework.views import APIView

from polmas.people.models import ApiToken, Device, Posting
from polmas.people.remembering import confirm_password, has_password_confirmed, mark_opened


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


class DeviceStateSerializer(serializers.Serializer):
    state = serializers.ChoiceField(["active", "revoked", "unknown"])


class DeviceStateView(APIView):
    """Whether a phone was put out, asked without signing in: a phone that was put out wipes what it keeps."""

    authentication_classes = ()
    permission_classes = ()

    @extend_schema(responses=DeviceStateSerializer)
    def get(self, request, uuid):
        device = Device.objects.filter(uuid=uuid).first()
        state = "unknown" if device is None else "revoked" if device.revoked_at else "active"
        return Response({"state": state})


def key_of_32_bytes(text):
    try:
        is_key = len(base64.b64decode(text, validate=True)) == 32
    except (binascii.Error, ValueError):
        is_key = False
    if not is_key:
        raise serializers.ValidationError(_("A key has 32 bytes, in base64."))


class KeyWishSerializer(serializers.Serializer):
    device = serializers.UUIDField(required=False, help_text="An earlier name of this phone, under whose key rows still lie on it.")
    password = serializers.CharField(max_length=128, trim_whitespace=False, allow_blank=True, default="")


class DeviceKeySerializer(serializers.Serializer):
    key = serializers.CharField(max_length=44, validators=[key_of_32_bytes])
    secret = serializers.CharField(max_length=86, min_length=32)


class DeviceSecretSerializer(serializers.Serializer):
    secret = serializers.CharField(max_length=86)


class KeyAnswerSerializer(serializers.Serializer):
    device = serializers.UUIDField()
    key = serializers.CharField(allow_null=True)


class PasswordNeeded(PermissionDenied):
    default_code = "password_needed"
    default_detail = _("Confirm it with your password.")


class DeviceView(APIView):
    """Of the phone of this session alone. Programs that sign in by token are no phones: 404."""

    def device(self):
        return get_object_or_404(Device.objects.of_request(self.request))


class DeviceKeyView(DeviceView):
    """The key under which the phone keeps its data, for whoever gave the password just now."""

    @extend_schema(request=KeyWishSerializer, responses=KeyAnswerSerializer)
    def post(self, request):
        """The key that lies here, null if none was made; after a forgotten PIN the phone gets at its data again with it."""
        device = self.device()
        wish = KeyWishSerializer(data=request.data)
        wish.is_valid(raise_exception=True)
        self.ask_password(request, wish.validated_data["password"])
        if "device" in wish.validated_data:
            device = get_object_or_404(Device.objects.for_user(request.user), uuid=wish.validated_data["device"])
        return Response({"device": device.uuid, "key": device.key or None})

    @extend_schema(request=DeviceKeySerializer, responses={204: None})
    def put(self, request):
        """Keeps the key, and the secret that shows from now on that the phone was opened: it stays signed in for 30 days."""
        device = self.device()
        wish = DeviceKeySerializer(data=request.data)
        wish.is_valid(raise_exception=True)
        if not has_password_confirmed(request):
            raise PasswordNeeded
        if device.key and device.key != wish.validated_data["key"]:
            raise PasswordNeeded(_("This phone has another key already. Begin again."))
        device.remember(request, **wish.validated_data)
        return Response(status=204)

    @extend_schema(responses={204: None})
    def delete(self, request):
        """The PIN is taken off: an ordinary sign-in again."""
        self.device().forget(request)
        return Response(status=204)

    def ask_password(self, request, password):
        if has_password_confirmed(request):
            return
        if not password or authenticate(request._request, username=request.user.get_username(), password=password) is None:
            raise PasswordNeeded
        confirm_password(request)


class DeviceOpenView(DeviceView):
    """Shows by the secret, which lies on the phone behind its PIN, that the phone was opened."""

    @extend_schema(request=DeviceSecretSerializer, responses={204: None})
    def post(self, request):
        wish = DeviceSecretSerializer(data=request.data)
        wish.is_valid(raise_exception=True)
        if not self.device().is_opened_by(wish.validated_data["secret"]):
            raise PermissionDenied
        mark_opened(request)
        return Response(status=204)


urlpatterns = [
    path("token/", TokenView.as_view(), name="token_create"),
    path("devices/current/key/", DeviceKeyView.as_view(), name="device_key"),
    path("devices/current/open/", DeviceOpenView.as_view(), name="device_open"),
    path("devices/<any_uuid:uuid>/", DeviceStateView.as_view(), name="device_state"),
]
