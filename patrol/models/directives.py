"""What commanders ask of their people: atensi and jukrah, who has read them and what was done about them."""

import datetime
import uuid

import pghistory
from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.db.models import Count, Exists, OuterRef, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from patrol.models.reports import Report
from polmas.people.models import Notification, Posting, Role, Unit, User
from polmas.people.scope import LEADERS_POLRES, LEADERS_POLSEK, OFFICERS, REVIEWERS, in_subtrees, on_day

LEADERS = LEADERS_POLSEK | LEADERS_POLRES
AT_POLSEK = OFFICERS | REVIEWERS | {"kanit_intelkam", "kanit_lain", "ka_spkt", "spkt", "operator_polsek"}
AT_POLRES = AT_POLSEK | LEADERS_POLSEK | {"kasat_binmas", "kasat_intelkam", "operator_polres"}
# Who may send, and to whom: each to those below in the own line.
SENDS: dict[str, frozenset[str]] = {
    **dict.fromkeys(REVIEWERS, OFFICERS),
    **dict.fromkeys(LEADERS_POLSEK, AT_POLSEK),
    "kasat_binmas": OFFICERS | REVIEWERS,
    **dict.fromkeys(LEADERS_POLRES, AT_POLRES),
}
REMIND_AFTER = datetime.timedelta(hours=12)  # between two reminders of the same directive


class DirectiveQuerySet(models.QuerySet):
    def addressed_to(self, user):
        """Those that a person was sent, and those still open that ask the role and unit in which the person serves now: who joins
        later is asked as well. Addressed by name, a directive reaches nobody else."""
        received = DirectiveReceipt.objects.filter(directive=OuterRef("pk"), user=user)
        mine = Q(pk__in=[])
        for role, path, _unit in user.scope.posts:
            above = [path[:end] for end in range(Unit.steplen, len(path) + 1, Unit.steplen)]
            mine |= Q(roles__contains=[role], unit__path__in=above)
        return self.filter(Exists(received) | (mine & Q(closed_at=None) & ~Q(sender=user)))

    def kept_by(self, user):
        """Those that a person answers for: the own ones, and those sent from the unit that the person leads or from one below."""
        return self.filter(Q(sender=user) | in_subtrees("sender_unit__path", user.scope.paths_as(LEADERS)))

    def for_user(self, user):
        return self.filter(Q(pk__in=Directive.objects.addressed_to(user).values("pk")) | Q(pk__in=Directive.objects.kept_by(user).values("pk")))

    def unread_by(self, user):
        read = DirectiveReceipt.objects.filter(directive=OuterRef("pk"), user=user, read_at__isnull=False)
        return self.addressed_to(user).filter(~Exists(read), closed_at=None)

    def with_counts(self):
        """With how many were asked, have read and have followed up."""
        return self.annotate(
            asked=Count("receipts"),
            seen=Count("receipts", filter=Q(receipts__read_at__isnull=False)),
            done=Count("receipts", filter=Q(receipts__followed_up_at__isnull=False)),
        )


