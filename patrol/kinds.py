"""The table of kinds: what each kind of report is called, looks like and asks for. A kind is added by one row here."""

import dataclasses
import functools
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from patrol.forms import (
    AccompanimentForm,
    AssistanceForm,
    CoachingForm,
    CoordinationForm,
    CounselForm,
    DetailForm,
    DetectionForm,
    DisasterHelpForm,
    ForumActivityForm,
    GuardForm,
    HearingForm,
    OtherActivityForm,
    PatrolForm,
    PublicationForm,
    ResponseForm,
    SceneActionForm,
    SocialServiceForm,
    TrainingForm,
    VisitForm,
    WatchForm,
)
from patrol.forms_cases import ProblemSolvingForm
from patrol.models import Kind

PLAIN = "patrol/kinds/_plain.html"


class Group:
    """Under what the kinds stand on the page where one is chosen."""

    VISITS = _("Visits")
    ROUNDS = _("Patrols and posts")
    TEACHING = _("Teaching and partnership")
    MATTERS = _("Problems and events")
    OTHER = _("Other")


@dataclasses.dataclass(frozen=True, eq=False)
class KindEntry:
    """One kind of report. `subject` is the column of its detail that names an entry of a register, `template` shows the detail."""

    kind: Kind
    group: str | Promise
    icon: str
    text: str | Promise
    form: type[DetailForm]
    subject: str = ""
    template: str = PLAIN
    is_shared: bool = True  # whether its text may go to WhatsApp

    @property
    def slug(self) -> str:
        """The kind in addresses: /catat/kontrol-kamling/."""
        return self.kind.value.lower().replace("_", "-")

    @property
    def model(self):
        return self.form._meta.model

    @functools.cached_property
    def register(self) -> Any:
        """The register that `subject` points into: a kind of `RegisterEntry`; None where there is no subject."""
        return self.model._meta.get_field(self.subject).related_model if self.subject else None


VISIT = "patrol/kinds/_visit.html"
ENTRIES = (
    KindEntry(Kind.DDS, Group.VISITS, "home-heart", _("From house to house: who, the result, what residents say."), VisitForm, "household", VISIT),
    KindEntry(Kind.SAMBANG_USAHA, Group.VISITS, "building-store", _("A shop, workshop, boarding house or factory."), VisitForm, "business", VISIT),
    KindEntry(Kind.SAMBANG_TOKOH, Group.VISITS, "user-star", _("A religious, customary, youth or village leader."), VisitForm, "contact", VISIT),
    KindEntry(Kind.SAMBANG_KOMUNITAS, Group.VISITS, "users-group", _("A community where it meets."), VisitForm, "community", VISIT),
    KindEntry(
        Kind.PATROLI,
        Group.ROUNDS,
        "route",
        _("A round with its points: one tap each, or the QR code of a post."),
        PatrolForm,
        template="patrol/kinds/_patrol.html",
    ),
    KindEntry(
        Kind.KONTROL_KAMLING,
        Group.ROUNDS,
        "shield-check",
        _("A post of the watch: who stands guard, in what condition."),
        WatchForm,
        "post",
    ),
    KindEntry(Kind.PENJAGAAN, Group.ROUNDS, "shield-half", _("Guarding a place or a post."), GuardForm),
    KindEntry(Kind.PENGATURAN, Group.ROUNDS, "traffic-lights", _("Traffic or a crowd regulated."), GuardForm),
    KindEntry(Kind.PENGAMANAN, Group.ROUNDS, "users", _("An event of residents secured."), GuardForm),
    KindEntry(Kind.BINLUH, Group.TEACHING, "presentation", _("A talk on law and safety: topics, audience, how many."), CounselForm),
    KindEntry(Kind.PEMBINAAN_SWAKARSA, Group.TEACHING, "user-shield", _("Satpam, linmas, pokdar: coached, and their support."), CoachingForm),
    KindEntry(Kind.KOORDINASI, Group.TEACHING, "building-bank", _("With the village head, Babinsa or an agency."), CoordinationForm),
    KindEntry(Kind.PENDAMPINGAN, Group.TEACHING, "building-community", _("Dana desa, bansos and other programmes."), AccompanimentForm),
    KindEntry(Kind.SOSIAL, Group.TEACHING, "heart-handshake", _("What was given to how many."), SocialServiceForm),
    KindEntry(Kind.FKPM, Group.TEACHING, "messages", _("Taking part in a forum's work; minutes stand with the forum."), ForumActivityForm),
    KindEntry(Kind.PS, Group.MATTERS, "puzzle", _("Two parties, the problem, what came of it."), ProblemSolvingForm, is_shared=False),
    KindEntry(Kind.DETEKSI_DINI, Group.MATTERS, "eye-search", _("Something noticed early; can be raised to an LI."), DetectionForm),
    KindEntry(Kind.RESPON_ADUAN, Group.MATTERS, "speakerphone", _("A complaint answered on the spot."), ResponseForm),
    KindEntry(Kind.TPTKP, Group.MATTERS, "alert-octagon", _("First action at the scene of an incident."), SceneActionForm),
    KindEntry(Kind.PERTOLONGAN, Group.MATTERS, "first-aid-kit", _("Somebody lost, hurt, ill or robbed."), AssistanceForm),
    KindEntry(Kind.BENCANA, Group.MATTERS, "flood", _("Help in a disaster: whom it struck, what is needed."), DisasterHelpForm),
    KindEntry(Kind.JUMAT_CURHAT, Group.MATTERS, "microphone", _("What people bring up, the answer, who acts by when."), HearingForm),
    KindEntry(Kind.JUMAT_KELILING, Group.MATTERS, "car", _("The commander's round on Friday, with its items."), HearingForm),
    KindEntry(Kind.MEDIA, Group.OTHER, "news", _("A post, a release, a broadcast."), PublicationForm),
    KindEntry(Kind.PELATIHAN, Group.OTHER, "school", _("A training or coaching that you took part in."), TrainingForm),
    KindEntry(Kind.LAINNYA, Group.OTHER, "dots-circle-horizontal", _("What none of the other kinds says."), OtherActivityForm),
)
KINDS: dict[str, KindEntry] = {entry.kind.value: entry for entry in ENTRIES}
BY_SLUG = {entry.slug: entry for entry in ENTRIES}
