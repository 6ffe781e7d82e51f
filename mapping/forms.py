"""Forms of absences: who is away, from when to when, and who stands in."""

import datetime

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import ProhibitNullCharactersValidator
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from mapping import substitution
from polmas.people.models import Absence, AbsenceKind, Code, Posting, User
from polmas.people.models.absences import KEEPERS
from polmas.people.scope import OFFICERS, in_subtrees

# A list of more people than this is no list to choose from: the number is typed instead.
MANY_PEOPLE = 200
# Nobody records an absence of before the Bhabinkamtibmas existed, nor one that lasts longer than the longest training.
EARLIEST, LONGEST = datetime.date(2005, 1, 1), datetime.timedelta(days=731)
PLEASE_CHOOSE = _("– choose –")


class DayInput(forms.DateInput):
    input_type = "date"

    def __init__(self):
        super().__init__(format="%Y-%m-%d")


def with_own(choices, code_list, value):
    """Choices, grouped or not, of a code list of today; what it no longer offers stays to be chosen on the row that carries it."""
    known = {code for code, part in choices} | {code for _group, part in choices if isinstance(part, list) for code, _words in part}
    if not value or value in known:
        return choices
    codes = Code.objects.of(code_list).filter(code=value)
    return [*choices, (value, next((code.label for code in codes), value))]


def people_kept_by(user):
    """People with a post, now or to come, in the units whose calendar the user keeps."""
    posts = Posting.objects.filter(in_subtrees("unit__path", user.scope.paths_as(KEEPERS))).exclude(ends_on__lt=timezone.localdate())
    return User.objects.filter(is_active=True, pk__in=posts.values("user")).order_by("name")


class PersonChoice(forms.ModelChoiceField):
    """One of the people of the own units: from a list, or where there are many, by the NRP."""

    def __init__(self, people, label, required=True, empty_label=PLEASE_CHOOSE):
        super().__init__(people, label=label, required=required, to_field_name="username", empty_label=empty_label)
        if people[: MANY_PEOPLE + 1].count() > MANY_PEOPLE:
            self.widget = forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"})
            self.help_text = _("The person's NRP.")

    def prepare_value(self, value):
        return value.username if isinstance(value, User) else super().prepare_value(value)

    def label_from_instance(self, person):
        return f"{person.full_name} – {person.username}"


class AbsenceForm(forms.ModelForm):
    """One absence, by who keeps the calendar of the unit. Of a recorded one the person stays."""

    class Meta:
        model = Absence
        fields = ["user", "kind", "starts_on", "ends_on", "substitute", "note"]
        widgets = {"starts_on": DayInput(), "ends_on": DayInput()}

    def __init__(self, *args, keeper, **kwargs):
        super().__init__(*args, **kwargs)
        self.keeper = keeper
        people = people_kept_by(keeper)
        kinds = [("", PLEASE_CHOOSE), *((kind.value, capfirst(str(kind.label))) for kind in AbsenceKind)]
        self.fields["kind"] = forms.ChoiceField(label=capfirst(_("kind")), choices=kinds)
        if self.instance.pk:
            del self.fields["user"]
        else:
            self.fields["user"] = PersonChoice(people, capfirst(_("person")))
            self.order_fields(self.Meta.fields)
        self.fields["substitute"] = PersonChoice(people, capfirst(_("substitute")), required=False, empty_label=_("– nobody –"))
        self.fields["substitute"].help_text = _("Holds the villages of the absent officer on these days, and sees what is recorded there.")
        self.initial["substitute"] = self.instance.substitute  # the choice goes by user name, and the model's own initial by id
        self.fields["note"].validators.append(ProhibitNullCharactersValidator())
        self.order_fields(self.Meta.fields)

    def _get_validation_exclusions(self):
        return super()._get_validation_exclusions() - {"user"}  # type: ignore[misc]  # Django has it, its stubs do not

    def clean(self):
        super().clean()
        person = self.cleaned_data.get("user") or (self.instance.user if self.instance.pk else None)
        first, last = self.cleaned_data.get("starts_on"), self.cleaned_data.get("ends_on")
        if first and first < EARLIEST:
            self.add_error("starts_on", _("This day lies too far back."))
        elif first and last and last - first > LONGEST:
            self.add_error("ends_on", _("An absence lasts two years at most."))
        elif person and first and last and first <= last:
            self._clean_people(person, first, last)

    def _clean_people(self, person, first, last):
        if self.instance.pk is None:
            post = self._posts(person, first, last).filter(in_subtrees("unit__path", self.keeper.scope.paths_as(KEEPERS))).first()
            if post is None:
                raise ValidationError({"user": _("On these days this person has no post in your unit.")})
            self.instance.unit = post.unit
        if substitute := self.cleaned_data.get("substitute"):
            self._clean_substitute(person, substitute, first, last)

    def _clean_substitute(self, person, substitute, first, last):
        posts = self._posts(substitute, first, last).filter(unit__in=self._posts(person, first, last).values("unit"))
        if self._posts(person, first, last).filter(role__in=OFFICERS).exists():
            posts = posts.filter(role__in=OFFICERS)
        if not posts.exists():
            self.add_error("substitute", _("Choose a colleague who serves at the same unit, in the same kind of post."))
        elif Absence.objects.filter(user=substitute).between(first, last).exists():
            self.add_error("substitute", _("%(person)s is away in that time too.") % {"person": substitute})

    @staticmethod
    def _posts(person, first, last):
        return Posting.objects.filter(user=person, starts_on__lte=last).exclude(ends_on__lt=first).select_related("unit").order_by("-starts_on", "pk")

    def stored(self):
        """Saves, with the villages of the substitute; None where somebody was faster and the database refused."""
        try:
            with transaction.atomic():
                return substitution.keep(self.save(commit=False))
        except IntegrityError:
            self.add_error(None, _("In that time another absence of this person is recorded already."))
            return None
