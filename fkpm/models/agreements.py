"""Surat Kesepakatan Bersama: what parties, a forum or a partner agreed on, signed on paper and watched afterwards (domain.md 4.5)."""

import datetime
import hashlib
import json
import uuid

import pghistory
import pgtrigger
from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from fkpm.models.cases import Case
from fkpm.models.forums import Forum, served_paths
from fkpm.models.meetings import Meeting
from fkpm.models.members import Member
from mapping.models import Area
from polmas.people.models import Unit
from polmas.people.models.marks import marks_days
from polmas.people.scope import on_day

FEWEST_WITNESSES = 2
EARLY = datetime.timedelta(days=7)  # how long before its day a look may be reported
# What the signed paper says, and nobody changes afterwards: a correction is a new agreement that names the old one.
ON_PAPER = (
    *("unit", "area", "forum", "case", "meeting", "kind", "sequence", "year", "number", "replaces", "subject", "agreed_on", "place", "clauses"),
    *("sanction", "valid_until", "has_stamp", "village_head", "officer_name", "chair_name", "scan", "scan_type", "scan_hash", "content_hash"),
    *("signed_at", "signed_by"),
)
# What of it goes into the hash, beside the days and the signers.
NAMED = ("number", "kind", "subject", "place", "clauses", "sanction", "village_head", "officer_name", "chair_name")
SIGNED = """
IF EXISTS (SELECT 1 FROM fkpm_agreement WHERE id IN (OLD.agreement_id, NEW.agreement_id) AND signed_at IS NOT NULL) THEN
    RAISE EXCEPTION 'this agreement is signed and locked';
END IF;
IF TG_OP = 'DELETE' THEN RETURN OLD; END IF;
RETURN NEW;
"""
LOCKED = """
IF OLD.signed_at IS NOT NULL THEN
    RAISE EXCEPTION 'this agreement is signed and locked';
END IF;
RETURN NEW;
"""
UNWITNESSED = """
IF (SELECT count(*) FROM fkpm_agreementperson WHERE agreement_id = NEW.id AND role = 'SAKSI') < 2 THEN
    RAISE EXCEPTION 'an agreement needs two witnesses';
END IF;
RETURN NEW;
"""
REFUSED = """
IF EXISTS (SELECT 1 FROM fkpm_case WHERE id = NEW.case_id AND (refused_by_id IS NOT NULL OR outcome IN ('DILIMPAHKAN', 'PEMBINAAN'))) THEN
    RAISE EXCEPTION 'no agreement can be made in this case';
END IF;
RETURN NEW;
"""


class AgreementQuerySet(models.QuerySet):
    def for_user(self, user):
        """Those of the cases that one reads; of forums those that are no peace between persons, to plain members only where they are marked
        for the forum."""
        forums = Forum.objects.for_user(user)
        if user.scope.is_police:
            read = Q(forum__in=forums)
        else:
            own = Member.objects.filter(on_day(timezone.localdate()), user=user)
            read = Q(forum__in=forums) & (Q(is_for_members=True) | Q(forum__in=own.filter(position__in=Member.BOARD).values("forum")))
        return self.filter(Q(case__in=Case.objects.for_user(user)) | (~Q(kind=Agreement.Kind.PERDAMAIAN) & read))

    def in_force(self):
        return self.filter(state__in=[Agreement.State.BERLAKU, Agreement.State.DITAATI])

    def give_up_unsigned(self, day: datetime.date, note: str) -> None:
        """Cancels the papers that nobody signed yet; their numbers stay taken, with the reason."""
        self.filter(state=Agreement.State.UNSIGNED).update(state=Agreement.State.BATAL, ended_on=day, ended_note=note[:500])


