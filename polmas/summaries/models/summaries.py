"""Periodic summaries: what a unit reports upwards for a day, week or month."""

import contextlib
import uuid

import pghistory
import pgtrigger
from django.conf import settings
from django.contrib.postgres.indexes import GinIndex, OpClass
from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.db.models import Exists, F, OuterRef, Q
from django.db.models.functions import Coalesce, Now, Upper
from django.utils import timezone
from django.utils.dateparse import parse_date
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _

from polmas.people.models import Posting, Unit
from polmas.people.periods import Period
from polmas.people.scope import in_subtrees
from polmas.summaries.models import authority
from polmas.summaries.models.authority import TextPart
from polmas.summaries.models.due_times import due_at, mended_by
from polmas.summaries.models.kinds import DOCUMENT_NAMES, PeriodKind, span_in_words, titled
from polmas.summaries.models.seals import NOTHING_TOLD, hash_of, short, signed_content, words_hash

TEXT_LENGTH = 10000
PART_OF_PHOTOS = "J"

# The moment that decides whether a summary is late: when it was sent; while it is not sent, now.
SENT_BY = Coalesce(F("sent_at"), Now())


class SummaryQuerySet(models.QuerySet):
    def for_user(self, user):
        """Summaries of the units whose figures the user reads; readers above the Polres see what was approved, and those who write only
        a part of the paper see that of their own unit."""
        scope = user.scope
        whole = in_subtrees("unit__path", scope.whole_paths)
        own = Q(unit__path__in=scope.paths_as(authority.CONTRIBUTORS | authority.HEADS_POLDA | {"dirbinmas"}))
        figures = in_subtrees("unit__path", scope.figure_paths)
        return self.filter(whole | own | (figures & Q(approved_at__isnull=False)))

    def without_content(self):
        """For lists: figures and texts are long and are not read."""
        return self.defer("figures", "texts")

    def unreplaced(self):
        """Without those after which a later revision was approved: what they say is said anew, and they go nowhere any more."""
        same = {name: OuterRef(name) for name in ("unit", "period", "starts_on")}
        return self.exclude(Exists(Summary.objects.filter(**same, revision__gt=OuterRef("revision"), approved_at__isnull=False)))

    def late(self):
        return self.filter(due_at__lt=SENT_BY)


