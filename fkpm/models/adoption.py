"""How a text of a forum is adopted: by chair and secretary, or by a page that they signed on paper (domain.md 4.5)."""

import datetime
from collections.abc import Callable, Iterable
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from fkpm.models.members import Member
from polmas.people.models import Notification


class Adoptable(models.Model):
    """A draft that its writers change and members comment on, until it is adopted; from then on it is locked under `content_hash`.

    `version` counts the saves: a writer who saves over another's save is told. Until `comments_until` the members may speak up;
    after that silence is agreement.
    """

    class State(models.TextChoices):
        DRAFT = "DRAFT", _("draft")
        ADOPTED = "ADOPTED", _("adopted")

    state = models.CharField(_("state"), max_length=8, choices=State, default=State.DRAFT)
    version = models.PositiveIntegerField(default=1)
    comments_until = models.DateTimeField(_("open for comment until"), null=True, blank=True)
    comments_ended_at = models.DateTimeField(_("comments closed early at"), null=True, blank=True)
    chair_adopted_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")
    chair_adopted_at = models.DateTimeField(null=True, blank=True)
    secretary_adopted_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")
    secretary_adopted_at = models.DateTimeField(null=True, blank=True)
    paper_confirmed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")
    paper_confirmed_at = models.DateTimeField(null=True, blank=True)
    content_hash = models.CharField(max_length=64, blank=True)

    # What both kinds bring: the meeting, the comments on them, the times that they were put out, their manager; what they lack before they
    # can be adopted, what names their text, the hash under which they are locked, what the members are shown, the files of them, and their page.
    meeting: Any
    comments: Any
    circulations: Any
    objects: Any
    missing: Callable[[], list[str]]
    text_hash: Callable[[], str]
    seal: Callable[[], str]
    content_put_out: Callable[[], dict]
    page: str
    files_of_it: Callable[[], Iterable[Any]]

    class Meta:
        abstract = True
        constraints = [
            models.CheckConstraint(
                condition=Q(state="DRAFT", content_hash="", paper_confirmed_by__isnull=True)
                | Q(state="ADOPTED")
                & ~Q(content_hash="")
                & (
                    Q(chair_adopted_by__isnull=False, secretary_adopted_by__isnull=False)
                    | Q(paper_confirmed_by__isnull=False, paper_confirmed_at__isnull=False)
                ),
                name="%(class)s_adopted_by_both",
                violation_error_message=_("Minutes are adopted once chair and secretary have both agreed."),
            ),
            models.CheckConstraint(
                condition=Q(chair_adopted_by__isnull=True) | Q(secretary_adopted_by__isnull=True) | ~Q(chair_adopted_by=F("secretary_adopted_by")),
                name="%(class)s_adopted_by_two",
                violation_error_message=_("Chair and secretary are two persons."),
            ),
        ]

    @property
    def forum(self):
        return self.meeting.forum

    @property
    def is_adopted(self) -> bool:
        return self.state == self.State.ADOPTED

    @property
    def is_half_adopted(self) -> bool:
        return not self.is_adopted and bool(self.chair_adopted_by_id or self.secretary_adopted_by_id)

    @property
    def first_adopted_by(self):
        """Whoever of the two has adopted it already, while the other one is awaited."""
        return self.chair_adopted_by or self.secretary_adopted_by

    @property
    def is_open_for_comment(self) -> bool:
        """Whether the members still have time to speak up."""
        return not self.is_adopted and self.comments_until is not None and timezone.now() < self.comments_until

    def open_comments(self) -> int:
        """Comments that wait for an answer."""
        return sum(comment.is_open for comment in self.comments.all())

    def hindrances(self) -> list[str]:
        """Why nobody can adopt it yet: what is missing, comments without an answer, time that the members still have."""
        found = self.missing()
        if waiting := self.open_comments():
            found.append(ngettext("an answer to %d comment", "an answer to %d comments", waiting) % waiting)
        if self.is_open_for_comment:
            found.append(gettext("the members may still comment"))
        return found

    def office_of(self, user) -> str | None:
        """As what a user may still adopt: "chair" or "secretary", or None. One person adopts once, whatever offices they hold."""
        if self.is_adopted or user.pk in (self.chair_adopted_by_id, self.secretary_adopted_by_id):
            return None
        held = set(self.forum.active_members().filter(user=user).values_list("position", flat=True))
        if self.chair_adopted_by_id is None and held & set(Member.CHAIRS):
            return "chair"
        if self.secretary_adopted_by_id is None and held & set(Member.SECRETARIES):
            return "secretary"
        return None

    @transaction.atomic
    def put_out(self, by, days: int) -> None:
        """Shows the draft to the members for so many days, and keeps what they are shown; raises ValidationError where it is adopted."""
        self.hold()
        self.comments_until = timezone.now() + datetime.timedelta(days=days)
        self.comments_ended_at = None
        self.save(update_fields=["comments_until", "comments_ended_at"])
        self.circulations.create(version=self.version, text_hash=self.text_hash(), content=self.content_put_out(), put_out_by=by)

    def last_put_out(self):
        """What the members were shown last, or None."""
        return self.circulations.order_by("-pk").first() if self.comments_until else None

    def put_out_unlike(self):
        """What the members were shown last, where the text says something else now; else None."""
        shown = self.last_put_out()
        return shown if shown and shown.text_hash != self.text_hash() else None

    def print_code(self) -> str:
        """What a page carries on paper, so that it is known which text was signed: version and beginning of the hash."""
        return f"{self.version}-{self.text_hash()[:6]}"

    def end_comments(self) -> None:
        """Ends the time for comments now, when all have spoken; that it was shortened stands below the text."""
        self.comments_until = self.comments_ended_at = timezone.now()
        self.save(update_fields=["comments_until", "comments_ended_at"])

    def hold(self) -> None:
        """Takes the row as it is stored, so that a writer who saves at the same moment waits; raises ValidationError where it is adopted."""
        type(self).objects.select_for_update(of=["self"]).get(pk=self.pk)
        self.refresh_from_db()
        if self.is_adopted:
            raise ValidationError(_("This text is adopted and locked."), code="locked")

    def _locked_at(self, version: int) -> None:
        """Takes the row and compares it with what was read."""
        type(self).objects.select_for_update(of=["self"]).get(pk=self.pk)
        self.refresh_from_db()
        if version != self.version:
            raise ValidationError(_("The minutes were changed after you had opened them. Read them again, then adopt them."), code="outdated")

    def _check_readiness(self) -> None:
        if self.missing() or self.open_comments() or self.is_open_for_comment:
            raise ValidationError(_("Still missing: %(what)s."), code="incomplete", params={"what": ", ".join(self.hindrances())})

    @transaction.atomic
    def adopt(self, by, version: int) -> None:
        """One of the two adopts the version that they have read; with the second one it is locked under its hash.

        Raises ValidationError where that version is not the stored one any more, something is missing, or it is not theirs to adopt.
        """
        self._locked_at(version)
        office = self.office_of(by)
        if office is None:
            raise ValidationError(_("It is not yours to adopt these minutes."), code="not_yours")
        self._check_readiness()
        setattr(self, f"{office}_adopted_by", by)
        setattr(self, f"{office}_adopted_at", timezone.now())
        if self.chair_adopted_by_id and self.secretary_adopted_by_id:
            self.state, self.content_hash = self.State.ADOPTED, self.seal()
        self.save()

    def may_confirm_paper(self, user) -> bool:
        """The Polmas officer, for a page that somebody else uploaded and that shows the text as it stands."""
        paper = self.signed_page()
        return not self.is_adopted and paper is not None and paper.added_by_id != user.pk and self.forum.is_served_by(user)

    def signed_page(self):
        """The newest photo of the signed page of the text as it stands, or None."""
        pages = [file for file in self.files_of_it() if file.kind == "SIGNED" and file.minutes_version == self.version]
        newest = max(pages, key=lambda file: file.pk, default=None)
        return newest if newest and newest.text_hash == self.text_hash() else None

    @transaction.atomic
    def adopt_by_paper(self, by, version: int) -> None:
        """The Polmas officer confirms that the uploaded page was signed by chair and secretary; raises ValidationError as `adopt`."""
        self._locked_at(version)
        if not self.may_confirm_paper(by):
            raise ValidationError(_("It is not yours to adopt these minutes."), code="not_yours")
        self._check_readiness()
        self.paper_confirmed_by, self.paper_confirmed_at = by, timezone.now()
        self.state, self.content_hash = self.State.ADOPTED, self.seal()
        self.save()

    def take_over_edit(self) -> None:
        """Counts one more save of the draft. Whoever had adopted it has not read this text: their adoption is gone, and with it the
        other one's task."""
        if self.is_half_adopted:
            Notification.objects.filter(kind=Notification.Kind.TO_ADOPT, path=self.page).delete()
        self.version += 1
        self.chair_adopted_by = self.chair_adopted_at = self.secretary_adopted_by = self.secretary_adopted_at = None
        self.save()