@pghistory.track(pghistory.UpdateEvent(row=pghistory.Old), pghistory.DeleteEvent())
class Agreement(models.Model):
    """One numbered paper that says what was agreed. It counts from the day on which its signed scan is attached, and is locked from then on;
    numbers have no gaps, so a paper that nobody signs is cancelled and never deleted."""

    class Kind(models.TextChoices):
        PERDAMAIAN = "PERDAMAIAN", _("peace between the parties")
        FORUM = "FORUM", _("agreement of the forum")
        PERATURAN = "PERATURAN", _("local rule")
        MOU = "MOU", _("MoU with a partner")

    class State(models.TextChoices):
        UNSIGNED = "UNSIGNED", _("to be signed")
        BERLAKU = "BERLAKU", _("in force")
        DITAATI = "DITAATI", _("observed")
        DILANGGAR = "DILANGGAR", _("broken")
        BERAKHIR = "BERAKHIR", _("ended")
        BATAL = "BATAL", _("cancelled")

    uuid = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+", verbose_name=_("unit"))
    area = models.ForeignKey(Area, models.PROTECT, related_name="+", verbose_name=_("village"))
    forum = models.ForeignKey(Forum, models.PROTECT, null=True, blank=True, related_name="agreements", verbose_name="FKPM")
    case = models.ForeignKey(Case, models.PROTECT, null=True, blank=True, related_name="agreements", verbose_name=_("case"))
    meeting = models.ForeignKey(Meeting, models.PROTECT, null=True, blank=True, related_name="agreements", verbose_name=_("meeting"))
    kind = models.CharField(_("kind"), max_length=10, choices=Kind)
    state = models.CharField(_("state"), max_length=9, choices=State, default=State.UNSIGNED)
    sequence = models.PositiveIntegerField(editable=False)
    year = models.PositiveSmallIntegerField(editable=False)
    number = models.CharField(_("number"), max_length=80, editable=False)
    replaces = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, editable=False, related_name="corrections", verbose_name=_("replaces")
    )
    version = models.PositiveIntegerField(default=1, editable=False)
    subject = models.CharField(_("about"), max_length=200)
    agreed_on = models.DateField(_("agreed on"))
    place = models.CharField(_("place"), max_length=200)
    clauses = ArrayField(models.CharField(max_length=2000), verbose_name=_("clauses"))
    sanction = models.TextField(_("what follows if it is broken"), max_length=1000, blank=True)
    valid_until = models.DateField(_("valid until"), null=True, blank=True)
    has_stamp = models.BooleanField(_("with meterai"), default=False)
    is_for_members = models.BooleanField(_("readable by all members of the forum"), default=False)
    village_head = models.CharField(_("village head"), max_length=120, blank=True)
    officer_name = models.CharField(_("Bhabinkamtibmas"), max_length=120, blank=True)
    chair_name = models.CharField(_("chair of the FKPM"), max_length=120, blank=True)
    drawn_up_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, editable=False, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)
    scan = models.FileField(_("signed paper"), upload_to="agreements/%Y/%m/", blank=True, editable=False)
    scan_type = models.CharField(max_length=20, blank=True, editable=False)
    scan_hash = models.CharField(max_length=64, blank=True, editable=False)
    content_hash = models.CharField(max_length=64, blank=True, editable=False)
    signed_at = models.DateTimeField(null=True, blank=True, editable=False)
    signed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, editable=False, related_name="+")
    ended_on = models.DateField(null=True, blank=True, editable=False)
    ended_note = models.CharField(_("reason"), max_length=500, blank=True, editable=False)

    objects = AgreementQuerySet.as_manager()

    class Meta:
        verbose_name = _("agreement")
        verbose_name_plural = _("agreements")
        ordering = ["-agreed_on", "-pk"]
        indexes = [
            models.Index(fields=["unit", "-agreed_on"]),
            models.Index(fields=["valid_until"], condition=Q(state__in=["BERLAKU", "DITAATI"]), name="agreement_in_force"),
        ]
        triggers = [
            pgtrigger.Trigger(
                name="locked_when_signed", when=pgtrigger.Before, operation=pgtrigger.Update, condition=pgtrigger.AnyChange(*ON_PAPER), func=LOCKED
            ),
            pgtrigger.Protect(name="never_deleted", operation=pgtrigger.Delete),
            pgtrigger.Trigger(
                name="signed_before_witnesses",
                when=pgtrigger.Before,
                operation=pgtrigger.Update,
                condition=pgtrigger.Q(old__signed_at__isnull=True, new__signed_at__isnull=False),
                func=UNWITNESSED,
            ),
            pgtrigger.Trigger(name="not_where_refused", when=pgtrigger.Before, operation=pgtrigger.Insert, func=REFUSED),
            marks_days("{row}.unit_id", ["{row}.agreed_on"], ["unit_id", "kind", "state", "agreed_on", "signed_at"]),
            pgtrigger.Trigger(
                name="not_signed_where_refused",
                when=pgtrigger.Before,
                operation=pgtrigger.Update,
                condition=pgtrigger.Q(old__signed_at__isnull=True, new__signed_at__isnull=False),
                func=REFUSED,
            ),
        ]
        constraints = [
            models.UniqueConstraint(fields=["forum", "year", "sequence"], condition=Q(forum__isnull=False), name="agreement_number_of_forum"),
            models.UniqueConstraint(fields=["unit", "year", "sequence"], condition=Q(forum__isnull=True), name="agreement_number_of_unit"),
            models.UniqueConstraint(
                fields=["replaces"],
                condition=~Q(state="BATAL"),
                name="agreement_corrected_once",
                violation_error_message=_("A correction of this agreement is drawn up already."),
            ),
            models.CheckConstraint(condition=Q(kind__in=["PERDAMAIAN", "FORUM", "PERATURAN", "MOU"]), name="agreement_kind_known"),
            models.CheckConstraint(
                condition=Q(state__in=["UNSIGNED", "BATAL"], signed_at__isnull=True, scan="")
                | (Q(state__in=["BERLAKU", "DITAATI", "DILANGGAR", "BERAKHIR"], signed_at__isnull=False, signed_by__isnull=False) & ~Q(scan="")),
                name="agreement_counts_once_signed",
                violation_error_message=_("An agreement counts once its signed paper is attached."),
            ),
            models.CheckConstraint(
                condition=Q(kind="PERDAMAIAN", case__isnull=False) | (~Q(kind="PERDAMAIAN") & Q(forum__isnull=False, case__isnull=True)),
                name="agreement_of_case_or_forum",
                violation_error_message=_("A peace belongs to a case, every other agreement to a forum."),
            ),
            models.CheckConstraint(
                condition=~Q(kind="PERDAMAIAN") | Q(is_for_members=False),
                name="agreement_peace_is_private",
                violation_error_message=_("Members do not read who made peace with whom."),
            ),
            models.CheckConstraint(
                condition=Q(valid_until__isnull=True) | Q(valid_until__gte=F("agreed_on")),
                name="agreement_ends_after_start",
                violation_error_message=_("The last day lies before the first."),
            ),
            models.CheckConstraint(
                condition=Q(clauses__len__gte=1), name="agreement_has_clauses", violation_error_message=_("Write what was agreed.")
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["BERAKHIR", "BATAL"]) | Q(ended_on__isnull=False),
                name="agreement_ended_on_a_day",
            ),
        ]

    def __str__(self):
        return self.number

    @property
    def is_signed(self) -> bool:
        return self.signed_at is not None

    @property
    def is_in_force(self) -> bool:
        return self.state in (self.State.BERLAKU, self.State.DITAATI)

    @property
    def replaced_by(self) -> "Agreement | None":
        """The paper that corrects it, drawn up or signed; one that was cancelled corrects nothing."""
        return self.corrections.exclude(state=self.State.BATAL).first()

    @property
    def is_peace(self) -> bool:
        return self.kind == self.Kind.PERDAMAIAN

    def people_as(self, role) -> list:
        return [person for person in self.people.all() if person.role == role]

    @property
    def first_parties(self):
        return self.people_as(AgreementPerson.Role.PIHAK_1)

    @property
    def second_parties(self):
        return self.people_as(AgreementPerson.Role.PIHAK_2)

    @property
    def witnesses(self):
        return self.people_as(AgreementPerson.Role.SAKSI)

    def may_be_written_by(self, user) -> bool:
        """Who draws it up and attaches the signed paper: of a case whoever works on it, of a forum its board, the Polmas officer and the Kanit."""
        if self.case:
            return self.case.may_be_worked_on_by(user)
        return self.forum is not None and may_agree_for(self.forum, user)

    def may_be_watched_by(self, user) -> bool:
        """Who says whether it is observed."""
        return self.case.may_be_led_by(user) if self.case else self.may_be_written_by(user)

    def content(self) -> dict:
        """What the paper says, for its hash."""
        people = [[person.role, person.name, person.detail] for person in self.people.all()]
        named = {name: getattr(self, name) for name in NAMED}
        days = {"agreed_on": self.agreed_on.isoformat(), "valid_until": self.valid_until.isoformat() if self.valid_until else ""}
        return {**named, **days, "people": people, "replaces": self.replaces.number if self.replaces else ""}

    def hash_of_content(self) -> str:
        return hashlib.sha256(json.dumps(self.content(), sort_keys=True, ensure_ascii=False).encode()).hexdigest()


