"""Forms of forums: the forum, its members, a meeting to come, and the minutes as one page of several forms."""

import datetime
from typing import Any, cast

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import ProhibitNullCharactersValidator
from django.db import IntegrityError, transaction
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from fkpm.minutes import Draft, draft_of, field_of
from fkpm.models import ActionItem, AgendaItem, Attendance, Element, Meeting
from mapping.models import Partner

# More rows than any meeting has; beyond it somebody plays with the form.
MOST_ROWS = 100
MOST_PARTNERS = 100
# The first forums were founded in 2005; nobody plans further ahead than two years.
EARLIEST, FURTHEST = datetime.date(2005, 1, 1), datetime.timedelta(days=730)


class DayInput(forms.DateInput):
    input_type = "date"

    def __init__(self, attrs=None):
        super().__init__(attrs, format="%Y-%m-%d")


class ClockInput(forms.TimeInput):
    input_type = "time"

    def __init__(self, attrs=None):
        super().__init__(attrs, format="%H:%M")


class TextField(forms.CharField):
    """Text stored as it was typed; where it is required, white space alone does not do."""

    def __init__(self, **kwargs):
        super().__init__(strip=False, validators=[ProhibitNullCharactersValidator()], **kwargs)

    def to_python(self, value):
        # Browsers send line ends as CRLF; one newline is one newline.
        return (super().to_python(value) or "").replace("\r\n", "\n")

    def validate(self, value):
        super().validate(value.strip())


def text_of(model, name, required=None, widget=None, **more):
    """A text field with the label and length of the model's."""
    field = field_of(model, name)
    required = not field.blank if required is None else required
    return TextField(
        **{"label": capfirst(field.verbose_name), "max_length": field.max_length, "required": required, "widget": widget or forms.TextInput, **more}
    )


def area_of(rows):
    return forms.Textarea(attrs={"rows": rows})


def choice_of(form, name) -> forms.ModelChoiceField:
    return cast("forms.ModelChoiceField", form.fields[name])


class ChoicesByName(forms.Select):
    """A select whose choices begin with a capital, as words do that stand alone."""

    def create_option(self, name, value, label, *args, **kwargs):
        return super().create_option(name, value, capfirst(label), *args, **kwargs)


class OwnForm(forms.ModelForm):
    """A model's form whose constraints are checked with all that the row holds, also what the form does not ask for."""

    def _get_validation_exclusions(self):
        return super()._get_validation_exclusions() - {"forum", "area"}  # type: ignore[misc]  # Django has it, its stubs do not

    def stored(self):
        """Saves, and gives the row; None where somebody else was faster and the database refused."""
        try:
            with transaction.atomic():
                return self.save()
        except IntegrityError:
            self.add_error(None, _("This was recorded a moment ago by somebody else. Open the list again."))
            return None


class MeetingTimes(forms.ModelForm):
    """When a meeting is held, on the clock of the forum's unit: a day and hours instead of moments."""

    day = forms.DateField(label=_("Day"), widget=DayInput)
    begins = forms.TimeField(label=_("Begins"), widget=ClockInput)
    ends = forms.TimeField(label=_("Ends"), widget=ClockInput, required=False)
    place = text_of(Meeting, "place")

    class Meta:
        model = Meeting
        fields = ["kind", "place"]
        widgets = {"kind": ChoicesByName}

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.zone = self.instance.forum.unit.zone
        if self.instance.pk:
            begins, ends = self.instance.starts_at.astimezone(self.zone), self.instance.ends_at
            self.initial = {**self.initial, "day": begins.date(), "begins": begins.time(), "ends": ends and ends.astimezone(self.zone).time()}

    def clean_day(self):
        day = self.cleaned_data["day"]
        if not EARLIEST <= day <= self.instance.forum.unit.today() + FURTHEST:
            raise ValidationError(_("This day cannot be right."))
        return day

    def moments(self) -> dict:
        """starts_at and ends_at; an end before the beginning lies after midnight."""
        data = self.cleaned_data
        starts_at = datetime.datetime.combine(data["day"], data["begins"], self.zone)
        if data["ends"] is None:
            return {"starts_at": starts_at, "ends_at": None}
        ends_at = datetime.datetime.combine(data["day"], data["ends"], self.zone)
        return {"starts_at": starts_at, "ends_at": ends_at if ends_at >= starts_at else ends_at + datetime.timedelta(days=1)}

    def _post_clean(self):
        """The form only carries what was typed: what it means for the stored meeting is decided in fkpm.minutes."""