@pghistory.track(pghistory.UpdateEvent(row=pghistory.Old), pghistory.DeleteEvent())
class Directive(models.Model):
    """One atensi (heed this) or jukrah (do it so) from a commander to people of the own unit and those below, by role or by name.

    The text stands as it was sent; afterwards it can only be closed. Who was asked when it was sent has a receipt.
    """

    class Kind(models.TextChoices):
        ATENSI = "ATENSI", "Atensi"
        JUKRAH = "JUKRAH", "Jukrah"

    uuid = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)
    kind = models.CharField(_("kind"), max_length=6, choices=Kind, default=Kind.ATENSI)
    sender = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("from"))
    sender_role = models.CharField(max_length=20, choices=Role, help_text=_("The post in which it was sent."))
    sender_unit = models.ForeignKey(Unit, models.PROTECT, related_name="+", help_text=_("The unit of that post."))
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+", verbose_name=_("unit"), help_text=_("It is sent there and to all below."))
    roles = ArrayField(models.CharField(max_length=20), default=list, blank=True, help_text=_("Empty: sent to persons by name."))
    title = models.CharField(_("title"), max_length=120)
    text = models.TextField(_("text"), max_length=5000)
    due_on = models.DateField(_("to be done by"), null=True, blank=True)
    created_at = models.DateTimeField(default=timezone.now)
    closed_at = models.DateTimeField(null=True, blank=True)
    reminded_at = models.DateTimeField(null=True, blank=True)

    objects = DirectiveQuerySet.as_manager()

    class Meta:
        verbose_name = _("directive")
        verbose_name_plural = _("directives")
        ordering = ["-created_at", "-pk"]
        indexes = [models.Index(fields=["unit", "-created_at"])]
        constraints = [
            models.CheckConstraint(condition=Q(kind__in=["ATENSI", "JUKRAH"]), name="directive_kind_known"),
            models.CheckConstraint(condition=~Q(title="") & ~Q(text=""), name="directive_says_something"),
            models.CheckConstraint(condition=Q(sender_role__in=sorted(SENDS)), name="directive_from_a_commander"),
        ]

    def __str__(self):
        return f"{self.get_kind_display()}: {self.title}"

    @property
    def sender_title(self):
        """Kapolsek Banyumanik: the post from which it came."""
        return Posting(role=self.sender_role, unit=self.sender_unit).title

    @property
    def is_closed(self):
        return self.closed_at is not None

    @property
    def path(self):
        return f"/atensi/{self.uuid}/"

    def is_late(self) -> bool:
        return not self.is_closed and self.due_on is not None and self.due_on < self.unit.today()

    def is_kept_by(self, user) -> bool:
        """Who sees the receipts, reminds and closes."""
        return self.sender_id == user.pk or user.scope.holds(LEADERS, self.sender_unit)

    @transaction.atomic
    def send(self, people, files=()) -> int:
        """Saves it with its files and notes who is asked, as one set; tells each of them. Returns how many."""
        self.save()
        for file in files:
            file.directive = self
            file.save()
        ids = set(people.exclude(pk=self.sender_id).values_list("pk", flat=True))
        if not ids:
            raise ValidationError(_("Nobody serves there in these roles today."))
        DirectiveReceipt.objects.bulk_create([DirectiveReceipt(directive=self, user_id=pk) for pk in sorted(ids)], batch_size=1000)
        self._tell(ids, Notification.Kind.DIRECTIVE)
        return len(ids)

    def receipt_of(self, user) -> "DirectiveReceipt":
        """The person's receipt; for one who joined later it is made now."""
        receipt, _is_new = DirectiveReceipt.objects.get_or_create(directive=self, user=user)
        return receipt

    def remind(self) -> int:
        """Tells once more those who have not read it, or not followed it up where it has a day; returns how many."""
        waiting = self.receipts.filter(Q(read_at=None) | Q(followed_up_at=None) if self.due_on else Q(read_at=None))
        ids = list(waiting.filter(user__is_active=True).values_list("user", flat=True))
        now = timezone.now()
        with transaction.atomic():
            may = Directive.objects.filter(Q(reminded_at=None) | Q(reminded_at__lt=now - REMIND_AFTER), pk=self.pk, closed_at=None)
            if not may.update(reminded_at=now):
                raise ValidationError(_("A reminder went out a short while ago, or this is closed."))
            self._tell(ids, Notification.Kind.REMINDER)
        return len(ids)

    def close(self):
        """Nobody is asked any more; it stays readable for those who were."""
        Directive.objects.filter(pk=self.pk, closed_at=None).update(closed_at=timezone.now())

    def _tell(self, ids, kind):
        Notification.objects.tell(ids, kind, self.path, by=self.sender_title, what=self.get_kind_display())


