"""Forms of the acts upon an LI: registration, return, value, disposition, handler, and the reason for which a source is opened."""

from django import forms
from django.utils.translation import gettext_lazy as _

from fkpm.forms import TextField, area_of, text_of
from patrol.models import Information, InformationSource
from patrol.models.informations import Classification, ContentValue, Disposition, SourceOpening, SourceValue, units_above, with_code
from polmas.people.models import Unit, UnitKind, User
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