def may_agree_for(forum: Forum, user) -> bool:
    """Who draws up agreements in a forum's name: its board, its Polmas officer, and the Kanit Binmas."""
    return forum.may_write_minutes(user) or user.scope.holds({"kanit_binmas"}, forum.unit)


@pghistory.track(pghistory.UpdateEvent(row=pghistory.Old), pghistory.DeleteEvent())
class AgreementPerson(models.Model):
    """Who signs an agreement: a party of one side, or a witness. Written for this paper, so that later corrections of a case leave it as it was."""

    class Role(models.TextChoices):
        PIHAK_1 = "PIHAK_1", _("first party")
        PIHAK_2 = "PIHAK_2", _("second party")
        SAKSI = "SAKSI", _("witness")

    agreement = models.ForeignKey(Agreement, models.CASCADE, related_name="people", verbose_name=_("agreement"))
    role = models.CharField(_("side"), max_length=7, choices=Role)
    name = models.CharField(_("name"), max_length=120)
    detail = models.CharField(_("occupation and address"), max_length=300, blank=True)

    class Meta:
        verbose_name = _("signer")
        verbose_name_plural = _("signers")
        ordering = ["pk"]
        triggers = [
            pgtrigger.Trigger(
                name="locked_with_agreement", when=pgtrigger.Before, operation=pgtrigger.Insert | pgtrigger.Update | pgtrigger.Delete, func=SIGNED
            )
        ]
        constraints = [models.CheckConstraint(condition=Q(role__in=["PIHAK_1", "PIHAK_2", "SAKSI"]), name="agreement_person_role_known")]

    def __str__(self):
        return self.name


