"""Forms of invitations: the code from a slip, and the smallest profile that makes an account."""

from django import forms
from django.contrib.auth import password_validation
from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator
from django.utils.translation import gettext_lazy as _

from fkpm.forms import text_of
from fkpm.joining import LANGUAGE
from polmas.people.forms import telephone
from polmas.people.models import User

# With a letter in it: a number alone is the NRP or NIP of police.
USER_NAME = RegexValidator(
    r"^(?=.*[a-z])[a-z0-9][a-z0-9._-]{2,29}\Z", _("3 to 30 letters and digits, with dots or hyphens between, and one letter at least.")
)


# A code with all that somebody may put between its letters.
LONGEST_CODE = 40


class CodeForm(forms.Form):
    code = forms.CharField(
        label=_("Code on the slip"),
        max_length=LONGEST_CODE,
        widget=forms.TextInput(attrs={"autocapitalize": "none", "autocomplete": "off", "spellcheck": "false", "placeholder": "abcd-efgh-jkmn"}),
    )


class JoiningForm(forms.ModelForm):
    """User name and password that the person chooses; name and, if they like, phone."""

    name = text_of(User, "name", widget=forms.TextInput(attrs={"autocomplete": "name"}))
    username = forms.CharField(
        label=_("User name"),
        max_length=30,
        help_text=_("You sign in with it: small letters and digits, for example sri.wahyuni"),
        widget=forms.TextInput(attrs={"autocapitalize": "none", "autocomplete": "username", "spellcheck": "false"}),
    )
    phone = text_of(User, "phone", widget=forms.TextInput(attrs={"inputmode": "tel", "autocomplete": "tel"}))
    password = forms.CharField(
        label=_("Password"),
        max_length=128,
        strip=False,
        help_text=_("At least 10 characters; a short sentence is good."),
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )

    class Meta:
        model = User
        fields = ["name", "username", "phone"]

    field_order = ["name", "username", "password", "phone"]

    def clean_username(self):
        name = self.cleaned_data["username"].strip().lower()
        USER_NAME(name)
        if User.objects.filter(username__iexact=name).exists():
            raise ValidationError(_("This user name is taken."))
        return name

    def clean_phone(self):
        if phone := self.cleaned_data["phone"].strip():
            telephone(phone)
        return phone

    def _post_clean(self):
        super()._post_clean()  # type: ignore[misc]  # Django has it, its stubs do not
        if password := self.cleaned_data.get("password"):
            try:
                password_validation.validate_password(password, self.instance)
            except ValidationError as error:
                self.add_error("password", error)

    def person(self) -> User:
        """The account, not stored yet."""
        self.instance.set_password(self.cleaned_data["password"])
        self.instance.language = LANGUAGE
        return self.instance
