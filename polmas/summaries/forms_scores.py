"""Forms of weights, awards, notes on the service and coaching sessions."""

import datetime

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import MaxLengthValidator
from django.db.models import Exists, OuterRef
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from fkpm.models import Forum
from polmas.people.models import Posting, Unit, User
from polmas.people.months import Month
from polmas.people.periods import months_back
from polmas.people.scope import OFFICERS, in_subtrees
from polmas.summaries.forms_manage import MANY_UNITS, PLEASE_CHOOSE, DayInput, UnitChoice
from polmas.summaries.forms_targets import settable_units
from polmas.summaries.models import Award, AwardCategory, CoachingSession, ScorePart, ServiceNote
from polmas.summaries.models.awards import OF_FORUMS, OF_OFFICERS, PROPOSERS, last_month
from polmas.summaries.models.scores import PARTS, WHOLE

MONTHS_AHEAD = 6
MONTHS_BACK = 6
REASON = 1000
ON_CHARTER = 600  # characters of a reason that find room on the charter


def months_to_choose(first: datetime.date, number: int) -> list[tuple[str, str]]:
    month, found = Month.of(first), []
    for _number in range(number):
        found.append((month.first.isoformat(), date_format(month.first, "F Y")))
        month = month.next
    return found


class WeightsForm(forms.Form):
    """The five weights from a month on. Those that hold already are changed; then the unit is settled."""

    def __init__(self, *args, user, weights=None, **kwargs):
        super().__init__(*args, **kwargs)
        self.weights = weights
        if weights is None and not user.scope.is_admin:
            self.fields["unit"] = UnitChoice(settable_units(user))
            self.fields["unit"].help_text = _("Holds for the officers of this unit and of those below that set none of their own.")
        now = weights.by_part if weights else {}
        for part in ScorePart:
            self.fields[part.value] = forms.IntegerField(
                label=capfirst(part.label),
                min_value=0,
                max_value=WHOLE,
                initial=now.get(part.value),
                widget=forms.NumberInput(attrs={"inputmode": "numeric"}),
            )
        running = timezone.localdate().replace(day=1)
        first = max(running, weights.starts_on) if weights else running
        self.fields["starts_on"] = forms.TypedChoiceField(
            label=capfirst(_("from the month")), choices=months_to_choose(first, MONTHS_AHEAD), coerce=datetime.date.fromisoformat
        )

    def clean(self):
        given = [self.cleaned_data[part] for part in PARTS if part in self.cleaned_data]
        if len(given) == len(PARTS) and sum(given) != WHOLE:
            raise ValidationError(_("The weights add up to 100; these make %(sum)s."), params={"sum": sum(given)})
        day = self.cleaned_data.get("starts_on")
        if self.weights and self.weights.ends_on and day and day > self.weights.ends_on:
            raise ValidationError({"starts_on": _("These weights have ended by that month. Set new ones.")})

    @property
    def by_part(self) -> dict[str, int]:
        return {part: self.cleaned_data[part] for part in PARTS}

    def part_fields(self):
        return [self[part] for part in PARTS]


def officers_of(paths, day: datetime.date | None = None):
    """Officers who serve in these subtrees, by name; on a day, else today."""
    serving = Posting.objects.on(day or timezone.localdate()).officers().filter(in_subtrees("unit__path", paths), user=OuterRef("pk"))
    return User.objects.filter(Exists(serving), is_active=True).order_by("name", "pk")


class OfficerChoice(forms.ModelChoiceField):
    """One of these officers: from a list, or where there are many, by NRP."""

    def __init__(self, officers, **kwargs):
        super().__init__(officers, label=_("Officer"), to_field_name="username", empty_label=PLEASE_CHOOSE, **kwargs)
        if officers[: MANY_UNITS + 1].count() > MANY_UNITS:
            self.widget = forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"})
            self.help_text = _("The officer's NRP.")

    def to_python(self, value):
        if isinstance(value, str) and "\0" in value:
            raise ValidationError(self.error_messages["invalid_choice"], code="invalid_choice")
        return super().to_python(value)


class AwardForm(forms.ModelForm):
    """A proposal: for which month, who, and what for. The category is settled before, and with it who may be honoured."""

    class Meta:
        model = Award
        fields = ["unit", "month", "officer", "forum", "name", "reason"]
        widgets = {"reason": forms.Textarea(attrs={"rows": 5})}

    def __init__(self, *args, user, unit: Unit, category: str, **kwargs):
        super().__init__(*args, **kwargs)
        self.instance.category, self.instance.unit, self.unit = category, unit, unit
        del self.fields["unit"]
        newest = last_month(unit)
        oldest = months_back(newest, MONTHS_BACK - 1)
        choices = months_to_choose(oldest, MONTHS_BACK)[::-1]
        self.fields["month"] = forms.TypedChoiceField(label=capfirst(_("month")), choices=choices, coerce=datetime.date.fromisoformat)
        for name in {"officer", "forum", "name"} - {self.recipient_field}:
            del self.fields[name]
        if self.recipient_field == "officer":
            self.fields["officer"] = OfficerChoice(officers_of([unit.path]).exclude(pk=user.pk))
        elif self.recipient_field == "forum":
            forums = Forum.objects.filter(unit__path__startswith=unit.path).exclude(status=Forum.Status.BUBAR).order_by("name")
            self.fields["forum"] = forms.ModelChoiceField(forums, label="FKPM", to_field_name="uuid", empty_label=PLEASE_CHOOSE)
        else:
            self.fields["name"].required = True
            self.fields["name"].help_text = _("As it shall stand on the charter: the post, the person, the group.")
        self.fields["reason"].validators.append(MaxLengthValidator(ON_CHARTER))
        self.fields["reason"].widget.attrs["maxlength"] = ON_CHARTER
        self.fields["reason"].help_text = _("What was done and what came of it. It is printed on the charter; no names of residents.")

    @property
    def recipient_field(self) -> str:
        return "officer" if self.instance.category in OF_OFFICERS else "forum" if self.instance.category in OF_FORUMS else "name"

    def recipient(self):
        return self[self.recipient_field]

    def clean_reason(self):
        return _some_words(self.cleaned_data["reason"])

    def clean(self):
        super().clean()
        officer, forum, month = (self.cleaned_data.get(name) for name in ("officer", "forum", "month"))
        self.instance.recipient_unit = _unit_of(officer, self.unit) if officer else forum.unit if forum else self.unit
        if month and Award.objects.filter(unit=self.unit, month=month, category=self.instance.category, state=Award.State.DECIDED).exists():
            raise ValidationError(_("This award of the month is already decided."))

    def _get_validation_exclusions(self):
        # Who is honoured, by category: the constraints over these count although two of them are no fields of the form.
        return super()._get_validation_exclusions() - ({"unit", "category", "officer", "forum", "name"} - self.errors.keys())  # type: ignore[misc]


