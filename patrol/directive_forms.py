"""Forms of directives: what is asked of whom, and what was done about it."""

from django import forms
from django.core.exceptions import ValidationError
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from fkpm.forms import DayInput, TextField, text_of
from patrol import attachments
from patrol.models import Directive, DirectiveReceipt, Report
from patrol.models.directives import SENDS, people_below
from polmas.people.models import Role, Unit, User
from polmas.people.scope import in_subtrees

MOST_NAMES = 300  # more people than this are addressed by role
LATEST_REPORTS = 20


def sending_post(user):
    """The post from which a person sends: the one with the widest reach; None for those who send nothing."""
    posts = [post for post in user.postings_today if post.role in SENDS]
    return min(posts, key=lambda post: (len(post.unit.path), post.pk), default=None)


class FilesInput(forms.ClearableFileInput):
    allow_multiple_selected = True


class FilesField(forms.FileField):
    """Several attachments at once, each one checked."""

    def clean(self, data, initial=None):
        files = [file for file in data or [] if file]
        if len(files) > attachments.MOST:
            raise ValidationError(_("At most %(most)d files.") % {"most": attachments.MOST})
        return [attachments.checked(super(FilesField, self).clean(file, initial)) for file in files]


class DirectiveForm(forms.ModelForm):
    """An atensi or jukrah: to roles of a unit and all below it, or to persons by name."""

    title = text_of(Directive, "title")
    text = text_of(Directive, "text", widget=forms.Textarea(attrs={"rows": 6}))
    kind = forms.ChoiceField(label=capfirst(_("kind")), choices=Directive.Kind.choices, widget=forms.RadioSelect, initial=Directive.Kind.ATENSI)
    attachments = FilesField(label=_("Attachments"), required=False, widget=FilesInput(attrs={"accept": "application/pdf,image/*"}))

    class Meta:
        model = Directive
        fields = ["kind", "title", "text", "due_on", "unit", "roles"]
        widgets = {"due_on": DayInput()}

    def __init__(self, *args, user, post, **kwargs):
        super().__init__(*args, **kwargs)
        self.post = post
        self.instance.sender, self.instance.sender_role, self.instance.sender_unit = user, post.role, post.unit
        below = Unit.objects.filter(in_subtrees("path", [post.unit.path]), is_active=True)
        self.fields["unit"] = forms.ModelChoiceField(below, label=_("To the unit and all below"), to_field_name="code", empty_label=None)
        self.initial.setdefault("unit", post.unit.code)
        roles = [(role.value, role.label) for role in Role if role in SENDS[post.role]]
        self.fields["roles"] = forms.MultipleChoiceField(label=_("To"), choices=roles, required=False, widget=forms.CheckboxSelectMultiple)
        self.fields["roles"].is_needed = True  # type: ignore[attr-defined]  # unless persons are named: nothing to call optional
        people = people_below(post.unit, SENDS[post.role]).exclude(pk=user.pk).order_by("name", "pk")
        names = people if people[: MOST_NAMES + 1].count() <= MOST_NAMES else User.objects.none()
        self.fields["people"] = forms.ModelMultipleChoiceField(
            names, label=_("Only to these persons"), required=False, widget=forms.CheckboxSelectMultiple
        )
        self.fields["attachments"].help_text = _("PDF or photos, at most 5 files of 10 MB each.")

    def clean_due_on(self):
        day = self.cleaned_data["due_on"]
        if day and day < self.post.unit.today():
            raise ValidationError(_("This day is over."))
        return day

    def clean(self):
        super().clean()
        data = self.cleaned_data
        if self.errors.keys() & {"roles", "people", "unit"}:
            return data
        if bool(data.get("roles")) == bool(data.get("people")):
            self.add_error("roles", _("Choose roles, or single persons: one of the two."))
        elif data.get("roles") and not self.recipients().exists():
            self.add_error("roles", _("Nobody serves there in these roles today."))
        return data

    def recipients(self):
        """Who is asked today."""
        data = self.cleaned_data
        chosen = data["people"] if data.get("people") else people_below(data["unit"], data["roles"])
        return chosen.exclude(pk=self.instance.sender_id)

    def send(self) -> int:
        """Sends it with its files; returns to how many."""
        return self.save(commit=False).send(self.recipients(), self.cleaned_data["attachments"])


class FollowUpForm(forms.Form):
    """What was done, and the own report that shows it."""

    text = TextField(
        label=capfirst(DirectiveReceipt._meta.get_field("follow_up").verbose_name), max_length=2000, widget=forms.Textarea(attrs={"rows": 3})
    )

    def __init__(self, *args, user, **kwargs):
        super().__init__(*args, **kwargs)
        latest = Report.objects.filter(officer=user).select_related("area").order_by("-occurred_at", "-pk")[:LATEST_REPORTS]
        self.reports = {str(report.uuid): report for report in latest} if user.scope.is_officer else {}
        choices = [("", _("without a report")), *((key, describe(report)) for key, report in self.reports.items())]
        self.fields["report"] = forms.ChoiceField(label=_("Own report that shows it"), choices=choices, required=False)

    def clean_report(self):
        return self.reports.get(self.cleaned_data["report"])


def describe(report) -> str:
    return f"{report} · {report.area.name}"
