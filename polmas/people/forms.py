"""Forms of sign-in and of the own account."""

from django import forms
from django.contrib.auth.forms import AuthenticationForm, PasswordChangeForm
from django.core.validators import RegexValidator
from django.utils.translation import gettext_lazy as _

from polmas.people.models import User
from polmas.people.models.users import LANGUAGES

telephone = RegexValidator(r"^\+?[0-9][0-9 -]{4,}\Z", _("Write a phone number: digits, with spaces or hyphens, and + in front if need be."))


class SignInForm(AuthenticationForm):
    """NRP (or the name of a forum's member) and password. The browser itself fills in which phones it has been before."""

    remember = forms.BooleanField(label=_("Remember this phone"), required=False)
    device = forms.CharField(widget=forms.HiddenInput, max_length=400, required=False)

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
        self.fields["phone"].validators.append(telephone)


class PasswordForm(PasswordChangeForm):
    """A new password, asked for in the words of the other pages."""

    error_messages = {
        "password_mismatch": _("The two new passwords differ."),
        "password_incorrect": _("The old password is wrong. Type it once more."),
    }

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["old_password"].label = _("Your old password")
        self.fields["new_password1"].label = _("Your new password")
        self.fields["new_password1"].help_text = _("At least 10 characters, not only digits, not your name or NRP, and none that everybody uses.")
        self.fields["new_password2"].label = _("Your new password once more")
        self.fields["new_password2"].help_text = ""

    def clean(self):
        cleaned = super().clean() or self.cleaned_data
        if cleaned.get("new_password1") and cleaned["new_password1"] == cleaned.get("old_password"):
            self.add_error("new_password1", _("This is the old one. Choose another."))
        return cleaned

    def save(self, commit=True):
        self.user.must_change_password = False
        return super().save(commit)
