"""Forms of the public page: its switches, and one decision as the public will read it."""

from django import forms
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from fkpm.forms import OwnForm, TextField, area_of, text_of
from fkpm.models import Publication

SWITCHES = ("is_public", "shows_meetings", "shows_decisions", "shows_contact", "shows_place", "is_indexed")


class PublicationForm(OwnForm):
    welcome = text_of(Publication, "welcome", widget=area_of(2))
    contact_name = text_of(Publication, "contact_name")

    class Meta:
        model = Publication
        fields = [*SWITCHES, "welcome", "contact_name", "contact_phone"]
        widgets = {"contact_phone": forms.TextInput(attrs={"inputmode": "tel"})}

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["contact_phone"].label = capfirst(self.fields["contact_phone"].label)

    @property
    def switches(self):
        return [self[name] for name in SWITCHES]


class DecisionForm(forms.Form):
    text = TextField(label=_("As the public reads it"), max_length=1000, widget=area_of(4))
    confirmed = forms.BooleanField(label=_("I have looked: no word of it names a person."), required=False)
