"""Forms of sign-in and of the own account."""

from django import forms
from django.contrib.auth.forms import AuthenticationForm
from django.utils.translation import gettext_lazy as _

from polmas.people.models import User
from polmas.people.models.users import LANGUAGES


class SignInForm(AuthenticationForm):
    """NRP (or the name of a forum's member) and password."""

    error_messages = {
        "invalid_login": _("User name and password do not match. Passwords distinguish capitals from small letters."),
        "inactive": _("This account is closed. Ask the operator of your unit."),
    }

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["username"].label = _("NRP or user name")
        self.fields["username"].widget.attrs.update({"autocapitalize": "none", "autocomplete": "username", "spellcheck": "false"})
        self.fields["password"].widget.attrs["autocomplete"] = "current-password"


class ProfileForm(forms.ModelForm):
    """What people change of themselves; name, rank and posts come from the unit's operator."""

    class Meta:
        model = User
        fields = ["phone", "language"]

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["language"] = forms.ChoiceField(label=_("Language"), choices=[("", _("As the phone's browser")), *LANGUAGES], required=False)
        self.fields["phone"].widget.attrs.update({"inputmode": "tel", "autocomplete": "tel"})