@pghistory.track(pghistory.UpdateEvent(row=pghistory.Old, condition=pghistory.AnyChange(exclude=["changes"])), pghistory.DeleteEvent())
class Summary(models.Model):
    """One unit's summary of one period in one revision. A draft is rebuilt from the rows; an approved one is frozen."""

    class State(models.TextChoices):
        """States of domain.md 5.7: drafted and written into, approved, then on its way up."""

        OTOMATIS = "OTOMATIS", _("drafted by the system")
        DISUNTING = "DISUNTING", _("edited")
        DISAHKAN = "DISAHKAN", _("approved")
        DIKIRIM = "DIKIRIM", _("sent")
        DITERIMA = "DITERIMA", _("received")
        DIKEMBALIKAN = "DIKEMBALIKAN", _("returned")

    APPROVED_STATES = (State.DISAHKAN, State.DIKIRIM, State.DITERIMA)
    DRAFT_STATES = (State.OTOMATIS, State.DISUNTING)

    uuid = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="summaries", verbose_name=_("unit"))
    period = models.CharField(_("period"), max_length=8, choices=PeriodKind)
    starts_on = models.DateField(_("from"))
    ends_on = models.DateField(_("until"))
    revision = models.PositiveSmallIntegerField(_("revision"), default=1)
    state = models.CharField(_("state"), max_length=12, choices=State, default=State.OTOMATIS)
    number = models.CharField(_("number"), max_length=80, blank=True)
    figures = models.JSONField(_("figures"), default=dict)
    texts = models.JSONField(_("texts"), default=dict, blank=True, help_text=_("What people wrote, by part of the paper."))
    changes = models.PositiveBigIntegerField(default=0, help_text=_("How often its days had changed when the figures were last looked at."))
    rule_version = models.CharField(max_length=20)
    built_at = models.DateTimeField(_("built at"))
    counted_to = models.BigIntegerField(default=0, help_text=_("Highest number of a report that was counted."))
    due_at = models.DateTimeField(
        _("due at"), null=True, blank=True, help_text=_("By the unit's settings then; of a later revision only if one was returned.")
    )
    approved_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")
    approved_at = models.DateTimeField(null=True, blank=True)
    sent_at = models.DateTimeField(_("sent at"), null=True, blank=True)
    signer = models.JSONField(default=dict, blank=True, help_text=_("Title, name, rank and NRP as they stand under the paper."))
    content_hash = models.CharField(max_length=64, blank=True)

    objects = SummaryQuerySet.as_manager()

    class Meta:
        verbose_name = _("summary")
        verbose_name_plural = _("summaries")
        ordering = ["-starts_on", "unit__path", "-revision"]
        indexes = [
            models.Index(fields=["period", "starts_on"], name="summary_of_period"),
            models.Index(fields=["due_at"], condition=Q(sent_at__isnull=True), name="summary_unsent"),
            models.Index(fields=["-starts_on", "unit"], name="summary_newest"),
            models.Index(fields=["due_at"], name="summary_by_due_time"),
            models.Index(fields=["approved_at"], name="summary_by_approval"),
            GinIndex(OpClass(Upper("number"), name="gin_trgm_ops"), name="summary_by_words_of_number"),
            models.Index(fields=["unit", "starts_on"], condition=Q(state="DIKIRIM"), name="summary_not_received"),
        ]
        triggers = [
            # Figures and text stay as they were signed. Only the state goes on: sent, received, returned; sent it is once.
            pgtrigger.Protect(
                name="frozen_when_approved",
                operation=pgtrigger.Update,
                condition=pgtrigger.Condition(
                    "OLD.approved_at IS NOT NULL AND ((OLD.figures, OLD.texts, OLD.number, OLD.signer, OLD.content_hash, OLD.unit_id, OLD.period, "
                    "OLD.starts_on, OLD.ends_on, OLD.revision, OLD.approved_by_id, OLD.approved_at, OLD.rule_version, OLD.counted_to, OLD.built_at, "
                    "OLD.due_at)"
                    " IS DISTINCT FROM (NEW.figures, NEW.texts, NEW.number, NEW.signer, NEW.content_hash, NEW.unit_id, NEW.period, "
                    "NEW.starts_on, NEW.ends_on, NEW.revision, NEW.approved_by_id, NEW.approved_at, NEW.rule_version, NEW.counted_to, NEW.built_at, "
                    "NEW.due_at) OR (OLD.sent_at IS NOT NULL AND OLD.sent_at IS DISTINCT FROM NEW.sent_at))"
                ),
            ),
            pgtrigger.Protect(name="kept_when_approved", operation=pgtrigger.Delete, condition=pgtrigger.Q(old__approved_at__isnull=False)),
        ]
        constraints = [
            models.UniqueConstraint(fields=["unit", "period", "starts_on", "revision"], name="summary_once"),
            models.CheckConstraint(condition=Q(ends_on__gte=F("starts_on")), name="summary_ends_after_start"),
            models.CheckConstraint(
                condition=Q(state__in=["OTOMATIS", "DISUNTING"], approved_at__isnull=True)
                | Q(state__in=["DISAHKAN", "DIKIRIM", "DITERIMA", "DIKEMBALIKAN"], approved_at__isnull=False),
                name="summary_approved_or_draft",
            ),
            models.CheckConstraint(
                condition=Q(approved_at__isnull=True) | Q(approved_by__isnull=False) | Q(period="daily"), name="summary_by_itself_only_daily"
            ),
            models.CheckConstraint(
                condition=Q(state__in=["OTOMATIS", "DISUNTING", "DISAHKAN"], sent_at__isnull=True)
                | Q(state__in=["DIKIRIM", "DITERIMA", "DIKEMBALIKAN"], sent_at__isnull=False),
                name="summary_sent_or_not",
            ),
        ]

    def __str__(self):
        return f"{self.get_period_display()} {self.unit} {self.starts_on}"

    @property
    def span(self):
        """The period in words: Oktober 2026; 16–22 November 2026; 16 November 2026."""
        return span_in_words(self.period, Period(self.starts_on, self.ends_on))

    @property
    def title(self):
        return titled(self.period, self.span)

    @property
    def name(self):
        """The title, with the revision where it is not the first: two papers of one period stand in one list."""
        return _("%(title)s, revision %(n)s") % {"title": self.title, "n": self.revision} if self.revision > 1 else self.title

    @property
    def analysis(self) -> str:
        return self.texts.get(TextPart.ANALYSIS, "")

    @property
    def plan(self) -> str:
        return self.texts.get(TextPart.PLAN, "")

    @property
    def is_draft(self):
        return self.state in self.DRAFT_STATES

    @property
    def is_approved(self):
        return self.approved_at is not None

    @property
    def is_by_itself(self):
        """Whether nobody signed it: the daily one that went at its due time."""
        return self.is_approved and self.approved_by_id is None

    @property
    def is_running(self):
        """Whether its period is not over yet where the unit stands."""
        return self.ends_on >= self.unit.today()

    @property
    def is_late(self) -> bool:
        """Whether it was sent after its due time, or is not sent although that is over."""
        return self.due_at is not None and (self.sent_at or timezone.now()) > self.due_at

    @property
    def short_hash(self):
        return short(self.content_hash)

    @property
    def order_days(self) -> str:
        """From when to when the order of who stood in holds, in words; the last day may be open."""
        first, last = (parse_date(self.signer.get(name) or "") for name in ("order_from", "order_until"))
        if first is None:
            return ""
        return str(Period(first, last)) if last else f"{date_format(first, 'j F Y')} –"

    @property
    def confidential(self) -> dict:
        """What LI and confidential problems say of the period: for their readers alone (`SummaryAnnex`)."""
        annex = getattr(self, "annex", None)
        return annex.content if annex else NOTHING_TOLD

    @property
    def draft_hash(self):
        """Names what is signed with the draft: figures, text and annex."""
        return hash_of([self.figures, self.texts, self.confidential])[:16]

    def text_hashes(self) -> dict[str, str]:
        """What a writer starts from, part by part."""
        return {part.value: words_hash(self.texts.get(part, "")) for part in TextPart}

    def parts_for(self, user) -> list[TextPart]:
        """Parts of this draft that the user may write."""
        return authority.parts_written_by(user, self.unit) if self.is_draft else []

    def may_be_edited_by(self, user) -> bool:
        return bool(self.parts_for(user))

    def may_be_approved_by(self, user) -> bool:
        """Once the period is over: the head of this very unit who is not on leave, or who stands in; the daily one its keeper, too."""
        return self.is_draft and not self.is_running and self._signing_posting(user) is not None

    def may_be_sent_by(self, user) -> bool:
        """As long as no later revision was approved: the unit above gets the newest one."""
        if self.state != self.State.DISAHKAN or not self.has_receiver or not self.is_kept_by(user):
            return False
        return Summary.objects.filter(pk=self.pk).unreplaced().exists()

    def may_be_received_by(self, user) -> bool:
        """Whether the user receives or returns it for the unit above."""
        above = self.unit.path[: -Unit.steplen]
        if self.state != self.State.DIKIRIM or above not in user.scope.paths:
            return False
        unit = authority.unit_above(self.unit)
        return unit is not None and above in user.scope.paths_as(authority.receivers_of(unit))

    @property
    def has_receiver(self) -> bool:
        return len(self.unit.path) > Unit.steplen

    def is_kept_by(self, user) -> bool:
        return self.unit.path in user.scope.paths_as(authority.heads_of(self.unit) | authority.staff_of(self.unit))

    def _signing_posting(self, user) -> Posting | None:
        """The posting by which the user may sign: as head or in the head's place; for a daily one as keeper of the paper."""
        if not self.is_kept_by(user):
            return None
        if posting := authority.approving_postings(self.unit).filter(user=user).first():
            return posting
        if self.period != PeriodKind.DAILY:
            return None
        keepers = Posting.objects.on(self.unit.today()).filter(user=user, unit=self.unit, role__in=authority.staff_of(self.unit))
        return keepers.select_related("user").first()

    def edit(self, by, texts: dict[str, str], seen: dict[str, str]):
        """Writes texts into a draft, part by part. `seen` names what the writer started from (text_hashes): a part that somebody else
        changed meanwhile is kept unless the writer left it alone, and the writer is told which."""
        with self._locked():
            texts = {part: "\n".join(text.splitlines()) for part, text in texts.items()}
            allowed = set(self.parts_for(by))
            if not allowed or not set(texts) <= allowed:
                raise ValidationError(_("This summary can no longer be edited."))
            changed = {part: text for part, text in texts.items() if text != self.texts.get(part, "") and words_hash(text) != seen.get(part)}
            if clashes := {part for part in changed if words_hash(self.texts.get(part, "")) != seen.get(part)}:
                told = _("Somebody else changed the text meanwhile. Their words stand below; yours are still in the form.")
                raise ValidationError({str(part): told for part in clashes})
            if not changed:
                return
            self.texts = {part: text for part, text in {**self.texts, **changed}.items() if text}
            self.state = self.State.DISUNTING
            self.save(update_fields=["texts", "state"])
            self.record(by, note=", ".join(str(TextPart(part).value) for part in changed))

    def choose_photos(self, by, photos: list[dict]):
        """Puts chosen photos on a draft in place of those that the system took; a rebuild keeps them."""
        with self._locked():
            if not self.is_draft or not self.is_kept_by(by):
                raise ValidationError(_("This summary can no longer be edited."))
            self.figures = {**self.figures, "photos": photos, "photos_are_chosen": True}
            self.state = self.State.DISUNTING
            self.save(update_fields=["figures", "state"])
            self.record(by, note=PART_OF_PHOTOS)

    def approve(self, by, seen: str):
        """Signs and freezes the summary. `seen` is the draft_hash of what the signer read: a rebuilt draft is read again first."""
        with self._locked():
            posting = self._signing_posting(by)
            if posting is None or not self.is_draft or self.is_running:
                raise ValidationError(_("This summary can't be approved, or no longer."))
            if seen != self.draft_hash:
                raise ValidationError(_("The figures or the text changed since you opened the page. Please read again and approve then."))
            is_keeper = posting.role not in authority.heads_of(self.unit)
            self._freeze(by, authority.signature_of(self.unit, posting, as_keeper=is_keeper))
            if self.unit.sends_at_once and self.has_receiver:
                self._send(by)

    def release(self):
        """The daily one at its due time, if nobody did so before: approved and sent without anybody's signature, as the paper then says."""
        with self._locked():
            if self.period != PeriodKind.DAILY or not self.is_draft or self.is_running or not self.unit.releases_daily:
                raise ValidationError(_("This summary can't be approved, or no longer."))
            self._freeze(None, {})
            if self.has_receiver:
                self._send(None)

    def _freeze(self, by, signer):
        self.approved_by, self.approved_at, self.state = by, timezone.now(), self.State.DISAHKAN
        self.number = self.next_number(Unit.objects.select_for_update(no_key=True).get(pk=self.unit_id))
        self.signer = {**signer, "letterhead": self.unit.paper_head, "keeper": authority.keeper_of(self.unit)}
        self.content_hash = hash_of(signed_content(self))
        self.save()
        self.record(by)

    def send(self, by):
        """Hands the approved summary to the unit above."""
        with self._locked():
            if not self.may_be_sent_by(by):
                raise ValidationError(_("This summary can't be sent, or was sent already."))
            self._send(by)

    def _send(self, by):
        self.sent_at, self.state = timezone.now(), self.State.DIKIRIM
        self.save(update_fields=["sent_at", "state"])
        self.record(by)

    def receive(self, by):
        with self._locked():
            if not self.may_be_received_by(by):
                raise ValidationError(_("This summary can't be received, or no longer."))
            self.state = self.State.DITERIMA
            self.save(update_fields=["state"])
            self.record(by)

    def send_back(self, by, note: str) -> "Summary":
        """Returns it with a note. Its unit gets a revision to mend: the same figures and texts as a draft, which may be written and built anew."""
        with self._locked():
            if not self.may_be_received_by(by):
                raise ValidationError(_("This summary can't be received, or no longer."))
            if not note.strip():
                raise ValidationError(_("Say what is to be mended."))
            self.state = self.State.DIKEMBALIKAN
            self.save(update_fields=["state"])
            self.record(by, note=note)
            revisions = Summary.objects.filter(unit=self.unit, period=self.period, starts_on=self.starts_on)
            newest = revisions.select_for_update().latest("revision")
            return newest._taken_up() if newest.is_draft else self._reopened(newest.revision + 1)

    def _taken_up(self) -> "Summary":
        """A draft that the system made for late reports is what is mended now: it stays although its difference is taken back."""
        self.due_at = mended_by(self.unit)
        if self.state == self.State.OTOMATIS:
            self.state = self.State.DISUNTING
            self.record(None)
        self.save(update_fields=["state", "due_at"])
        return self

    def _reopened(self, revision: int) -> "Summary":
        draft = Summary.objects.create(
            unit=self.unit, period=self.period, starts_on=self.starts_on, ends_on=self.ends_on, revision=revision, state=self.State.DISUNTING,
            figures=self.figures, texts=self.texts, changes=self.changes, rule_version=self.rule_version, built_at=self.built_at,
            counted_to=self.counted_to, due_at=mended_by(self.unit),
        )  # fmt: skip
        if annex := getattr(self, "annex", None):
            type(annex).objects.create(summary=draft, content=annex.content)
        draft.record(None)
        return draft

    def record(self, by, note: str = ""):
        """Writes the state that was just reached into the history."""
        title = by.post.title if by and by.post else ""
        self.steps.create(state=self.state, by=by, title=title, note=note)

    @contextlib.contextmanager
    def _locked(self):
        """This row as it stands now, held until the change is saved; fields that were read before are read anew."""
        with transaction.atomic():
            Summary.objects.select_for_update().get(pk=self.pk)
            self.refresh_from_db()
            yield

    def next_number(self, unit: Unit) -> str:
        """The number by the unit's pattern. A later revision keeps the first one's; the running number counts papers of a year.
        Who is about to give it holds a lock on the unit; who only names it beforehand needs none."""
        approved = Summary.objects.filter(unit=unit, period=self.period, approved_at__isnull=False)
        if first := approved.filter(starts_on=self.starts_on).order_by("revision").first():
            return first.number
        grade, name = DOCUMENT_NAMES[self.period]
        n = approved.filter(starts_on__year=self.starts_on.year).values("starts_on").distinct().count() + 1
        return unit.number_of(unit.number_pattern, grade, name, n, self.starts_on)

    def take_due_time(self):
        """Fixes the due time by the unit's settings; a revision made for late reports has none."""
        self.due_at = due_at(self.unit, self.period, self.ends_on) if self.revision == 1 else None