def _unit_of(officer, within: Unit) -> Unit:
    posts = [post for post in officer.postings_today if post.role in OFFICERS and post.unit.path.startswith(within.path)]
    return posts[0].unit if posts else within


def _some_words(text: str) -> str:
    if not text.strip():
        raise ValidationError(_("Write a few words."))
    return text


def units_to_honour_in(user):
    """Units in whose name one proposes awards: the very ones in which one serves, not those below."""
    return Unit.objects.filter(path__in=user.scope.paths_as(PROPOSERS)).order_by("path")


def categories_of(unit: Unit) -> list[tuple[str, str]]:
    return [(category.value, str(capfirst(category.label))) for category in AwardCategory]


class DecisionForm(forms.Form):
    """Yes with a word if one likes, or no with a reason."""

    note = forms.CharField(label=_("Reason of the decision"), max_length=REASON, required=False, widget=forms.Textarea(attrs={"rows": 3}))
    decision = forms.ChoiceField(choices=[("ya", "ya"), ("tidak", "tidak")], widget=forms.HiddenInput)


class ServiceForm(forms.ModelForm):
    """What notes and sessions share: which officer of one's own, by NRP."""

    by_field: str

    def __init__(self, *args, user, **kwargs):
        super().__init__(*args, **kwargs)
        self.user = user
        setattr(self.instance, self.by_field, user)
        if "officer" in self.fields:
            self.fields["officer"] = OfficerChoice(officers_of(user.scope.command_paths).exclude(pk=user.pk))

    def clean_officer(self):
        officer = self.cleaned_data["officer"]
        paths = self.user.scope.command_paths
        posts = [post for post in officer.postings_today if post.role in OFFICERS]
        post = next((post for post in posts if any(post.unit.path.startswith(path) for path in paths)), None)
        if post is None:  # over there it is another day already
            raise ValidationError(self.fields["officer"].error_messages["invalid_choice"], code="invalid_choice")
        self.instance.unit = post.unit
        return officer


class NoteForm(ServiceForm):
    """A note or reprimand: to whom, of which kind, and why."""

    by_field = "written_by"

    class Meta:
        model = ServiceNote
        fields = ["officer", "kind", "given_on", "text", "expected", "expected_by"]
        widgets = {
            "given_on": DayInput(),
            "expected_by": DayInput(),
            "text": forms.Textarea(attrs={"rows": 5}),
            "expected": forms.Textarea(attrs={"rows": 3}),
        }

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.initial.setdefault("given_on", timezone.localdate())
        self.initial["given_on"] = self.initial["given_on"] or timezone.localdate()
        self.fields["text"].help_text = _("The officer and the superiors in line read it, nobody else. No names of residents.")

    def clean_text(self):
        return _some_words(self.cleaned_data["text"])


class TextForm(forms.Form):
    """A few words: an answer, or a reason."""

    text = forms.CharField(label=_("Your words"), max_length=3000, widget=forms.Textarea(attrs={"rows": 4}))


class ReasonForm(forms.Form):
    reason = forms.CharField(label=_("Reason"), max_length=300)


class SessionForm(ServiceForm):
    """A session that is planned, or was held without a plan."""

    by_field = "coach"

    class Meta:
        model = CoachingSession
        fields = ["officer", "starts_at", "topic"]
        widgets = {"starts_at": forms.DateTimeInput(format="%Y-%m-%dT%H:%M", attrs={"type": "datetime-local"})}

    def clean_topic(self):
        return _some_words(self.cleaned_data["topic"])

    def clean_starts_at(self):
        """As the clock hangs where the officer serves; not in another age."""
        moment = self.cleaned_data["starts_at"]
        if abs(moment - timezone.now()) > datetime.timedelta(days=366):
            raise ValidationError(_("At most a year away."))
        return moment


class HeldForm(forms.Form):
    """What a session came to."""

    notes = forms.CharField(label=_("What was talked about"), max_length=3000, widget=forms.Textarea(attrs={"rows": 5}))
    plan = forms.CharField(label=_("What is to follow"), max_length=2000, required=False, widget=forms.Textarea(attrs={"rows": 3}))
    follow_up_on = forms.DateField(label=_("Look again on"), required=False, widget=DayInput(), help_text=_("You are reminded that day."))
