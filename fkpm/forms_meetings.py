"""Forms round a meeting: cancelling it, comments, files, signatures, addenda, the search over minutes, evidence."""

import base64
import binascii
from operator import itemgetter
from typing import Any
from uuid import UUID

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Q
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from fkpm.forms import ActionForm, ChoicesByName, TextField, area_of, text_of
from fkpm.models import Addendum, Comment, Meeting, MeetingFile
from polmas.people.choices import MOST_FOUND, few
from polmas.people.uploads import Cleaned, PaperField, cleaned

MOST_DAYS = 30
# A drawn signature has some ten kilobytes.
LONGEST_SIGNATURE = 300_000
PNG = "data:image/png;base64,"


def choices_of(choices, empty=None):
    named = [(value, capfirst(label)) for value, label in choices]
    return named if empty is None else [("", empty), *named]


class CancelForm(forms.Form):
    reason = text_of(Meeting, "cancel_reason", required=True, label=_("Why it does not take place"))


class CirculateForm(forms.Form):
    """For how many days the members may comment."""

    days = forms.IntegerField(label=_("Days for comments"), min_value=1, max_value=MOST_DAYS, help_text=_("Whoever says nothing until then agrees."))


class CommentForm(forms.Form):
    text = text_of(Comment, "text", label=_("Your comment"), widget=area_of(3))


class AnswerForm(forms.Form):
    """What became of a comment."""

    answer = text_of(Comment, "answer", widget=area_of(2))
    is_taken_over = forms.BooleanField(label=_("Taken over into the text"), required=False)

    def clean(self):
        data = super().clean() or {}
        if not data.get("is_taken_over") and not data.get("answer", "").strip():
            raise ValidationError(_("Write an answer, or say that the comment was taken over."))
        return data


class CodeField(forms.CharField):
    """What stands on a page that was printed to be signed: the version and the beginning of the hash, typed from paper."""

    def __init__(self, **more):
        told: dict[str, Any] = {
            "label": _("Code on the signed page"),
            "help_text": _("Printed below the place for the signatures, like 3-8f3a2c."),
            "max_length": 30,
        }
        super().__init__(**told | more)

    def to_python(self, value):
        return "".join((super().to_python(value) or "").lower().split())


class FileForm(forms.Form):
    """A photo or paper of the meeting."""

    KINDS = [(value, capfirst(label)) for value, label in MeetingFile.Kind.choices]

    kind = forms.ChoiceField(label=_("What it is"), choices=KINDS, widget=ChoicesByName)
    file = PaperField(label=_("File"))
    code = CodeField(required=False)

    def __init__(self, *args, may_upload_signed, **kwargs):
        super().__init__(*args, **kwargs)
        if not may_upload_signed:
            self.fields["kind"].choices = [pair for pair in self.KINDS if pair[0] != "SIGNED"]  # type: ignore[attr-defined]
            del self.fields["code"]

    def clean(self):
        data = super().clean() or {}
        if data.get("kind") == "SIGNED" and not data.get("code") and "code" not in self.errors:
            self.add_error("code", _("Type the code that is printed on the signed page: it says which text was signed."))
        return data


class SignedPageForm(forms.Form):
    file = PaperField(label=_("Photo of the signed page"))
    code = CodeField()


class SignatureForm(forms.Form):
    """One person on the list: there, and signed or not."""

    ACTS = ("present", "sign", "unsign")

    person = forms.RegexField(r"^(member|row)-[0-9]{1,18}$")
    act = forms.ChoiceField(choices=[(act, act) for act in ACTS])
    drawing = TextField(required=False, max_length=LONGEST_SIGNATURE)

    def clean_drawing(self) -> Cleaned | None:
        text = self.cleaned_data["drawing"]
        if not text:
            return None
        if not text.startswith(PNG):
            raise ValidationError(_("The signature cannot be read. Please draw it again."))
        try:
            data = base64.b64decode(text[len(PNG) :], validate=True)
        except (binascii.Error, ValueError) as error:
            raise ValidationError(_("The signature cannot be read. Please draw it again.")) from error
        from django.core.files.uploadedfile import SimpleUploadedFile

        kept = cleaned(SimpleUploadedFile("tanda-tangan.png", data))
        if kept.ending != ".jpg":
            raise ValidationError(_("The signature cannot be read. Please draw it again."))
        return kept

    def clean(self):
        data = super().clean() or {}
        if data.get("act") == "sign" and not data.get("drawing") and not self.errors:
            raise ValidationError(_("Draw the signature first."))
        return data


class AddendumForm(forms.Form):
    text = text_of(Addendum, "text", widget=area_of(6))


class MinutesFilter(forms.Form):
    """What the search over minutes asks; whatever does not fit is left out."""

    STATES = [("ADOPTED", _("adopted")), ("COMMENT", _("open for comment")), ("DRAFT", _("draft"))]

    q = forms.CharField(label=_("Search in minutes"), required=False, max_length=200, widget=forms.TextInput(attrs={"type": "search"}))
    forum = forms.CharField(label="FKPM", required=False, max_length=100)
    year = forms.TypedChoiceField(label=_("Year"), coerce=int, empty_value=None, required=False)
    kind = forms.ChoiceField(label=_("Kind"), choices=choices_of(Meeting.Kind.choices, _("All")), required=False)
    state = forms.ChoiceField(label=_("State"), choices=choices_of(STATES, _("All")), required=False)

    def __init__(self, *args, forums, years, **kwargs):
        super().__init__(*args, **kwargs)
        self.forums = forums
        named = few(forums.values_list("uuid", "name"))
        if named is None:
            self.fields["forum"].widget = forms.TextInput(attrs={"type": "search", "placeholder": _("Name")})
        else:
            options = [(str(uuid), name) for uuid, name in sorted(named, key=itemgetter(1))]
            self.fields["forum"].widget = forms.Select(choices=[("", _("All")), *options])
        self.fields["year"].choices = [("", _("All")), *((year, str(year)) for year in years)]  # type: ignore[attr-defined]

    def clean_forum(self):
        """The forums in sight of this key, or whose name holds what was typed; None where nothing was asked."""
        if not (text := self.cleaned_data["forum"]):
            return None
        try:
            fits = Q(uuid=UUID(text))
        except ValueError:
            fits = Q(name__icontains=text)
        return list(self.forums.filter(fits).values_list("pk", flat=True)[:MOST_FOUND])

    def asked(self) -> dict:
        self.is_valid()
        return {name: self.cleaned_data.get(name) for name in self.fields}


class EvidenceForm(ActionForm):
    """How far an action has come, with a photo or paper that shows it."""

    evidence = PaperField(label=_("Photo or paper that shows it"), required=False)
