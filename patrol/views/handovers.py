"""Serah terima: started when an officer moves, accepted by the successor with one button, printed as berita acara."""

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.core.validators import ProhibitNullCharactersValidator
from django.db import transaction
from django.db.models import Q
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from mapping.forms import PLEASE_CHOOSE
from patrol import handovers
from patrol.models import Handover, Report
from polmas.people.documents import document_for, serve
from polmas.people.models import Posting, User
from polmas.people.models.absences import KEEPERS
from polmas.people.scope import OFFICERS, READ_WHOLE, in_subtrees, on_day

PER_PAGE = 30
STARTERS = OFFICERS | KEEPERS


class HandoverForm(forms.ModelForm):
    """Who takes over which of the villages, and what there is to say."""

    class Meta:
        model = Handover
        fields = ["to_user", "areas", "note"]
        widgets = {"note": forms.Textarea(attrs={"rows": 5}), "areas": forms.CheckboxSelectMultiple}

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        handover = self.instance
        day = handover.unit.today()
        officers = handovers.officers_of(handover.unit, day).exclude(user=handover.from_user)
        people = User.objects.filter(is_active=True, pk__in=officers.values("user")).order_by("name")
        self.fields["to_user"] = forms.ModelChoiceField(people, label=gettext_lazy("Successor"), empty_label=PLEASE_CHOOSE)
        areas = handovers.areas_to_hand_over(handover.from_user, handover.unit, day)
        self.fields["areas"] = forms.ModelMultipleChoiceField(
            areas, label=capfirst(gettext_lazy("villages")), widget=forms.CheckboxSelectMultiple, initial=list(areas)
        )
        self.fields["areas"].label_from_instance = lambda area: area.title  # type: ignore[attr-defined]
        self.fields["note"].help_text = gettext_lazy("Habits, quarrels that smoulder, promises made, whom to ask. Nothing of a Laporan Informasi.")
        self.fields["note"].validators.append(ProhibitNullCharactersValidator())


class NoteForm(forms.ModelForm):
    """What the predecessor adds until the successor accepts."""

    class Meta:
        model = Handover
        fields = ["note"]
        widgets = {"note": forms.Textarea(attrs={"rows": 5})}

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["note"].validators.append(ProhibitNullCharactersValidator())


def reader(request):
    if not request.user.scope.has(*OFFICERS, *READ_WHOLE):
        raise Http404
    return request.user


def handover_list(request):
    """Handovers in sight, newest first: by name, and those that wait."""
    user = reader(request)
    found = Handover.objects.for_user(user).select_related("from_user", "to_user", "unit").prefetch_related("areas")
    for word in request.GET.get("q", "").replace("\x00", "")[:120].split():
        found = found.filter(Q(from_user__name__icontains=word) | Q(to_user__name__icontains=word))
    if request.GET.get("status") == "menunggu":
        found = found.filter(accepted_at=None)
    page = Paginator(found, PER_PAGE).get_page(request.GET.get("page"))
    context = {"page": page, "asked": request.GET, "may_start": user.scope.has(*STARTERS)}
    return render(request, "patrol/handover_list.html", context)


def handover_create(request):
    """First who hands over (an officer: oneself), then to whom and what."""
    user = reader(request)
    if not user.scope.has(*STARTERS):
        raise Http404
    posting = _posting_asked(request, user)
    if posting is None:
        posts = _posts_kept(user).order_by("user__name", "pk")[:500]
        return render(request, "patrol/handover_choose.html", {"posts": posts})
    handover = Handover(unit=posting.unit, from_user=posting.user, started_by=user)
    form = HandoverForm(request.POST or None, instance=handover)
    if request.method == "POST" and form.is_valid():
        with transaction.atomic():
            handover = form.save(commit=False)
            handovers.photograph(handover, list(form.cleaned_data["areas"]))
            handover.save()
            form.save_m2m()
            handover.announce(user)
        messages.success(request, _("The handover is ready. It waits for the successor."))
        return redirect("patrol:handover_detail", uuid=handover.uuid)
    return render(request, "patrol/handover_form.html", {"form": form, "handover": handover, "posting": posting})


