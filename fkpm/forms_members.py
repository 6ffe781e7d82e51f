"""Forms of members: one member, and the board of the next term."""

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from fkpm import joining
from fkpm.forms import EARLIEST, FURTHEST, ChoicesByName, DayInput, OwnForm, text_of
from fkpm.models import Member
from polmas.people.forms import telephone
from polmas.people.models import User


class MemberForm(OwnForm):
    """A member and the office that they hold. An account is linked by its user name, by those who register the forum: nobody else knows accounts."""

    name = text_of(Member, "name")
    phone = text_of(Member, "phone", widget=forms.TextInput(attrs={"inputmode": "tel"}))
    email = text_of(Member, "email", widget=forms.EmailInput, help_text=_("Invitations to meetings go there as calendar entries."))
    account = forms.CharField(
        label=_("User name of the account"),
        required=False,
        max_length=150,
        show_hidden_initial=True,  # what the form was opened with: somebody may have joined by a code since
        help_text=_("Lets this person read the forum’s minutes. Leave empty without an account."),
    )

    class Meta:
        model = Member
        fields = ["name", "position", "section", "element", "phone", "email", "starts_on", "ends_on", "has_consented", "is_party_free"]
        widgets = {"position": ChoicesByName, "section": ChoicesByName, "element": ChoicesByName, "starts_on": DayInput, "ends_on": DayInput}

    def __init__(self, *args, user, **kwargs):
        super().__init__(*args, **kwargs)
        self.initial["account"] = self.instance.user and self.instance.user.username
        if not self.instance.forum.is_registered_by(user):
            del self.fields["account"]

    def clean_phone(self):
        if phone := self.cleaned_data["phone"].strip():
            telephone(phone)
        return phone

    def clean_starts_on(self):
        return self._possible(self.cleaned_data["starts_on"])

    def clean_ends_on(self):
        return self._possible(self.cleaned_data["ends_on"])

    def _possible(self, day):
        if day and not EARLIEST <= day <= self.instance.forum.unit.today() + FURTHEST * 5:
            raise ValidationError(_("This day cannot be right."))
        return day

    def clean_account(self):
        """Links or unlinks only where that was typed, and what stands there is still what was looked at."""
        name = self.cleaned_data["account"]
        if not self._says_account:
            return name
        if self.data.get(self.add_initial_prefix("account"), "") != (self.initial["account"] or ""):
            raise ValidationError(_("The account of this member was changed meanwhile. Open the form again."))
        account = User.objects.filter(username=name, is_active=True).first() if name else None
        if name and account is None:
            raise ValidationError(_("There is no account of that name."))
        if account and (reason := joining.kept_out(account)):
            raise ValidationError(reason)
        self.instance.user = account
        return name

    @property
    def _says_account(self) -> bool:
        return "account" in self.fields and "account" in self.changed_data

    def save(self, commit=True):
        """Stores what the form asks for; the account, which a code may link at the same moment, only where it was typed."""
        if not self.instance.pk:
            return super().save(commit)
        self.instance.save(update_fields=[*self.Meta.fields, *(["user"] if self._says_account else [])])
        return self.instance
