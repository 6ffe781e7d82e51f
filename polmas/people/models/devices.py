"""Phones and browsers that people sign in on."""

import datetime
import hashlib
import re
import secrets
import uuid
from typing import Any

from django.contrib.sessions.backends.base import SessionBase
from django.contrib.sessions.backends.cached_db import SessionStore
from django.db import models
from django.db.models import Max, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from polmas.people.encryption import EncryptedCharField
from polmas.people.models.users import User

REMEMBERED = datetime.timedelta(days=30)
SEEN_EVERY = datetime.timedelta(hours=1)  # the moments below are kept to the hour: they cost no write with each request
SYSTEMS = (("Android", "Android"), ("iPhone", "iPhone"), ("iPad", "iPad"), ("Windows", "Windows"), ("Mac OS", "Mac"), ("Linux", "Linux"))
BROWSERS = (
    ("Edg", "Edge"),
    ("SamsungBrowser", "Samsung Internet"),
    ("OPR", "Opera"),
    ("Firefox", "Firefox"),
    ("Chrome", "Chrome"),
    ("Safari", "Safari"),
)


def digest_of(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()


def label_of(user_agent: str) -> str:
    """What a person recognises a phone by: Chrome, Android 14."""
    system = next((name for word, name in SYSTEMS if word in user_agent), "")
    release = re.search(r"Android (\d{1,2})", user_agent)
    browser = next((name for word, name in BROWSERS if word in user_agent), "")
    parts = [browser, f"{system} {release[1]}" if release else system]
    return ", ".join(part for part in parts if part) or user_agent[:60]


class DeviceQuerySet(models.QuerySet):
    def in_use(self):
        """Signed in: neither put out nor expired."""
        return self.filter(revoked_at=None, expires_at__gt=timezone.now())

    def for_user(self, user):
        """The own ones. Operators reach those of the people they manage through these (`/kelola/`)."""
        return self.filter(user=user)

    def sign_in(self, request, known: str = "") -> "Device":
        """Ties the session that just began to this phone: the one it says it is, if that is the person's and was not put out, else a new one."""
        request.session.save()
        before: Any = self.filter(user=request.user, revoked_at=None, uuid__in=uuids_in(known)).order_by("-last_seen_at").first()
        device = before or Device(user=request.user)
        device.label = label_of(request.headers.get("User-Agent", "").replace("\x00", ""))
        device.last_seen_at = timezone.now()
        device.follow(request.session)
        request.session["device"] = str(device.uuid)
        return device

    def of_request(self, request):
        """The phone of this session, as a queryset of one or none. Programs with a token have no session."""
        return self.filter(uuid__in=uuids_in(request.session.get("device", "")), user=request.user, revoked_at=None)

    def heard(self, request) -> None:
        """Notes that the phone has asked who it is, or sent what it holds; at most once an hour."""
        if not request.session.get("device"):
            return
        now = timezone.now()
        stale = Q(last_synced_at=None) | Q(last_synced_at__lt=now - SEEN_EVERY)
        self.of_request(request).filter(stale).update(last_synced_at=now, last_seen_at=now)

    def last_synced(self, people) -> dict[int, datetime.datetime]:
        """When each of these people's phones last spoke to the server, of those whose phones ever did."""
        rows = self.filter(user__in=people, last_synced_at__isnull=False).order_by()
        return dict(rows.values_list("user").annotate(Max("last_synced_at")))


def uuids_in(text: str) -> list[uuid.UUID]:
    """UUIDs, at most ten, in a text that a browser sent."""
    found = []
    for word in str(text).split(",")[:10]:
        try:
            found.append(uuid.UUID(word))
        except ValueError:
            continue
    return found


class Device(models.Model):
    """One browser on one phone or desk under one account, from its first sign-in on.

    It is remembered once a PIN is set on it: then the session lasts 30 days, and what the phone keeps is encrypted with a key
    that the PIN opens. A copy of that key (base64) lies here, encrypted, and is given out for the password alone, so that a
    forgotten PIN loses nothing. `secret_hash` is of a random text that lies on the phone behind
    the PIN: whoever gives it shows that the phone was opened.
    """

    uuid = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)
    user = models.ForeignKey(User, models.CASCADE, related_name="devices")
    label = models.CharField(_("phone"), max_length=80, blank=True)
    session_key = models.CharField(max_length=40, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)
    last_seen_at = models.DateTimeField(default=timezone.now)
    last_synced_at = models.DateTimeField(null=True)
    expires_at = models.DateTimeField()
    is_remembered = models.BooleanField(default=False)
    secret_hash = models.CharField(max_length=64, blank=True)
    key = EncryptedCharField(max_length=64, blank=True)
    revoked_at = models.DateTimeField(null=True)
    revoked_by = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+")

    objects = DeviceQuerySet.as_manager()

    class Meta:
        verbose_name = _("phone")
        verbose_name_plural = _("phones")
        ordering = ["-last_seen_at"]
        indexes = [models.Index(fields=["user", "last_synced_at"])]
        constraints = [
            models.CheckConstraint(
                condition=Q(is_remembered=False) | ~Q(secret_hash=""),
                name="device_remembered_has_secret",
                violation_error_message=_("A phone is remembered only with its PIN."),
            ),
        ]

    def __str__(self):
        return self.label or str(self.uuid)

    @property
    def is_in_use(self) -> bool:
        return self.revoked_at is None and self.expires_at > timezone.now()

    def follow(self, session: SessionBase) -> None:
        """Belongs to this session from now on, and lasts as long."""
        self.session_key = session.session_key or ""
        self.expires_at = session.get_expiry_date()
        self.save()

    def remember(self, request, key: str, secret: str) -> None:
        """Stays signed in for 30 days behind the PIN that was just set."""
        request.session.set_expiry(REMEMBERED)
        request.session["remembered"] = True
        self.is_remembered, self.secret_hash, self.key = True, digest_of(secret), key
        self.follow(request.session)

    def forget(self, request) -> None:
        """The PIN was taken off: an ordinary session again. The key stays, for what may still lie under it."""
        request.session.set_expiry(None)
        request.session.pop("remembered", None)
        self.is_remembered, self.secret_hash = False, ""
        self.follow(request.session)

    def is_opened_by(self, secret: str) -> bool:
        return bool(self.secret_hash) and secrets.compare_digest(self.secret_hash, digest_of(secret))

    def revoke(self, by) -> None:
        """Puts the phone out: its session ends at once, programs of the person must sign in again, and the phone wipes its copy when it next asks.

        The key stays: what lay unsent on the phone can be read again after signing in with the password.
        """
        if self.revoked_at is None:
            self.revoked_at, self.revoked_by = timezone.now(), by
            self.is_remembered = False
            self.save()
        if self.session_key:
            SessionStore(self.session_key).delete()
        self.user.api_tokens.all().delete()