class MeetingPlanForm(MeetingTimes):
    topics = TextField(label=_("Agenda"), help_text=_("One topic per line."), required=False, max_length=4000, widget=area_of(4))

    def clean_topics(self):
        topics = [line.strip() for line in self.cleaned_data["topics"].splitlines() if line.strip()]
        longest = field_of(AgendaItem, "topic").max_length or 0
        if any(len(topic) > longest for topic in topics):
            raise ValidationError(_("A topic has at most %(n)d characters."), params={"n": longest})
        if len(topics) > MOST_ROWS:
            raise ValidationError(_("At most %(n)d topics."), params={"n": MOST_ROWS})
        return topics

    def fields_of_meeting(self):
        return {"kind": self.cleaned_data["kind"], "place": self.cleaned_data["place"], **self.moments()}


def head_count(name):
    field = field_of(Meeting, name)
    return forms.IntegerField(label=capfirst(field.verbose_name), help_text=field.help_text, required=False, min_value=0, max_value=9999)


class HeadForm(MeetingTimes):
    """Head and end of the minutes."""

    led_by = text_of(Meeting, "led_by", widget=forms.TextInput(attrs={"list": "people", "autocomplete": "off"}))
    written_by = text_of(Meeting, "written_by", widget=forms.TextInput(attrs={"list": "people", "autocomplete": "off"}))
    conclusion = text_of(Meeting, "conclusion", widget=area_of(3))
    invited_count = head_count("invited_count")
    present_count = head_count("present_count")

    class Meta:
        model = Meeting
        fields = ["kind", "place", "led_by", "written_by", "invited_count", "present_count", "conclusion"]
        widgets = {"kind": ChoicesByName}

    def fields_of_meeting(self):
        names = ("kind", "place", "led_by", "written_by", "invited_count", "present_count", "conclusion")
        return {**{name: self.cleaned_data[name] for name in names}, **self.moments()}


class RowForm(forms.Form):
    """One row of a list; a row without any text is no row."""

    id = forms.IntegerField(required=False, widget=forms.HiddenInput, min_value=1, max_value=2**63 - 1)

    def has_changed(self):
        return any(name not in ("id", "DELETE") for name in self.changed_data)


class Rows(forms.BaseFormSet):
    """Rows as they were typed. All are new to the form: what they change is told by their ids, when the whole draft is stored."""

    def __init__(self, data, prefix, initial):
        super().__init__(data, prefix=prefix, initial=None if data else initial)

    def initial_form_count(self):
        return 0 if self.is_bound else super().initial_form_count()

    def rows(self) -> list[dict]:
        kept = (form.cleaned_data for form in self.forms if form.has_changed() and not form.cleaned_data.get("DELETE"))
        return [{name: value for name, value in row.items() if name != "DELETE"} for row in kept]


class AgendaRow(RowForm):
    topic = text_of(AgendaItem, "topic")
    discussion = text_of(AgendaItem, "discussion", widget=area_of(4))
    decision = text_of(AgendaItem, "decision", widget=area_of(2), help_text=_("Leave empty for “no decision”."))


class GuestRow(RowForm):
    name = text_of(Attendance, "name")
    element = forms.ChoiceField(label=_("Stands for"), required=False, choices=[("", "—"), *Element.choices], widget=ChoicesByName)
    organisation = text_of(Attendance, "organisation")


class ActionRow(RowForm):
    text = text_of(ActionItem, "text")
    owner_name = text_of(ActionItem, "owner_name", widget=forms.TextInput(attrs={"list": "people", "autocomplete": "off"}))
    due_on = forms.DateField(label=_("Due"), required=False, widget=DayInput)


def rows_of(form) -> type[Rows]:
    made = forms.formset_factory(form, Rows, extra=0, can_delete=True, max_num=MOST_ROWS, absolute_max=MOST_ROWS, validate_max=True)
    return cast("type[Rows]", made)


AgendaRows, GuestRows, ActionRows = rows_of(AgendaRow), rows_of(GuestRow), rows_of(ActionRow)