def people_below(unit: Unit, roles) -> models.QuerySet[User]:
    """Those who serve in one of the roles at the unit or below it today."""
    postings = Posting.objects.filter(on_day(unit.today()), unit__path__startswith=unit.path, role__in=list(roles))
    return User.objects.filter(pk__in=postings.values("user"), is_active=True)


class DirectiveFile(models.Model):
    """One attachment: a PDF, or a photo (kept as JPEG without EXIF). Served with the rights of its directive."""

    class Type(models.TextChoices):
        PDF = "application/pdf", "PDF"
        JPEG = "image/jpeg", "JPEG"

    uuid = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)
    directive = models.ForeignKey(Directive, models.CASCADE, related_name="files")
    name = models.CharField(max_length=120)
    type = models.CharField(max_length=20, choices=Type)
    size = models.PositiveIntegerField()
    file = models.FileField(upload_to="directives/%Y/%m/")

    class Meta:
        ordering = ["pk"]

    def __str__(self):
        return self.name


@pghistory.track(pghistory.UpdateEvent(row=pghistory.Old), pghistory.DeleteEvent())
class DirectiveReceipt(models.Model):
    """One person who is asked by a directive: when it was read, and what was done about it, with the report that shows it."""

    directive = models.ForeignKey(Directive, models.CASCADE, related_name="receipts")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="directive_receipts")
    read_at = models.DateTimeField(null=True, blank=True)
    followed_up_at = models.DateTimeField(null=True, blank=True)
    follow_up = models.TextField(_("what was done"), max_length=2000, blank=True)
    report = models.ForeignKey(Report, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("report"))

    class Meta:
        verbose_name = _("receipt")
        verbose_name_plural = _("receipts")
        constraints = [
            models.UniqueConstraint(fields=["directive", "user"], name="directive_receipt_once"),
            models.CheckConstraint(
                condition=Q(followed_up_at__isnull=True, follow_up="", report__isnull=True)
                | (Q(followed_up_at__isnull=False, read_at__isnull=False) & ~Q(follow_up="")),
                name="directive_follow_up_says_what",
                violation_error_message=_("Say what was done."),
            ),
        ]
        indexes = [models.Index(fields=["user"], condition=Q(read_at=None), name="directive_unread")]

    def __str__(self):
        return f"{self.directive_id} {self.user_id}"

    def read(self):
        """Marks it read; a second time changes nothing."""
        DirectiveReceipt.objects.filter(pk=self.pk, read_at=None).update(read_at=timezone.now())
        Notification.objects.for_user(self.user).filter(path=self.directive.path).mark_read()
        self.refresh_from_db()

    def follow(self, text: str, report: Report | None = None):
        """Notes what was done, with one of the own reports where there is one. The same again changes nothing; other words mend it."""
        if not text.strip():
            raise ValidationError({"text": _("Say what was done.")})
        if report and report.officer_id != self.user_id:
            raise ValidationError({"report": _("Choose one of your own reports.")})
        with transaction.atomic():
            receipt = DirectiveReceipt.objects.select_for_update().select_related("directive__unit", "user").get(pk=self.pk)
            if receipt.directive.is_closed and not receipt.followed_up_at:
                raise ValidationError(_("This directive is closed."))
            if (receipt.follow_up, receipt.report_id) == (text, report and report.pk):
                return
            is_first = receipt.followed_up_at is None
            now = timezone.now()
            changes = {"follow_up": text, "report": report, "followed_up_at": receipt.followed_up_at or now, "read_at": receipt.read_at or now}
            DirectiveReceipt.objects.filter(pk=self.pk).update(**changes)
            if is_first:
                directive = receipt.directive
                kind = Notification.Kind.FOLLOW_UP
                Notification.objects.tell([directive.sender_id], kind, directive.path, by=receipt.user.full_name, what=directive.get_kind_display())
        self.refresh_from_db()
