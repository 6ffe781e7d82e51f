"""What a register lacked of an entry, asked for at a visit and sent with its report: `answers` beside the entry's id."""

from collections import defaultdict
from typing import Any

from django import forms

from patrol.forms import asked


def answer_form(register) -> forms.ModelForm | None:
    """The controls of all that officers are asked to bring of such an entry; the page shows one of them. None where nothing is wanted."""
    wanted = getattr(register, "WANTED", ())
    form = wanted and forms.modelform_factory(register, fields=wanted, formfield_callback=asked)
    return form(prefix="answer") if form else None


def answers_of(draft) -> dict[str, Any]:
    """What was answered, by the columns of the entry."""
    sent = draft.subject_sent.get("answers") or {}
    wanted = getattr(draft.entry.register, "WANTED", ())
    return {name: value for name, value in sent.items() if name in wanted and str(value if value is not None else "").strip()}


def keep_answers(slots, subjects: dict) -> None:
    """Fills what is still empty in the entries; what somebody wrote meanwhile stays. Costs nothing where nobody was asked."""
    told: dict = defaultdict(lambda: defaultdict(dict))
    for slot in slots:
        for name, value in answers_of(slot.draft).items():
            told[slot.draft.entry.register][subjects[slot.draft.subject.uuid].pk][name] = (value, slot.draft.now)
    for register in sorted(told, key=lambda register: register._meta.label):
        fill_in(register, told[register])


def fill_in(register, told: dict[int, dict]) -> None:
    filled, names = [], {"updated_at"}
    for entry in register.objects.filter(pk__in=told).select_for_update(no_key=True).order_by("pk"):
        new = {name: answer for name, answer in told[entry.pk].items() if entry.lacks(name)}
        for name, (value, now) in new.items():
            setattr(entry, name, int(value) if isinstance(value, float) else value)
            entry.updated_at = now
        filled += [entry] if new else []
        names |= set(new)
    if filled:
        register.objects.bulk_update(filled, sorted(names))
