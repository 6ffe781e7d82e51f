"""The form of a post of the siskamling, by those who keep it."""

from django import forms
from django.core.validators import ProhibitNullCharactersValidator
from django.utils import timezone
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from mapping.fields import ShapeField
from mapping.geometry import POINT
from mapping.models import Area, Place
from mapping.models.registers import three_digits
from mapping.outlines import backdrop
from polmas.people.models import Code


class AreaChoice(forms.ModelChoiceField):
    def label_from_instance(self, area):
        return area.title


def villages_of(user):
    """Where a person may keep posts: the villages held today, and those of the units served as Kanit Binmas or operator."""
    return Area.objects.mine(user, timezone.localdate()).villages().order_by("name")


class PostForm(forms.ModelForm):
    """A post by name and village; the position by the phone, by hand, or later."""

    location = ShapeField(kinds=[POINT], label=capfirst(pgettext_lazy("on the map", "position")), required=False)

    class Meta:
        model = Place
        fields = ["name", "kind", "area", "rw", "rt", "landmark", "head", "schedule", "location"]
        widgets = {"schedule": forms.Textarea(attrs={"rows": 4}), "rw": forms.TextInput(attrs={"inputmode": "numeric"})}

    def __init__(self, *args, user, **kwargs):
        super().__init__(*args, **kwargs)
        self.user = user
        villages = villages_of(user) | Area.objects.filter(pk=self.instance.area_id).order_by("name")
        self.fields["area"] = AreaChoice(
            villages.distinct(), label=capfirst(_("village")), initial=villages.first() if villages.count() == 1 else None
        )
        kinds = [(code.code, code.label) for code in Code.objects.of("PLACE_KIND", timezone.localdate())]
        self.fields["kind"] = forms.ChoiceField(label=capfirst(_("kind")), choices=kinds, initial="POS_KAMLING")
        self.fields["schedule"].help_text = _("Who stands guard on which night, as the post has it.")
        for name in ("name", "landmark", "head", "schedule", "rw", "rt"):
            self.fields[name].validators.append(ProhibitNullCharactersValidator())
        self.fields["location"].widget.backdrop = backdrop(villages, timezone.localdate())

    def clean_rw(self):
        return three_digits(self.cleaned_data["rw"])

    def clean_rt(self):
        return three_digits(self.cleaned_data["rt"])

    def save(self, commit=True):
        if self.instance.pk is None:
            self.instance.unit = self.unit_of(self.cleaned_data["area"])
        return super().save(commit)

    def unit_of(self, area):
        """The unit that polices the village, as far as it is one of the person's; else where the person serves."""
        own = self.user.scope.paths
        units = [unit for unit in area.units.all() if any(unit.path.startswith(path) for path in own)]
        return max(units, key=lambda unit: len(unit.path), default=self.user.post.unit)
