"""The piket roster: read by everybody of the unit, filled by Kanit Binmas and the operator."""

import datetime

from django import forms
from django.contrib import messages
from django.http import Http404
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from polmas.people import documents, roster
from polmas.people.models import Role, Unit
from polmas.people.models.absences import KEEPERS
from polmas.people.models.users import User
from polmas.people.months import FIRST_YEAR, LAST_YEAR, Month
from polmas.people.scope import in_subtrees

# These read figures, or keep accounts: no roster of a unit is theirs.
WITHOUT_ROSTER = frozenset({Role.ADMIN, Role.DIRBINMAS, Role.KAPOLDA, Role.PEMBACA_MABES})
MANY_UNITS = 60


def units_of(user) -> list[Unit]:
    """Units whose roster a person reads: where they serve, and those read whole. Of very many, the own ones alone are offered."""
    own = user.scope.paths_as(set(Role.values) - WITHOUT_ROSTER)
    if not own:
        raise Http404
    whole = list(Unit.objects.filter(in_subtrees("path", user.scope.whole_paths))[: MANY_UNITS + 1])
    serving = list(Unit.objects.filter(path__in=own))
    units = {unit.pk: unit for unit in (serving if len(whole) > MANY_UNITS else [*serving, *whole])}
    return sorted(units.values(), key=lambda unit: unit.path)


def unit_asked(request, units) -> Unit:
    """The unit that the address names by its code, else the one where the person serves."""
    code = request.GET.get("satuan", "")
    if code:
        found = Unit.objects.filter(code=code.replace("\x00", ""))
        unit = found.filter(pk__in=[unit.pk for unit in units]).first() or found.filter(in_subtrees("path", request.user.scope.whole_paths)).first()
        if unit is None:
            raise Http404
        return unit
    own = [post.unit_id for post in request.user.postings_today]
    return next((unit for unit in units if unit.pk in own), units[0])


def duty_list(request):
    """One month of the roster."""
    units = units_of(request.user)
    unit = unit_asked(request, units)
    month = Month.asked(request.GET.get("bulan", ""), unit.today())
    context = {
        **roster.month_table(unit, month),
        "units": units,
        "today": unit.today(),
        "may_fill": request.user.scope.holds(KEEPERS, unit),
        "mondays": [week[0] for week in month.weeks],
    }
    return render(request, "people/duty_list.html", context)


class DayForm(forms.Form):
    """Who stands in which shift of one day; those who are away can't be chosen any more."""

    def __init__(self, data, *, unit, day):
        super().__init__(data)
        stored = {cell["shift"]: cell["people"] for cell in _day_of(unit, day)["cells"]}
        present = {person["user"].pk for people in stored.values() for person in people}
        staff = roster.staff_on(unit, day)
        self.away = [absence for absences in roster.away_on(day, day, staff).values() for absence in absences]
        free = staff.exclude(pk__in={absence.user_id for absence in self.away} - present) | User.objects.filter(pk__in=present)
        for number, (shift, people) in enumerate(stored.items()):
            field = forms.ModelMultipleChoiceField(free.distinct(), label=shift, required=False, widget=forms.CheckboxSelectMultiple)
            field.initial = [person["user"].pk for person in people]
            self.fields[f"shift{number}"] = field

    def people(self) -> dict[str, list[User]]:
        return {str(field.label): list(self.cleaned_data[name]) for name, field in self.fields.items()}


def _day_of(unit, day) -> dict:
    return next(row for row in roster.month_table(unit, Month.of(day))["days"] if row["day"] == day)


def duty_update(request, day):
    """One day: a tap for each person in each shift."""
    unit = _filled(request)
    form = DayForm(request.POST if request.method == "POST" else None, unit=unit, day=day)
    if request.method == "POST" and form.is_valid():
        roster.fill_day(unit, day, form.people())
        messages.success(request, _("Saved."))
        if "next" in request.POST and day < datetime.date(LAST_YEAR, 12, 31):
            return redirect(f"{reverse('people:duty_update', args=[day + datetime.timedelta(days=1)])}?satuan={unit.code}")
        return redirect(_month_link(unit, day))
    return render(request, "people/duty_form.html", {"form": form, "unit": unit, "day": day, "month_link": _month_link(unit, day)})


def duty_copy(request):
    """Fills the empty days of a week as the week before."""
    unit = _filled(request)
    if request.method != "POST":
        raise Http404
    monday = _monday(request.POST.get("senin", ""))
    if monday is None:
        messages.error(request, _("Choose the week that is to be filled."))
        return redirect(_month_link(unit, unit.today()))
    copied, left_out = roster.copy_week(unit, monday)
    if copied:
        messages.success(request, _("%(copied)d shifts copied, %(left)d left out because somebody is away.") % {"copied": copied, "left": left_out})
    else:
        messages.warning(request, _("Nothing to copy: the week before is empty, or this one is filled."))
    return redirect(_month_link(unit, monday + datetime.timedelta(days=3)))


def _monday(text) -> datetime.date | None:
    try:
        day = datetime.date.fromisoformat(text)
    except ValueError:
        return None
    return day if day.weekday() == 0 and FIRST_YEAR <= day.year <= LAST_YEAR else None


def _filled(request) -> Unit:
    unit = unit_asked(request, units_of(request.user))
    if not request.user.scope.holds(KEEPERS, unit):
        raise Http404
    return unit


def _month_link(unit, day) -> str:
    return f"{reverse('people:duty_list')}?satuan={unit.code}&bulan={Month.of(day)}"


def duty_pdf(request):
    """The roster of a month on paper."""
    unit = unit_asked(request, units_of(request.user))
    month = Month.asked(request.GET.get("bulan", ""), unit.today())
    document = documents.document_for("piket", unit.pk, roster.fingerprint_of(roster.month_table(unit, month)), "people.render_roster")
    return documents.serve(request, document, f"piket-{unit.code.lower()}-{month}.pdf")