class AttendanceForm(forms.Form):
    """For each member: present, excused, absent, or nothing written down; beside it what stood there when the form was opened."""

    STATUSES = [(Attendance.Status.HADIR, _("present")), (Attendance.Status.IZIN, _("excused")), (Attendance.Status.ABSEN, _("absent"))]

    def __init__(self, *args, members, **kwargs):
        super().__init__(*args, **kwargs)
        self.members = members
        for member in members:
            self.fields[self.name_of(member)] = forms.ChoiceField(label=member.name, choices=self.STATUSES, required=False, widget=forms.RadioSelect)
            self.fields[self.before_of(member)] = forms.CharField(required=False, max_length=6, widget=forms.HiddenInput)

    @staticmethod
    def name_of(member):
        return f"member-{member.pk}"

    @staticmethod
    def before_of(member):
        return f"before-{member.pk}"

    @classmethod
    def initial_of(cls, statuses) -> dict:
        return {name(member): status for member, status in statuses.items() for name in (cls.name_of, cls.before_of)}

    def lines(self):
        """(member, field, field of what stood there before) for the template."""
        return [(member, self[self.name_of(member)], self[self.before_of(member)]) for member in self.members]

    def statuses(self):
        return {member: status for member in self.members if (status := self.cleaned_data[self.name_of(member)])}

    def touched(self) -> set:
        """The members of whom the form says something else than when it was opened."""
        return {member for member in self.members if self.cleaned_data[self.name_of(member)] != self.cleaned_data[self.before_of(member)]}


class MinutesForms:
    """The page of the minutes: head, attendance, guests, agenda and actions, typed together and stored together."""

    ROWS = {"agenda": AgendaRows, "guests": GuestRows, "actions": ActionRows}

    def __init__(self, meeting, user, data=None):
        self.meeting, self.user = meeting, user
        self._owners: list[tuple[str, Any]] | None = None
        self.stored = stored = draft_of(meeting)
        self.members = self._members_at(meeting, stored)
        self.head = HeadForm(data, instance=meeting)
        self.attendance = AttendanceForm(data, members=self.members, initial=AttendanceForm.initial_of(stored.statuses))
        self.agenda = AgendaRows(data, prefix="agenda", initial=stored.agenda or [{}])
        self.guests = GuestRows(data, prefix="guests", initial=stored.guests)
        self.actions = ActionRows(data, prefix="actions", initial=stored.actions)

    @staticmethod
    def _members_at(meeting, stored):
        """The members of that day, and those who already stand on the list."""
        members = {member.pk: member for member in meeting.forum.members.by_office() if member.is_valid_on(meeting.day)}
        return list(members.values()) + [member for member in stored.statuses if member.pk not in members]

    def parts(self):
        return (self.head, self.attendance, self.agenda, self.guests, self.actions)

    def is_valid(self):
        return all(part.is_valid() for part in self.parts())

    def draft(self) -> Draft:
        return Draft(
            fields=self.head.fields_of_meeting(),
            agenda=self.agenda.rows() + self._carried_unseen(),
            statuses=self.attendance.statuses(),
            guests=self.guests.rows(),
            actions=[self._action(row) for row in self.actions.rows()],
            touched=self.attendance.touched(),
        )

    def _carried_unseen(self) -> list[dict]:
        """The point of open actions, where it came onto the agenda after this form was opened: nobody can have meant to take it off."""
        seen = {str(row["id"].value()) for row in self.agenda.forms}
        carried = {item.pk for item in self.meeting.agenda.all() if item.is_follow_up}
        return [row for row in self.stored.agenda if row["id"] in carried and str(row["id"]) not in seen]

    def _action(self, row):
        """With the member, officer or partner of that name as its owner, if there is just one, and a day by which it is due."""
        return {**row, **self._owner(row), "due_on": row["due_on"] or self.meeting.next_due_on()}

    def _owner(self, row) -> dict:
        """Who is meant; where nobody changed the name, whoever was meant before."""
        stored = next((old for old in self.stored.actions if row["id"] and old["id"] == row["id"] and old["owner_name"] == row["owner_name"]), None)
        if stored:
            return {name: stored[name] for name in ("owner", "officer", "partner")}
        nobody: dict = {"owner": None, "officer": None, "partner": None}
        namesakes = [(kind, who) for kind, who in self.owners() if str(who) == row["owner_name"] or who.name == row["owner_name"]]
        members = [pair for pair in namesakes if pair[0] == "owner"] or namesakes
        return nobody | ({members[0][0]: members[0][1]} if len(members) == 1 else {})

    def owners(self) -> list[tuple[str, Any]]:
        """Who may be given something to do: the members, the officer, and the partners whom the writer may see."""
        if self._owners is None:
            officer, partners = self.meeting.forum.officer, Partner.objects.for_user(self.user).filter(unit=self.meeting.forum.unit).active()
            self._owners = [("owner", member) for member in self.members] + ([("officer", officer)] if officer else [])
            self._owners += [("partner", partner) for partner in partners[:MOST_PARTNERS]]
        return self._owners


class ActionForm(forms.Form):
    """How far an action has come."""

    state = forms.ChoiceField(
        label=_("State"), choices=[(value, capfirst(label)) for value, label in ActionItem.State.choices], widget=forms.RadioSelect
    )
    note = text_of(ActionItem, "note", widget=area_of(3))