def _posts_kept(user):
    """Posts of officers that the user may start a handover for: of the units kept, and the own one."""
    day = user.post.unit.today()
    posts = Posting.objects.filter(role__in=OFFICERS).exclude(ends_on__lt=day - handovers.JUST_ENDED).select_related("user", "unit")
    return posts.filter(in_subtrees("unit__path", user.scope.paths_as(KEEPERS)) | (Q(user=user) & on_day(day)))


def _posting_asked(request, user) -> Posting | None:
    """The posting named in the address; an officer who keeps no unit means the own one."""
    asked = request.GET.get("penugasan", "")
    posts = _posts_kept(user)
    if asked:
        return get_object_or_404(posts, pk=int(asked) if asked.isdecimal() and len(asked) < 12 else 0)
    return None if user.scope.has(*KEEPERS) else posts.order_by("-starts_on", "pk").first()


def handover_detail(request, uuid):
    """The picture as it was taken; the predecessor's note can be changed until the successor accepts."""
    handover = _handover_of(request, uuid)
    may_change = handover.may_change(request.user)
    form = NoteForm(request.POST or None, instance=handover) if may_change else None
    if request.method == "POST":
        if form is None:
            raise Http404
        if form.is_valid():
            form.save()
            messages.success(request, _("Saved."))
            return redirect("patrol:handover_detail", uuid=uuid)
        handover.refresh_from_db(fields=["note"])
    context = {
        "handover": handover,
        "picture": handovers.read_again(handover.snapshot),
        "readable": _readable(request.user, handover),
        "form": form,
        "may_change": may_change,
        "may_accept": request.user.pk == handover.to_user_id and not handover.is_accepted,
    }
    return render(request, "patrol/handover_detail.html", context)


def _readable(user, handover) -> set[str]:
    """The reports behind the cases that this reader may open; a successor may do so from the first day in the village."""
    named = [case["report"] for case in handover.snapshot.get("cases", {}).get("rows", [])]
    return {str(uuid) for uuid in Report.objects.for_user(user).filter(uuid__in=named).values_list("uuid", flat=True)}


def _handover_of(request, uuid) -> Handover:
    found = Handover.objects.for_user(reader(request)).select_related("from_user", "to_user", "unit", "started_by")
    return get_object_or_404(found, uuid=uuid)


def handover_renew(request, uuid):
    """Takes the picture anew: what was settled since is gone from it."""
    handover = _changed(request, uuid)
    handovers.photograph(handover, list(handover.areas.order_by("code")))
    handover.save(update_fields=["snapshot", "taken_at"])
    messages.success(request, _("The handover shows the state of now."))
    return redirect("patrol:handover_detail", uuid=uuid)


def handover_delete(request, uuid):
    """Drops a handover that nobody accepted."""
    handover = _changed(request, uuid)
    with transaction.atomic():
        handover.delete()
    messages.success(request, _("The handover is dropped."))
    return redirect("patrol:handover_list")


def _changed(request, uuid) -> Handover:
    handover = _handover_of(request, uuid)
    if request.method != "POST" or not handover.may_change(request.user):
        raise Http404
    return handover


def handover_accept(request, uuid):
    """The successor's one button."""
    handover = _handover_of(request, uuid)
    if request.method != "POST" or request.user.pk != handover.to_user_id:
        raise Http404
    try:
        handover.accept(request.user, request.POST.get("version", ""))
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    else:
        messages.success(request, _("You have taken over. The berita acara can be printed."))
    return redirect("patrol:handover_detail", uuid=uuid)


def handover_pdf(request, uuid):
    """The berita acara; before it is accepted, marked as a draft."""
    handover = _handover_of(request, uuid)
    document = document_for("handover", handover.pk, handovers.fingerprint_of(handover), "patrol.render_handover")
    return serve(request, document, f"serah-terima-{handover.from_user.username}-{handover.taken_at:%Y-%m-%d}.pdf")