class CheckQuerySet(models.QuerySet):
    def for_user(self, user):
        return self.filter(agreement__in=Agreement.objects.for_user(user))

    def open(self):
        """Not reported yet, of agreements that still count, or counted until their last day: that an agreement ran out does not say
        whether it was observed. One that another paper replaced is looked after by that paper's own looks."""
        ran_out = Q(agreement__state=Agreement.State.BERAKHIR, agreement__valid_until__gte=F("due_on"))
        replaced = Agreement.objects.filter(replaces=models.OuterRef("agreement"), signed_at__isnull=False)
        in_force = Q(agreement__state__in=[Agreement.State.BERLAKU, Agreement.State.DITAATI])
        return self.filter(in_force | (ran_out & ~models.Exists(replaced)), checked_on__isnull=True)

    def due(self, day: datetime.date):
        return self.open().filter(due_on__lte=day)

    def followed_by(self, user):
        """Those that are the user's own to look after: of cases that they follow, and of forums that they serve."""
        kept = Q(agreement__case__keeper=user) | Q(agreement__case__keeper=None, agreement__case__officer=user)
        served = Q(agreement__unit__path__in=served_paths(user.scope))
        return self.filter(served & (kept | Q(agreement__case=None, agreement__forum__officer=user)))


@pghistory.track(pghistory.UpdateEvent(row=pghistory.Old), pghistory.DeleteEvent())
class AgreementCheck(models.Model):
    """One look at whether an agreement is observed, so many days after it was made. The planned ones are made by themselves when the signed
    paper is attached; a breach that is heard of between them makes one of its own."""

    agreement = models.ForeignKey(Agreement, models.CASCADE, related_name="checks", verbose_name=_("agreement"))
    days = models.PositiveSmallIntegerField(_("days after"))
    is_planned = models.BooleanField(_("planned"), default=True, editable=False)
    due_on = models.DateField(_("due on"))
    checked_on = models.DateField(_("looked at on"), null=True, blank=True)
    is_observed = models.BooleanField(_("observed"), null=True, blank=True)
    note = models.CharField(_("what was found"), max_length=500, blank=True)
    next_step = models.CharField(_("what next"), max_length=300, blank=True)
    checked_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")
    told_on = models.DateField(null=True, blank=True, editable=False)
    told_late_on = models.DateField(null=True, blank=True, editable=False)

    objects = CheckQuerySet.as_manager()

    class Meta:
        verbose_name = _("follow-up of an agreement")
        verbose_name_plural = _("follow-ups of agreements")
        ordering = ["due_on", "pk"]
        indexes = [models.Index(fields=["due_on"], condition=Q(checked_on__isnull=True), name="agreement_check_open")]
        constraints = [
            models.UniqueConstraint(fields=["agreement", "days"], condition=Q(is_planned=True), name="agreement_check_once"),
            models.CheckConstraint(condition=Q(is_planned=True) | Q(is_observed=False), name="agreement_check_unplanned_is_breach"),
            models.CheckConstraint(
                condition=Q(checked_on__isnull=True, is_observed__isnull=True, checked_by__isnull=True)
                | Q(checked_on__isnull=False, is_observed__isnull=False, checked_by__isnull=False),
                name="agreement_check_reported_whole",
            ),
            models.CheckConstraint(
                condition=Q(is_observed__isnull=True) | Q(is_observed=True) | ~Q(next_step=""),
                name="agreement_broken_says_what_next",
                violation_error_message=_("Say what is done next."),
            ),
        ]

    def __str__(self):
        return f"{self.agreement} +{self.days}"

    def is_due_on(self, day: datetime.date) -> bool:
        return self.checked_on is None and self.due_on <= day

    def may_be_reported_on(self, day: datetime.date) -> bool:
        """From a week before its day on; a breach may be reported on any day (`fkpm.agreements.report_breach`)."""
        return self.checked_on is None and self.due_on - EARLY <= day
