"""Tokens with which programs sign in."""

import datetime
import hashlib
import secrets
from typing import Any

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

LIFETIME = datetime.timedelta(days=30)


def digest_of(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


class ApiTokenQuerySet(models.QuerySet):
    def valid(self):
        return self.filter(expires_at__gt=timezone.now())

    def issue(self, user) -> tuple[str, Any]:
        """A new token for a user: the text, which is shown once, and its row, which holds only a digest."""
        text = secrets.token_urlsafe(32)
        return text, self.create(user=user, digest=digest_of(text), expires_at=timezone.now() + LIFETIME)


class ApiToken(models.Model):
    """One program's or phone's right to act as a user until a date, or until the user revokes it."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="api_tokens")
    digest = models.CharField(max_length=64, unique=True)
    created_at = models.DateTimeField(_("created at"), auto_now_add=True)
    expires_at = models.DateTimeField(_("expires at"))

    objects = ApiTokenQuerySet.as_manager()

    class Meta:
        verbose_name = _("token")
        verbose_name_plural = _("tokens")
        ordering = ["-created_at"]
