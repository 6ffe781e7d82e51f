"""What a forum shows to everybody, on a page without sign-in. All of it is off until the board switches it on."""

import pghistory
import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.text import slugify
from django.utils.translation import gettext_lazy as _

from fkpm.models.forums import Forum
from fkpm.models.meetings import AgendaItem
from polmas.people.forms import telephone

ADOPTED = """
IF NOT EXISTS (
    SELECT 1 FROM fkpm_agendaitem item JOIN fkpm_minutes minutes USING (meeting_id) JOIN fkpm_meeting meeting ON meeting.id = item.meeting_id
    WHERE item.id = NEW.item_id AND meeting.forum_id = NEW.forum_id AND minutes.state = 'ADOPTED'
) THEN
    RAISE EXCEPTION 'only adopted decisions of the forum are published' USING ERRCODE = 'check_violation';
END IF;
RETURN NEW;
"""
LONGEST_SLUG = 60


def new_slug(forum: Forum) -> str:
    """The name of the page in its address: the forum's own, with the village and a number where it is taken."""
    words = slugify(forum.name) or "fkpm"
    stem = words if slugify(forum.area.name) in words else f"{words}-{slugify(forum.area.name)}"
    stem = stem[: LONGEST_SLUG - 6].strip("-")
    taken = set(Publication.objects.filter(slug__startswith=stem).values_list("slug", flat=True))
    return next(slug for slug in (stem, *(f"{stem}-{number}" for number in range(2, len(taken) + 3))) if slug not in taken)


@pghistory.track(pghistory.UpdateEvent(row=pghistory.Old), pghistory.DeleteEvent())
class Publication(models.Model):
    """The public page of one forum: whether there is one, and what stands on it. The contact is what the board typed for it, never
    the number from anybody's account."""

    forum = models.OneToOneField(Forum, models.CASCADE, primary_key=True, related_name="publication", verbose_name="FKPM")
    slug = models.SlugField(_("address"), max_length=LONGEST_SLUG, unique=True, editable=False)
    is_public = models.BooleanField(_("The page is public"), default=False)
    shows_meetings = models.BooleanField(_("Dates of the next meetings"), default=False)
    shows_decisions = models.BooleanField(_("Decisions chosen one by one"), default=False)
    shows_contact = models.BooleanField(_("Contact of the Polmas officer"), default=False)
    shows_place = models.BooleanField(_("Address of the BKPM"), default=False)
    is_indexed = models.BooleanField(_("Search engines may list the page"), default=False)
    welcome = models.CharField(_("one sentence of welcome"), max_length=300, blank=True)
    contact_name = models.CharField(_("name of the officer on the page"), max_length=120, blank=True)
    contact_phone = models.CharField(
        _("phone on the page"), max_length=30, blank=True, validators=[telephone], help_text=_("A number of the office, not a private one.")
    )

    class Meta:
        verbose_name = _("public page")
        verbose_name_plural = _("public pages")
        constraints = [
            models.CheckConstraint(
                condition=Q(shows_contact=False) | (~Q(contact_name="") & ~Q(contact_phone="")),
                name="publication_contact_complete",
                violation_error_message=_("Write name and phone of the contact, or leave the contact out."),
            )
        ]

    def __str__(self):
        return self.slug

    @classmethod
    def of(cls, forum: Forum) -> "Publication":
        """The forum's page as it is set; a new one shows nothing and is not stored yet."""
        stored = cls.objects.filter(forum=forum).first()
        name = forum.officer.full_name if forum.officer else ""
        return stored or cls(forum=forum, slug=new_slug(forum), contact_name=name)


@pghistory.track(pghistory.UpdateEvent(row=pghistory.Old), pghistory.DeleteEvent())
class PublishedDecision(models.Model):
    """One adopted decision that chair or secretary put on the public page, in words without names."""

    forum = models.ForeignKey(Forum, models.CASCADE, related_name="published_decisions", verbose_name="FKPM")
    item = models.OneToOneField(AgendaItem, models.CASCADE, related_name="published", verbose_name=_("decision"))
    text = models.TextField(_("as the public reads it"), max_length=1000)
    decided_on = models.DateField(_("decided on"))
    published_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", editable=False)
    published_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name = _("published decision")
        verbose_name_plural = _("published decisions")
        ordering = ["-decided_on", "-pk"]
        triggers = [
            pgtrigger.Trigger(name="only_adopted", when=pgtrigger.Before, operation=pgtrigger.Insert | pgtrigger.Update, func=ADOPTED),
        ]

    def __str__(self):
        return self.text[:60]


# Who quarrels with whom is nobody's business: meetings to settle a dispute are never announced, nor is what they decided.
