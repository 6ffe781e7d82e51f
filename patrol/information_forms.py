"""Forms of the acts upon an LI: registration, return, value, disposition, handler, and the reason for which a source is opened."""

from django import forms
from django.utils import timezone
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from fkpm.forms import TextField, area_of, text_of
from patrol.drafts import digest_of
from patrol.models import Field, Information, InformationSource, OpinionUrgency
from patrol.models.informations import METHODS, Classification, ContentValue, Disposition, SourceOpening, SourceValue, units_above, with_code
from polmas.people.models import Code, Unit, UnitKind, User
from polmas.people.models.units import POLRES_KINDS


def units_for_copies(information):
    """To which units a copy may go: the Polres above with its Polsek, and the Polda."""
    above = units_above(information.unit)
    polres = next((unit for unit in above if unit.is_polres), information.unit)
    near = Unit.objects.below(polres).filter(kind__in=[UnitKind.POLSEK, *POLRES_KINDS])
    return (near | above.filter(kind=UnitKind.POLDA)).order_by("path")


class ActForm(forms.Form):
    """One act upon one LI. Ids carry the act's name: several of these stand on one page."""

    def __init__(self, data=None, *, information: Information, name: str):
        super().__init__(data, auto_id=f"{name}_%s")
        self.information = information


class VersionForm(ActForm):
    """A decision on the version that was read."""

    version = forms.IntegerField(min_value=1, max_value=32000, widget=forms.HiddenInput)

    def __init__(self, data=None, *, information, name):
        super().__init__(data, information=information, name=name)
        self.fields["version"].initial = information.version


class CopiesForm(ActForm):
    """Classification and distribution, which Kanit Binmas and Intelkam set."""

    classification = forms.ChoiceField(label=_("Classification"), choices=Classification.choices, widget=forms.RadioSelect)
    distribution = forms.ModelMultipleChoiceField(
        label=_("Distribution"),
        queryset=Unit.objects.none(),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("To whom a copy goes on paper. It opens nothing in polmas."),
    )

    def __init__(self, data=None, *, information, name):
        super().__init__(data, information=information, name=name)
        self.fields["distribution"].queryset = units_for_copies(information)  # type: ignore[attr-defined]
        self.fields["distribution"].initial = [copy.unit_id for copy in information.copies.all()]
        self.fields["classification"].initial = information.classification


class RegisterForm(VersionForm, CopiesForm):
    field_order = ("classification", "distribution", "version")


class ReturnForm(VersionForm):
    note = text_of(Information, "return_note", required=True, widget=area_of(3), label=_("What is missing?"))


class RateForm(CopiesForm):
    """The value: letter and digit, each with its words."""

    field_order = ("source_value", "content_value", "classification", "distribution")

    source_value = forms.ChoiceField(label=_("Value of the source"))
    content_value = forms.ChoiceField(label=_("Value of the content"))

    def __init__(self, data=None, *, information, name):
        super().__init__(data, information=information, name=name)
        for name, values in (("source_value", SourceValue), ("content_value", ContentValue)):
            self.fields[name].choices = with_code(values)  # type: ignore[attr-defined]
            self.fields[name].initial = getattr(information, name)


class DispositionForm(ActForm):
    text = text_of(Disposition, "text", widget=area_of(3), help_text=_("Who does what until when."))


def chips(choices):
    """Choices as chips show them, in the language of the moment."""
    return lambda: [(value, capfirst(label)) for value, label in choices.choices]


class RaiseForm(forms.ModelForm):
    """What Kanit Binmas writes of an LI that he raises from a colleague's report. The source stays with the officer: a code name is enough."""

    key = forms.UUIDField(widget=forms.HiddenInput)
    field = forms.ChoiceField(label=_("Field"), choices=chips(Field), widget=forms.RadioSelect)
    subject = text_of(Information, "subject", label=_("Subject, one line"), help_text=_("One matter only. A second matter is a second LI."))
    method = forms.ChoiceField(label=_("How obtained"), widget=forms.RadioSelect)
    source_alias = text_of(Information, "source_alias", label=_("Code name of the source"))
    facts = text_of(Information, "facts", widget=area_of(6), label=_("What was seen, heard or read"))
    analysis = text_of(Information, "analysis", widget=area_of(3))
    prediction = text_of(Information, "prediction", widget=area_of(3))
    recommendation = text_of(Information, "recommendation", widget=area_of(3))
    urgency = forms.ChoiceField(label=_("Urgency"), choices=chips(OpinionUrgency), required=False, widget=forms.RadioSelect)

    class Meta:
        model = Information
        fields = ["field", "subject", "method", "source_alias", "facts", "analysis", "prediction", "recommendation", "urgency"]

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        codes = Code.objects.of(METHODS, timezone.localdate())
        self.fields["method"].choices = [(code.code, code.label) for code in codes]  # type: ignore[attr-defined]

    @property
    def told(self) -> dict:
        """What was written, by the columns of an LI."""
        return {name: self.cleaned_data[name] for name in self._meta.fields or ()}

    @property
    def digest(self) -> str:
        return digest_of(self.told)


class HandlerForm(ActForm):
    handler = forms.ModelChoiceField(label=_("Handler"), queryset=User.objects.none(), empty_label=_("Choose who handles the source"))

    def __init__(self, data=None, *, information, name):
        super().__init__(data, information=information, name=name)
        source: InformationSource = information.source
        self.fields["handler"].queryset = source.may_be_handled_by().order_by("name")  # type: ignore[attr-defined]
        self.fields["handler"].initial = source.handler_id


class OpeningForm(ActForm):
    reason = TextField(
        label=_("Why do you open the source?"),
        max_length=SourceOpening._meta.get_field("reason").max_length,
        help_text=_("Stays on record with your name and the time; author and handler read it."),
    )
