"""The form of a handover: the next term, what becomes of each who serves, and who joins."""

import datetime

from django import forms
from django.core.exceptions import ValidationError
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from fkpm import handover
from fkpm.forms import EARLIEST, ChoicesByName, DayInput, TextField, text_of
from fkpm.models import Element, Endorser, Forum, Member, Position

KEEP, REPLACE, LEAVE = "KEEP", "REPLACE", "LEAVE"
FATES = [(KEEP, gettext_lazy("stays")), (REPLACE, gettext_lazy("replaced")), (LEAVE, gettext_lazy("leaves"))]
JOINERS = 4  # lines for people who are new; more are added on the members' page
AHEAD, LONGEST = datetime.timedelta(days=60), datetime.timedelta(days=366 * 10)


def name_field(label):
    return TextField(label=label, required=False, max_length=Member._meta.get_field("name").max_length)


class HandoverForm(forms.Form):
    starts_on = forms.DateField(label=gettext_lazy("New term from"), widget=DayInput)
    ends_on = forms.DateField(label=gettext_lazy("Until"), widget=DayInput, required=False)
    endorsed_by = forms.ChoiceField(label=gettext_lazy("Endorsed by"), choices=[("", "—"), *Endorser.choices], required=False, widget=ChoicesByName)
    endorsement_number = text_of(Forum, "endorsement_number")
    endorsed_on = forms.DateField(label=gettext_lazy("Endorsed on"), widget=DayInput, required=False)

    def __init__(self, *args, forum, **kwargs):
        super().__init__(*args, **kwargs)
        self.forum = forum
        self.members = list(forum.active_members().by_office())
        if (earliest := handover.earliest_start(forum)) > forum.unit.today():
            told = _("From %(day)s at the earliest: somebody in the list began the day before.")
            self.fields["starts_on"].help_text = told % {"day": f"{earliest:%d-%m-%Y}"}
        positions = [(value, capfirst(label)) for value, label in Position.choices]
        for member in self.members:
            self.fields[f"fate-{member.pk}"] = forms.ChoiceField(label=member.name, choices=FATES, initial=KEEP, widget=forms.RadioSelect)
            self.fields[f"position-{member.pk}"] = forms.ChoiceField(label=_("Office in the next term"), choices=positions, initial=member.position)
            self.fields[f"name-{member.pk}"] = name_field(_("Who replaces them"))
            self.fields[f"name-{member.pk}"].is_needed = True  # type: ignore[attr-defined]  # of those who are replaced: not called optional
        for number in range(JOINERS):
            self.fields[f"new-name-{number}"] = name_field(_("Name"))
            self.fields[f"new-position-{number}"] = forms.ChoiceField(label=_("Office"), choices=positions, initial=Position.ANGGOTA, required=False)
            elements = [(value, capfirst(label)) for value, label in Element.choices]
            self.fields[f"new-element-{number}"] = forms.ChoiceField(label=_("Stands for"), choices=elements, required=False)

    def lines(self):
        """(member, fate, office, successor) for the template."""
        return [(member, self[f"fate-{member.pk}"], self[f"position-{member.pk}"], self[f"name-{member.pk}"]) for member in self.members]

    def joiners(self):
        return [[self[f"new-{name}-{number}"] for name in ("name", "position", "element")] for number in range(JOINERS)]

    def clean(self):
        super().clean()
        data = self.cleaned_data
        self._check_days(data)
        for member in self.members:
            if data.get(f"fate-{member.pk}") == REPLACE and not (data.get(f"name-{member.pk}") or "").strip():
                self.add_error(f"name-{member.pk}", _("Write the name of who replaces %(name)s.") % {"name": member.name})
        if not self.errors:
            self._check_board(self.board())
        return data

    def _check_days(self, data):
        first, last, signed = data.get("starts_on"), data.get("ends_on"), data.get("endorsed_on")
        today = self.forum.unit.today()
        if first and first < (earliest := handover.earliest_start(self.forum)):
            self.add_error(
                "starts_on", _("The next term begins on %(day)s at the earliest: members of today began then.") % {"day": f"{earliest:%d-%m-%Y}"}
            )
        elif first and first > today + AHEAD:
            self.add_error("starts_on", _("This day cannot be right."))
        if first and last and "starts_on" not in self.errors and not first <= last <= first + LONGEST:
            self.add_error("ends_on", _("The term ends before it begins.") if last < first else _("This day cannot be right."))
        if signed and not EARLIEST <= signed <= today:
            self.add_error("endorsed_on", _("This day cannot be right."))

    def _check_board(self, board):
        if sum(member.position == Position.KETUA for member in board) > 1:
            raise ValidationError(_("A board has one chair: choose another office for one of the two."))
        if not board:
            raise ValidationError(_("Somebody has to serve in the next term."))

    def board(self) -> list[Member]:
        """The next board, not stored yet."""
        data, board = self.cleaned_data, []
        for member in self.members:
            fate = data[f"fate-{member.pk}"]
            if fate == KEEP:
                board.append(handover.kept(member, data[f"position-{member.pk}"]))
            elif fate == REPLACE:
                board.append(handover.successor(member, data[f"name-{member.pk}"].strip()))
        for number in range(JOINERS):
            if name := data[f"new-name-{number}"].strip():
                office = data[f"new-position-{number}"] or Position.ANGGOTA
                board.append(Member(name=name, position=office, element=data[f"new-element-{number}"] or Element.MASYARAKAT))
        return board

    def term(self) -> handover.Term:
        return handover.Term(
            **{name: self.cleaned_data[name] for name in ("starts_on", "ends_on", "endorsed_by", "endorsement_number", "endorsed_on")}
        )
