"""Forms of a problem: what it is, and one step of its course."""

import datetime
import itertools
import uuid

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import ProhibitNullCharactersValidator
from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from mapping.fields import ShapeField
from mapping.forms import PLEASE_CHOOSE, DayInput, PersonChoice, with_own
from mapping.models import Area, Beat, Grade, Partner, Phase, Problem, ProblemClass, ProblemStep, Stage, Vulnerability
from mapping.models.places import PoliceFunction, Weekday
from mapping.outlines import backdrop
from mapping.problems import far_away, unit_for, villages_kept
from polmas.people.models import Code, Posting, User
from polmas.people.scope import in_subtrees

MOST_PARTNERS = 300
USUAL_TARGET = datetime.timedelta(days=30)


class AreaChoice(forms.ModelChoiceField):
    def label_from_instance(self, area):
        return area.name


class AreasChoice(forms.ModelMultipleChoiceField):
    def label_from_instance(self, area):
        return area.name


class VillageSelect(forms.Select):
    """The map of the same form finds the village of a point, and follows the one that is chosen."""

    def __init__(self):
        super().__init__(attrs={"data-village": ""})


def colleagues_of(user, problem=None):
    """Who may be made responsible: people who serve in the user's units today; whoever is responsible stays."""
    posts = Posting.objects.on(timezone.localdate()).filter(in_subtrees("unit__path", user.scope.paths))
    serving = User.objects.filter(is_active=True, pk__in=posts.values("user"))
    return (serving | User.objects.filter(pk=problem.responsible_id if problem else None)).order_by("name")


def kinds_by_class(day) -> list:
    """The kinds under their classes, as a select shows them."""
    codes = Code.objects.of("PROBLEM_KIND", day).filter(group__in=ProblemClass.values)
    order = {klass: place for place, klass in enumerate(ProblemClass.values)}
    rows = sorted(codes, key=lambda code: order[code.group])
    groups = itertools.groupby(rows, key=lambda code: code.group)
    return [("", PLEASE_CHOOSE), *((capfirst(ProblemClass(group).label), [(code.code, code.label) for code in some]) for group, some in groups)]


class ProblemForm(forms.ModelForm):
    """A problem by kind, title and village; where it lies and all else as far as it is known."""

    key = forms.UUIDField(required=False, widget=forms.HiddenInput, initial=uuid.uuid4)
    shape = ShapeField(required=False)
    weekdays = forms.TypedMultipleChoiceField(
        label=capfirst(_("days")), choices=Weekday.choices, coerce=int, required=False, widget=forms.CheckboxSelectMultiple
    )
    functions = forms.MultipleChoiceField(
        label=capfirst(_("functions concerned")), choices=PoliceFunction.choices, required=False, widget=forms.CheckboxSelectMultiple
    )

    grade = forms.ChoiceField(label=capfirst(_("grade")), choices=Grade.choices, initial=Grade.PG, widget=forms.RadioSelect)
    vulnerability = forms.ChoiceField(label=capfirst(_("vulnerability")), choices=Vulnerability.choices, required=False, widget=forms.RadioSelect)

    # What stands behind a heading each, below what is asked first.
    PARTS = (
        (_("How grave, and when"), ("grade", "vulnerability", "field", "hour_from", "hour_to", "weekdays")),
        (_("Why, and what is planned"), ("root_cause", "impact", "prediction", "plan")),
        (_("Whom it concerns"), ("areas", "functions", "partners", "stakeholders", "is_confidential")),
    )

    class Meta:
        model = Problem
        fields = [
            *("kind", "title", "shape", "area", "description", "happened_on", "grade", "vulnerability", "field", "hour_from", "hour_to", "weekdays"),
            *("impact", "root_cause", "prediction", "plan", "areas", "functions", "partners", "stakeholders", "responsible", "target_on"),
            "is_confidential",
        ]
        widgets = {
            **{name: forms.Textarea(attrs={"rows": 3}) for name in ("description", "impact", "root_cause", "prediction", "plan")},
            "happened_on": DayInput(),
            "target_on": DayInput(),
            "hour_from": forms.TimeInput(format="%H:%M", attrs={"type": "time"}),
            "hour_to": forms.TimeInput(format="%H:%M", attrs={"type": "time"}),
        }
        help_texts = {
            "description": _("What happens, where exactly and when. Of a group tell the event, never what people believe."),
            "happened_on": _("Needed for a group's problem, which tells one event; of others if there was one."),
            "target_on": _("By when it is to be solved; a month is suggested."),
            "is_confidential": _("Read by leaders, Kanit Binmas, Intelkam, you and who is responsible."),
            "stakeholders": _("Who else has a part in it: RW, school, owner of the land."),
            "root_cause": _("Why there, and why again and again."),
        }

    def __init__(self, *args, user, **kwargs):
        super().__init__(*args, **kwargs)
        self.user = user
        today = timezone.localdate()
        own = villages_kept(user)
        villages = own | Area.objects.filter(pk=self.instance.area_id).order_by("name", "code")
        only = list(own[:2])
        self.fields["area"] = AreaChoice(
            villages.distinct(),
            label=capfirst(_("village")),
            to_field_name="code",
            widget=VillageSelect(),
            initial=only[0] if len(only) == 1 else None,
            empty_label=PLEASE_CHOOSE,
        )
        kinds = with_own(kinds_by_class(today), "PROBLEM_KIND", self.instance.kind)
        self.fields["kind"] = forms.ChoiceField(label=capfirst(_("kind")), choices=kinds)
        people = colleagues_of(user, self.instance)
        self.fields["responsible"] = PersonChoice(people, capfirst(_("responsible")), required=False, empty_label=_("– nobody –"))
        self._offer_others(villages)
        if self.instance.pk:
            del self.fields["key"]
        if self.instance.pk and not self.instance.may_be_marked_by(user):
            del self.fields["is_confidential"]
        self.fields["shape"].widget.backdrop = backdrop(villages, today)
        for field in self.fields.values():
            if isinstance(field, forms.CharField):
                field.validators.append(ProhibitNullCharactersValidator())
        self.initial["area"] = self.instance.area.code if self.instance.area_id else self.initial.get("area")
        self.initial["responsible"] = self.instance.responsible
        self.fields["happened_on"].is_needed = True  # type: ignore[attr-defined]  # of some kinds: not called optional
        if self.instance.pk is None:
            self.initial["responsible"] = self._likely()
            self.initial["target_on"] = today + USUAL_TARGET

    def _likely(self) -> User | None:
        """Who will probably look after it: the officer who records it, else the holder of its village."""
        if self.user.scope.is_officer:
            return self.user
        code = self.initial.get("area")
        area = Area.objects.filter(code=code.code if isinstance(code, Area) else code).first() if code else None
        beat = Beat.objects.on(timezone.localdate()).filter(area=area, is_primary=True).select_related("user").first() if area else None
        return beat.user if beat else None

    def _offer_others(self, villages):
        """Villages of the same districts, and partners of the own units: what a problem across areas needs."""
        reached = self.instance.areas.values("pk") if self.instance.pk else []
        near = Q(parent__in=villages.order_by().values("parent"))
        others = Area.objects.villages().filter(near | Q(pk__in=reached)).order_by("name", "code")
        self.fields["areas"] = AreasChoice(
            others, label=capfirst(_("other villages that it reaches")), required=False, to_field_name="code", widget=forms.CheckboxSelectMultiple
        )
        if self.instance.pk:
            self.initial["areas"] = [area.code for area in self.instance.areas.all()]
        partners = Partner.objects.for_user(self.user).active().order_by("name")
        held = self.instance.partners.all() if self.instance.pk else Partner.objects.none()
        offered = list(partners.values_list("pk", flat=True)[:MOST_PARTNERS])
        known = Partner.objects.filter(pk__in=[*offered, *(partner.pk for partner in held)]).order_by("name")
        self.fields["partners"] = forms.ModelMultipleChoiceField(
            known, label=capfirst(_("partners concerned")), required=False, widget=forms.CheckboxSelectMultiple
        )

    @property
    def parts(self) -> list[dict]:
        """What completes it, under its headings; a heading stands open where something is wrong or known below it."""
        told = [(title, [self[name] for name in names if name in self.fields and self._is_offered(name)]) for title, names in self.PARTS]
        return [
            {"title": title, "fields": fields, "is_open": self.instance.pk is not None or any(field.errors for field in fields)}
            for title, fields in told
        ]

    def _is_offered(self, name) -> bool:
        """A choice among nothing is none."""
        queryset = getattr(self.fields[name], "queryset", None)
        return queryset is None or queryset.exists()

    def clean_areas(self):
        return [area for area in self.cleaned_data["areas"] if area != self.cleaned_data.get("area")]

    def clean(self):
        """Class and unit follow from the kind and the village, before the model looks at the whole."""
        super().clean()
        self._classify(self.cleaned_data.get("kind"))
        if self.instance.pk is None:
            self.instance.recorded_by = self.user
        if "area" in self.cleaned_data and self.cleaned_data["area"].pk != self.instance.area_id:
            self.instance.unit = unit_for(self.user, self.cleaned_data["area"])
        self._check_place()
        if key := self.cleaned_data.get("key"):
            self.instance.uuid = key

    def _check_place(self):
        shape, area = self.cleaned_data.get("shape"), self.cleaned_data.get("area")
        if shape and area and {"shape", "area"} & set(self.changed_data) and (refusal := far_away(shape, area)):
            self.add_error("shape", refusal)

    def sent_before(self) -> Problem | None:
        """The problem that this very form made already, when it is sent twice."""
        return Problem.objects.filter(uuid=self.instance.uuid).first()

    def _classify(self, kind):
        if not kind or kind == self.instance.kind:
            return
        self.instance.kind = kind
        try:
            self.instance.classify()
        except ValidationError as error:
            self.add_error(None, error)

    def save(self, commit=True):
        """A change writes what the form asks for and what follows from it: what became of the problem meanwhile stays."""
        if self.instance.pk is None:
            return super().save(commit)
        with transaction.atomic():
            Problem.objects.select_for_update().get(pk=self.instance.pk)
            own = [name for name in self.Meta.fields if name in self.fields and not Problem._meta.get_field(name).many_to_many]
            self.instance.save(update_fields=[*own, *Problem.FOLLOWING])
            self._save_m2m()  # type: ignore[attr-defined]  # Django has it, its stubs do not
        return self.instance


class StepForm(forms.ModelForm):
    """One step: of which stage, what was done or found, and if something was counted the numbers before and after."""

    stage = forms.ChoiceField(label=capfirst(_("stage")), choices=Stage.choices, initial=Stage.TANGANI, widget=forms.RadioSelect)
    phase = forms.ChoiceField(label=capfirst(_("phase")), choices=Phase.choices, initial=Phase.PRA, widget=forms.RadioSelect)

    class Meta:
        model = ProblemStep
        fields = ["stage", "text", "phase", "day", "measure", "count_before", "count_after"]
        widgets = {
            "text": forms.Textarea(attrs={"rows": 3}),
            "day": DayInput(),
            "count_before": forms.NumberInput(attrs={"min": 0, "inputmode": "numeric"}),
            "count_after": forms.NumberInput(attrs={"min": 0, "inputmode": "numeric"}),
        }

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["day"].initial = timezone.localdate()
        self.fields["measure"].help_text = _("For example: motorcycles stolen in a month.")
        for name in ("text", "measure"):
            self.fields[name].validators.append(ProhibitNullCharactersValidator())
