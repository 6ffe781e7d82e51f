"""Who may open what: one row for each page and each route of the API. `tests/test_access.py` walks it with the whole cast."""

import dataclasses
import datetime
import io
import uuid
from collections.abc import Callable

from django.contrib.gis.geos import Point
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone
from PIL import Image

from fkpm import cases, referrals
from fkpm.models import ActionItem, AgendaItem, Forum, Invitation, Meeting, Member, Minutes
from mapping.models import Area, AreaProfile, AreaShape, Beat, Community, Cooperation, Group, GroupMember, Partner, Place, Potential
from patrol import attachments, handovers, photos
from patrol.models import Business, Contact, FieldCheck, Handover, Household, HouseholdMember, Opinion, Report, Visit
from patrol.models.problem_links import link
from polmas.people.models import Absence, ApiToken, Device
from polmas.people.uploads import cleaned
from polmas.summaries.building import build
from polmas.summaries.models import ExportJob, ImportJob, IncidentalReport, SummaryScan, Target
from polmas.summaries.views.exports import posts_of
from tests.cast import PEDALANGAN
from tests.fkpm import accounts, gatherings
from tests.fkpm.cases import make_agreement, make_case, make_forum_agreement, signed
from tests.mapping.incidents import make_incident
from tests.mapping.problems import make_problem
from tests.patrol.campaigns import make_campaign
from tests.patrol.informations import make_information
from tests.patrol.items import file_report
from tests.patrol.orders import send
from tests.summaries import index_scenes, service_scenes

ANYBODY = "anybody signed in"
OFFICERS = ("officer", "colleague", "outsider")
BANYUMANIK = ("kanit", "clerk", "kapolsek", "kasat", "kapolres", "operator")  # who read all of Polsek Banyumanik
POLICE = (*OFFICERS, *BANYUMANIK, "polda_reader")
FIELD = (*OFFICERS, *BANYUMANIK)  # police who read rows, not figures alone
MAP = (*FIELD, "spkt")  # who sees points on a map
READERS = (*BANYUMANIK, "polda_reader")  # who read figures of Polsek Banyumanik
PAPER_READERS = (*READERS, "spkt", "kanit_intelkam")  # who read its summaries: those who write a part of them as well
INCIDENTAL_READERS = (*BANYUMANIK, "spkt", "kanit_intelkam")  # who read its incidental reports
INTELKAM = ("kanit_intelkam", "kasat_intelkam")
SERVING = (*INTELKAM, "spkt", "reskrim", "propam")  # who serve at a unit without reading its reports
LI_READERS = ("kanit", "kanit_intelkam", "kapolsek", "kasat_intelkam", "kapolres")  # who reads every LI of Polsek Banyumanik
CASE_READERS = ("officer", "kanit", "kapolsek", "kasat", "kapolres")  # who read the cases of Polsek Banyumanik, with names
CASE_LEADERS = ("officer", "kanit", "kapolsek")  # who decide in a case of the officer's
INDEX_KEEPERS = ("kanit", "kapolsek", "kasat", "kapolres")  # who keep the board of Banyumanik
INDEX_REASONS = (*INDEX_KEEPERS, *INTELKAM, "reskrim")  # reskrim sits on the board
INDEX = (*INDEX_REASONS, "polda_reader")
FORUM = ("officer", *BANYUMANIK, "chair", "secretary")  # who read FKPM Pedalangan


class Scene:
    """One of everything, at Pedalangan of Polsek Banyumanik, by the officer."""

    def __init__(self, cast):
        self.cast = cast
        unit, village = cast.units.banyumanik, cast.areas["33.74.11.1004"]
        now = timezone.now()
        self.report = Report.objects.create(
            kind="DDS",
            officer=cast.officer,
            unit=unit,
            area=village,
            day=unit.day_of(now),
            occurred_at=now,
            result="Aman.",
            location=Point(PEDALANGAN["lon"], PEDALANGAN["lat"], srid=4326),
            accuracy_m=12,
            content_hashes=["0" * 64],
        )
        self.check = FieldCheck.objects.create(report=self.report, method="phone", assigned_by=cast.kanit)
        self.locked = file_report(cast.officer)
        self.locked.verify(cast.kanit)
        companion = {"kind": "POLRI", "name": "Dewi Lestari", "officer": cast.colleague.username}
        self.joined = file_report(cast.officer, participants=[companion])
        self.household = Household.objects.create(unit=unit, area=village, rw="005", rt="003", head_name="Widodo")
        Visit.objects.create(report=self.report, household=self.household)
        self.housemate = HouseholdMember.objects.create(household=self.household, name="Dimas", relation="ANAK")
        self.business = Business.objects.create(unit=unit, area=village, name="Warung Bu Siti", kind="WARUNG")
        self.contact = Contact.objects.create(unit=unit, area=village, name="H. Slamet", role="TOGA")
        self.photo, _is_new = photos.keep(self.report, uuid.UUID("0192f0c1-7a4e-4c3a-9b5e-2f4f6f0e1a11"), SimpleUploadedFile("a.png", png()))
        self.meeting = Meeting.objects.create(forum=cast.forum, starts_at=now, place="Balai RW 05")
        AgendaItem.objects.create(meeting=self.meeting, order=1, topic="Lampu jalan")
        Minutes.objects.create(meeting=self.meeting)
        cast.forum.statutes, cast.forum.statutes_type = SimpleUploadedFile("adart.jpg", png()), "image/jpeg"
        cast.forum.save()
        invited = Member.objects.create(forum=cast.forum, name="Parjo", starts_on="2024-01-01")
        self.code, self.invitation = Invitation.objects.issue(invited, cast.officer)
        self.founded = Forum.objects.create(unit=unit, area=village, officer=cast.officer, name="FKPM Pedalangan Timur", status="RINTISAN")
        self.member = cast.forum.members.get(user=cast.secretary)
        self.action = ActionItem.objects.create(forum=cast.forum, meeting=self.meeting, text="Ganti lampu", owner_name="Joko", due_on=now.date())
        self.gatherings = gatherings.make(cast, self.meeting, self.action)
        self.summary = build(unit, "monthly", datetime.date(2026, 9, 1))
        self.summary.approve(cast.kapolsek, self.summary.draft_hash)
        self.sent_summary = build(unit, "monthly", datetime.date(2026, 8, 1))
        self.sent_summary.approve(cast.kapolsek, self.sent_summary.draft_hash)
        self.sent_summary.send(cast.kapolsek)
        self.scan_of_summary = SummaryScan.attach(self.summary, cleaned(SimpleUploadedFile("naskah.png", png())), cast.kapolsek)
        self.draft = build(unit, "monthly", datetime.date(2026, 10, 1))
        self.incidental = IncidentalReport(unit=unit, title="Pohon tumbang", what="Pohon menutup jalan.", place="Jl. Tirto Agung", occurred_at=now)
        self.incidental.send(cast.spkt)
        self.posting = cast.officer.postings.get()
        self.absence = Absence.objects.create(
            user=cast.officer,
            unit=unit,
            kind="CUTI",
            starts_on=now.date(),
            ends_on=now.date(),
            substitute=cast.colleague,
            recorded_by=cast.kanit,
        )
        self.handover = Handover(unit=unit, from_user=cast.officer, to_user=cast.colleague, started_by=cast.kanit)
        handovers.photograph(self.handover, [village])
        self.handover.save()
        self.export = ExportJob(layer="posts", form="csv", state="DONE", options={"posts": posts_of(cast.officer)}, requested_by=cast.officer)
        self.export.file.save("posts.csv", SimpleUploadedFile("posts.csv", b"id"))
        self.import_job = ImportJob.objects.create(
            kind="PEOPLE",
            state="DONE",
            filename="personel.xlsx",
            requested_by=cast.operator,
            errors=[{"row": 2, "cells": {}, "errors": [["NRP", "kosong"]]}],
        )
        self.neighbourhood = Area.objects.create(code=f"{village.code}.009", name="009", parent=village)
        AreaProfile(area=village, year=2026, people=5000).keep(by=cast.officer)
        self.area_job = ImportJob.objects.create(
            kind="AREAS",
            state="CHECKED",
            filename="batas.geojson",
            file="imports/batas.dat",
            requested_by=cast.operator,
            lines={"refused": ["33.74.11.9999 Danau"]},
        )
        self.drawing = AreaShape.objects.get(area=village)
        self.area_job.changes.create(code=village.code, name=village.name, outcome="ADDED", after=self.drawing.shape)
        self.beat = Beat.objects.filter(user=cast.officer).first()
        self.directive = send(cast.kapolsek, files=[attachments.checked(SimpleUploadedFile("jadwal.png", png()))])
        self.directive_file = self.directive.files.get()
        self.notification = cast.officer.notifications.first()
        self.target = Target.objects.create(unit=unit, kind="DDS", amount=4, period="day", starts_on=unit.today())
        self.information = make_information(cast)
        self.information.source.name_handler(cast.kanit_intelkam, cast.kasat_intelkam)
        self.information.register(cast.kanit, "RAHASIA", [unit], 1)
        Opinion.objects.create(report=self.report, kind="INFORMASI", text="Ada tamu aneh.")
        self.raised = make_information(cast, cast.kanit, source=False, origin=self.report.uuid, origin_opinion=1)
        self.post = Place.objects.create(unit=unit, area=village, name="Pos RW 05", rw="005")
        self.potential = Potential.objects.create(unit=unit, area=village, kind="SEKOLAH", name="SD Pedalangan 01")
        self.group = Group.objects.create(unit=unit, area=village, kind="LINMAS", name="Linmas Pedalangan")
        self.group_member = GroupMember.objects.create(group=self.group, name="Joko")
        self.partner = Partner.objects.create(unit=unit, area=village, kind="SWASTA", name="PT Maju")
        self.cooperation = Cooperation.objects.create(
            partner=self.partner, scope="CCTV", starts_on=now.date(), file=SimpleUploadedFile("a.jpg", png()), file_type="image/jpeg"
        )
        self.community = Community.objects.create(unit=unit, area=village, basis="HOBI", name="Komunitas Sepeda")
        self.campaign = make_campaign(cast)
        self.incident = make_incident(cast, assigned_to=cast.reskrim)
        self.problem = make_problem(cast)
        self.problem_link = link(self.problem, cast.officer, "SOURCE", report=self.report)
        accounts.prepare(self, png())
        self.case = make_case(cast)
        cases.mediate(self.case, cast.forum, cast.forum.members.filter(user=cast.chair))
        self.settled = make_case(cast)
        self.peace = signed(make_agreement(self.settled, cast.officer), cast.officer)
        self.check_due = self.peace.checks.first()
        self.referred = make_case(cast, category="PIDANA_LAIN", outcome="DILIMPAHKAN")
        self.sent = make_case(cast)
        referrals.hand_over(self.sent, cast.officer, "RESKRIM", unit, cast.reskrim)
        self.returned = make_case(cast, category="NARKOTIKA", outcome="DILIMPAHKAN")
        self.returned.referrals.update(state="RETURNED", result="Bukan wilayah kami.", answered_by=cast.spkt, answered_at=now)
        self.unsigned = make_forum_agreement(cast.forum, cast.officer)
        self.rule = signed(make_forum_agreement(cast.forum, cast.officer, is_for_members=True), cast.officer)
        index_scenes.prepare(self, png())
        service_scenes.prepare(self)
        self.token = ApiToken.objects.issue(cast.officer)[1]
        self.device = Device.objects.create(user=cast.officer, expires_at=now + datetime.timedelta(days=14))


def png() -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (8, 6), "white").save(out, "PNG")
    return out.getvalue()


def nothing(scene):
    return {}


def by(name, attribute="uuid", keyword=None):
    """Keyword arguments of a route: the uuid (or another attribute) of one of the scene's rows."""
    return lambda scene: {keyword or attribute: getattr(getattr(scene, name), attribute)}


@dataclasses.dataclass(frozen=True)
class Row:
    who: tuple[str, ...] | str
    kwargs: Callable = nothing
    method: str = "GET"
    query: str | Callable = ""
    is_public: bool = False
    public_answers: tuple[int, ...] = (200,)

    def address(self, name, scene) -> str:
        return reverse(name, kwargs=self.kwargs(scene)) + (self.query(scene) if callable(self.query) else self.query)


def officers_forum(scene):
    return {"uuid": scene.cast.forum.uuid}


def of_meeting(name, attribute="uuid"):
    """The uuid or number of one of the rows round meetings."""
    return lambda scene: {attribute: getattr(getattr(scene.gatherings, name), attribute)}


def forums_member(scene):
    return {"uuid": scene.cast.forum.uuid, "pk": scene.member.pk}


def village(scene):
    return {"code": "33.74.11.1004"}


def village_and_year(scene):
    return {**village(scene), "year": 2026}


def boards_member(scene):
    return {"uuid": scene.board.uuid, "pk": scene.board_member.pk}


def indicator(name):
    """Keyword arguments of a page about one indicator of a quarter."""
    return lambda scene: {"uuid": getattr(scene, name).uuid, "code": "I1"}


def boards_step(scene):
    return {"uuid": scene.scored.uuid, "pk": scene.step.pk}


def person(scene):
    return {"pk": scene.cast.officer.pk}


def housemate(scene):
    return {"uuid": scene.household.uuid, "pk": scene.housemate.pk}


def groups_member(scene):
    return {"uuid": scene.group.uuid, "pk": scene.group_member.pk}


def partners_cooperation(scene):
    return {"uuid": scene.partner.uuid, "pk": scene.cooperation.pk}


def of_opinion(scene):
    return f"?asal={scene.report.uuid}&pendapat=1"


REPORT = ("officer", *BANYUMANIK)
REGISTER = ("officer", "kanit", "clerk", "operator")  # who write in the registers of Pedalangan
KEEPERS = (*OFFICERS, "kanit", "clerk", "operator")
HANDOVER = ("officer", "colleague", *BANYUMANIK)
MINUTES_WRITERS = ("officer", "chair", "secretary")
INCIDENT_WRITERS = ("spkt", "clerk")
FORUM_KEEPERS = ("officer", "kanit", "clerk", "operator", "chair", "secretary")
PROBLEM_KEEPERS = ("officer", "kanit", "kapolsek", "kapolres")  # who write in the problems of Pedalangan
PROBLEM_WRITERS = (*OFFICERS, "kanit", "kapolsek", "kapolres")
COMMANDERS = ("kanit", "kapolsek", "kasat", "kapolres")  # superiors of the officer in line; operators are none
SERVICE = ("officer", *COMMANDERS)  # who reads how the officer is rated and what is written about the service
SETTERS = ("clerk", "kapolsek", "kasat", "kapolres", "operator", "admin")
MANAGERS = ("clerk", "kapolsek", "kapolres", "operator", "admin")

TABLE = {
    "healthz": Row(ANYBODY, is_public=True, public_answers=(200, 503)),
    "javascript_catalog": Row(ANYBODY, is_public=True),
    # who
    "people:session_create": Row(ANYBODY, is_public=True),
    "people:session_delete": Row(ANYBODY, method="POST", is_public=True, public_answers=(302,)),
    "people:language_update": Row(ANYBODY, method="POST", is_public=True, public_answers=(302,)),
    "people:user_profile": Row(ANYBODY),
    "people:password_update": Row(ANYBODY),
    "people:notification_list": Row(ANYBODY),
    "people:notification_read": Row(ANYBODY, method="POST"),
    "people:notification_open": Row(("officer",), by("notification", "pk"), "POST"),
    "people:token_delete": Row(("officer",), by("token", "pk"), "POST"),
    "people:device_open": Row(ANYBODY, is_public=True),
    "people:device_pin": Row(ANYBODY),
    "people:device_revoke": Row(("officer",), by("device"), "POST"),
    "api:device_state": Row(ANYBODY, by("device"), is_public=True),
    "api:device_key": Row((), method="POST"),  # of the own phone alone: tests/people/test_devices.py
    "api:device_open": Row(ANYBODY, method="POST"),
    "api:token_create": Row(ANYBODY, method="POST", is_public=True, public_answers=(400,)),
    "api:schema": Row(ANYBODY, is_public=True),
    "api:docs": Row(ANYBODY, is_public=True),
    "people:duty_list": Row((*FIELD, *SERVING)),
    "people:duty_pdf": Row((*FIELD, *SERVING)),
    "people:duty_copy": Row(("kanit", "clerk", "operator"), method="POST", query="?satuan=POLSEK-BANYUMANIK"),
    "people:duty_update": Row(("kanit", "clerk", "operator"), lambda scene: {"day": datetime.date(2026, 11, 20)}, query="?satuan=POLSEK-BANYUMANIK"),
    # where
    "mapping:absence_list": Row(FIELD),
    "mapping:absence_create": Row(("kanit", "clerk", "operator")),
    "mapping:absence_update": Row(("officer", "colleague", *BANYUMANIK), by("absence", "pk")),
    "mapping:absence_end": Row(("kanit", "clerk", "operator"), by("absence", "pk"), "POST"),
    "mapping:absence_delete": Row(("kanit", "clerk", "operator"), by("absence", "pk"), "POST"),
    "api:area_list": Row((*POLICE, *SERVING, "admin")),
    "api:area_locate": Row((*POLICE, *SERVING, "admin"), query="?lat=-7.0629&lon=110.4280"),
    "api:area_detail": Row((*POLICE, *SERVING, "admin"), village),
    "patrol:area_list": Row((*POLICE, *SERVING, "admin")),
    "patrol:area_detail": Row((*POLICE, *SERVING, "admin"), village),
    "mapping:profile_create": Row(("officer", "kanit", "clerk", "operator"), village),
    "mapping:profile_update": Row(("officer", "kanit", "clerk", "operator"), village_and_year),
    "mapping:profile_delete": Row(("officer", "kanit", "clerk", "operator"), village_and_year, "POST"),
    "mapping:profile_pdf": Row((*POLICE, *SERVING), village_and_year),
    "mapping:part_create": Row(("kanit", "clerk", "operator"), village),
    "mapping:part_update": Row(("kanit", "clerk", "operator"), lambda scene: {"code": scene.neighbourhood.code}),
    "mapping:part_close": Row(("kanit", "clerk", "operator"), lambda scene: {"code": scene.neighbourhood.code}, "POST"),
    "mapping:incident_list": Row((*FIELD, "spkt", "reskrim")),
    "mapping:incident_export": Row((*FIELD, "spkt", "reskrim")),
    "mapping:incident_create": Row(INCIDENT_WRITERS),
    "mapping:incident_detail": Row((*REPORT, "spkt", "reskrim"), by("incident")),
    "mapping:incident_update": Row(INCIDENT_WRITERS, by("incident")),
    "mapping:incident_history": Row(INCIDENT_WRITERS, by("incident")),
    "mapping:incident_handle": Row((*INCIDENT_WRITERS, "reskrim"), by("incident"), "POST"),
    "mapping:incident_assign": Row((*INCIDENT_WRITERS, "kanit", "kapolsek"), by("incident"), "POST"),
    "mapping:incident_flag": Row(("spkt", "kapolsek"), by("incident"), "POST"),
    "mapping:incident_withdraw": Row(INCIDENT_WRITERS, by("incident"), "POST"),
    "api:incident_list": Row((*FIELD, "spkt", "reskrim")),
    "api:incident_detail": Row((*REPORT, "spkt", "reskrim"), by("incident")),
    "api:incident_withdraw": Row(INCIDENT_WRITERS, by("incident"), "POST"),
    "api:statement_create": Row(INCIDENT_WRITERS, method="POST"),
    "mapping:flag_list": Row(("kapolres", "propam", "polda_reader")),
    "mapping:statement_list": Row((*BANYUMANIK, "spkt")),
    "mapping:statement_create": Row(INCIDENT_WRITERS, method="POST"),
    "mapping:problem_list": Row((*FIELD, *INTELKAM, "reskrim")),
    "mapping:problem_export": Row((*FIELD, *INTELKAM, "reskrim")),
    "api:problem_list": Row((*FIELD, *INTELKAM, "reskrim")),
    "api:problem_detail": Row((*REPORT, *INTELKAM), by("problem")),
    "api:problem_step_list": Row((*REPORT, *INTELKAM), by("problem")),
    "api:problem_close": Row(("kanit", "kapolsek", "kapolres"), by("problem"), "POST"),
    "api:problem_reopen": Row(("kanit", "kapolsek", "kapolres"), by("problem"), "POST"),
    "patrol:problem_create": Row(PROBLEM_WRITERS),
    "patrol:problem_choose": Row((*REPORT,), lambda scene: {}, query=lambda scene: f"?laporan={scene.report.uuid}"),
    "patrol:problem_detail": Row((*REPORT, *INTELKAM), by("problem")),
    "patrol:problem_update": Row(PROBLEM_KEEPERS, by("problem")),
    "patrol:problem_delete": Row(PROBLEM_KEEPERS, by("problem"), "POST"),
    "patrol:problem_step": Row(PROBLEM_KEEPERS, by("problem"), "POST"),
    "patrol:problem_close": Row(("kanit", "kapolsek", "kapolres"), by("problem"), "POST"),
    "patrol:problem_link": Row(PROBLEM_KEEPERS, by("problem")),
    "patrol:problem_unlink": Row(PROBLEM_KEEPERS, lambda scene: {"uuid": scene.problem.uuid, "pk": scene.problem_link.pk}, "POST"),
    # what was done
    "api:me": Row(ANYBODY),
    "api:household_list": Row(FIELD),
    "api:business_list": Row(FIELD),
    "api:contact_list": Row(FIELD),
    "api:place_list": Row(FIELD),
    "api:report_list": Row(FIELD),
    "api:report_sync": Row((*OFFICERS, "kanit", "clerk"), method="POST"),
    "api:report_detail": Row(REPORT, by("report")),
    "api:photo_create": Row(("officer",), by("report"), "POST"),
    "api:report_review": Row(("kanit",), by("report"), "POST"),
    "api:post_detail": Row(("officer", "colleague"), by("post")),
    "api:supplement_list": Row(REPORT, by("report")),
    "api:report_confirm": Row(("officer",), by("report"), "POST"),
    "api:colleague_list": Row((*OFFICERS, "kanit", "clerk")),
    "api:participation_list": Row((*OFFICERS, "kanit", "clerk")),
    "patrol:report_confirm": Row(("officer",), by("report"), "POST"),
    "patrol:behalf_choose": Row(
        (
            "kanit",
            "clerk",
        )
    ),
    "patrol:behalf_list": Row(
        (
            "kanit",
            "clerk",
        )
    ),
    "patrol:joined_list": Row(OFFICERS),
    "patrol:joined_detail": Row(("colleague",), by("joined")),
    "api:report_withdraw": Row(("officer",), by("report"), "POST"),
    "patrol:handover_list": Row(FIELD),
    "patrol:handover_create": Row((*OFFICERS, "kanit", "clerk", "operator")),
    "patrol:handover_detail": Row(HANDOVER, by("handover")),
    "patrol:handover_renew": Row(("officer", "kanit", "clerk", "operator"), by("handover"), "POST"),
    "patrol:handover_delete": Row(("officer", "kanit", "clerk", "operator"), by("handover"), "POST"),
    "patrol:handover_accept": Row(("colleague",), by("handover"), "POST"),
    "patrol:handover_pdf": Row(HANDOVER, by("handover")),
    "patrol:report_choose": Row(OFFICERS),
    "patrol:recap": Row(FIELD),
    "patrol:report_pdf": Row(REPORT, by("report")),
    "patrol:book_list": Row(FIELD),
    "patrol:book_detail": Row(FIELD, lambda scene: {"slug": "mutasi"}),
    "patrol:bos_detail": Row(("officer", "clerk", "operator"), by("report")),
    "patrol:bos_setup": Row(
        (
            "clerk",
            "operator",
        )
    ),
    "patrol:bos_setup_form": Row(
        (
            "clerk",
            "operator",
        ),
        lambda scene: {"slug": "dds"},
    ),
    "patrol:report_create": Row(OFFICERS, lambda scene: {"slug": "dds"}),
    "patrol:report_update": Row(("officer",), lambda scene: {"slug": "dds", "uuid": scene.report.uuid}),
    "patrol:outbox_list": Row((*OFFICERS, "kanit", "clerk")),
    "patrol:report_list": Row(FIELD),
    "patrol:report_export": Row(FIELD),
    "patrol:report_detail": Row(REPORT, by("report")),
    "patrol:report_withdraw": Row(("officer",), by("report"), "POST"),
    "patrol:thanks_create": Row(("kanit", "kapolsek", "kasat", "kapolres"), by("report"), "POST"),
    "patrol:thanks_seen": Row(OFFICERS, method="POST"),
    "patrol:directive_list": Row((*POLICE, *SERVING)),
    "patrol:directive_create": Row(("kanit", "kapolsek", "kasat", "kapolres")),
    "patrol:directive_detail": Row(("kapolsek", "kapolres", "officer", "colleague"), by("directive")),
    "patrol:directive_file": Row(("kapolsek", "kapolres", "officer", "colleague"), by("directive_file")),
    "patrol:directive_read": Row(("officer", "colleague"), by("directive"), "POST"),
    "patrol:directive_follow": Row(("officer", "colleague"), by("directive"), "POST"),
    "patrol:directive_remind": Row(("kapolsek", "kapolres"), by("directive"), "POST"),
    "patrol:directive_close": Row(("kapolsek", "kapolres"), by("directive"), "POST"),
    "patrol:campaign_list": Row(FIELD),
    "patrol:campaign_export": Row(FIELD),
    "patrol:campaign_create": Row(
        (
            "clerk",
            "operator",
        )
    ),
    "patrol:campaign_detail": Row(FIELD, by("campaign")),
    "patrol:campaign_rows": Row(FIELD, by("campaign")),
    "patrol:campaign_update": Row(("operator",), by("campaign")),
    "patrol:campaign_end": Row(("operator",), by("campaign"), "POST"),
    "patrol:campaign_delete": Row(("operator",), by("campaign"), "POST"),
    "api:campaign_list": Row(FIELD),
    "api:campaign_detail": Row(FIELD, by("campaign")),
    "api:directive_list": Row((*POLICE, *SERVING)),
    "api:directive_read": Row(("officer", "colleague"), by("directive"), "POST"),
    "api:directive_follow_up": Row(("officer", "colleague"), by("directive"), "POST"),
    "patrol:report_versions": Row(REPORT, by("report")),
    "patrol:supplement_create": Row(("officer",), by("locked")),
    "patrol:review_list": Row(("kanit",)),
    "patrol:review_verify": Row(("kanit",), method="POST"),
    "patrol:review_undo": Row(("kanit",), method="POST"),
    "patrol:check_list": Row(("kanit",)),
    "patrol:check_draw": Row(("kanit",), method="POST"),
    "patrol:check_create": Row(("kanit",), by("report"), "POST"),
    "patrol:check_close": Row(("kanit",), by("check", "pk"), "POST"),
    "patrol:review_detail": Row(("kanit",), by("report")),
    "patrol:photo_detail": Row(REPORT, by("photo")),
    "patrol:photo_thumbnail": Row(REPORT, by("photo")),
    **{
        f"patrol:{register}_{action}": row
        for register in ("household", "business", "contact")
        for action, row in {
            "list": Row(FIELD),
            "export": Row(BANYUMANIK),
            "create": Row(KEEPERS),
            "detail": Row(REPORT, by(register)),
            "update": Row(REGISTER, by(register)),
            "phones": Row(REPORT, by(register), "POST"),
            "delete": Row(REGISTER, by(register), "POST"),
        }.items()
    },
    "patrol:card_detail": Row(OFFICERS),
    "patrol:card_pdf": Row(OFFICERS),
    "patrol:member_create": Row(REGISTER, by("household")),
    "patrol:member_update": Row(REGISTER, housemate),
    "patrol:member_delete": Row(REGISTER, housemate, "POST"),
    "api:information_sync": Row(OFFICERS, method="POST"),
    "api:information_detail": Row(("officer",), by("information")),
    "patrol:information_create": Row(OFFICERS),
    "patrol:information_update": Row(("officer",), by("information")),
    "patrol:information_raise": Row(("kanit",), query=of_opinion),
    "patrol:information_revise": Row(("kanit",), by("raised")),
    "patrol:information_list": Row((*OFFICERS, *LI_READERS)),
    "patrol:information_book": Row(LI_READERS),
    "patrol:information_detail": Row(("officer", *LI_READERS), by("information")),
    "patrol:information_register": Row(LI_READERS, by("information"), "POST"),
    "patrol:information_return": Row(LI_READERS, by("information"), "POST"),
    "patrol:information_rate": Row(LI_READERS, by("information"), "POST"),
    "patrol:information_dispose": Row(LI_READERS, by("information"), "POST"),
    "patrol:information_handler": Row(LI_READERS, by("information"), "POST"),
    "patrol:source_open": Row(("officer", "kasat_intelkam"), by("information"), "POST"),
    "patrol:information_pdf": Row(("officer", *LI_READERS), by("information")),
    **{
        f"patrol:{register}_{action}": row
        for register in ("potential", "group", "partner", "community")
        for action, row in {
            "list": Row((*FIELD, *INTELKAM) if register == "potential" else FIELD),
            "export": Row((*FIELD, *INTELKAM) if register == "potential" else FIELD),
            "create": Row(KEEPERS),
            "detail": Row((*REPORT, *INTELKAM) if register == "potential" else REPORT, by(register)),
            "update": Row(REGISTER, by(register)),
            "phones": Row((*REPORT, *INTELKAM) if register == "potential" else REPORT, by(register), "POST"),
            "confirm": Row(REGISTER, by(register), "POST"),
            "close": Row(REGISTER, by(register), "POST"),
            "delete": Row(REGISTER, by(register), "POST"),
        }.items()
    },
    **{
        f"api:{register}_{action}": row
        for register in ("potential", "group", "partner", "community")
        for action, row in {
            "list": Row((*FIELD, *INTELKAM) if register == "potential" else FIELD),
            "detail": Row((*REPORT, *INTELKAM) if register == "potential" else REPORT, by(register)),
            "close": Row(REGISTER, by(register), "POST"),
            "reopen": Row(REGISTER, by(register), "POST"),
        }.items()
    },
    "patrol:group_member_create": Row(REGISTER, by("group")),
    "patrol:group_member_update": Row(REGISTER, groups_member),
    "patrol:group_member_delete": Row(REGISTER, groups_member, "POST"),
    "patrol:cooperation_create": Row(REGISTER, by("partner")),
    "patrol:cooperation_update": Row(REGISTER, partners_cooperation),
    "patrol:cooperation_delete": Row(REGISTER, partners_cooperation, "POST"),
    "patrol:cooperation_file": Row(REPORT, partners_cooperation),
    "patrol:post_roster": Row(("officer", "kanit", "clerk", "operator"), by("post")),
    "patrol:post_export": Row(FIELD),
    "patrol:post_list": Row(FIELD),
    "patrol:post_create": Row((*OFFICERS, "kanit", "clerk", "operator")),
    "patrol:post_detail": Row((*REPORT, "colleague"), by("post")),
    "patrol:post_update": Row(("officer", "kanit", "clerk", "operator"), by("post")),
    "patrol:post_close": Row(("officer", "kanit", "clerk", "operator"), by("post"), "POST"),
    "patrol:post_sheet": Row(("officer", "kanit", "clerk", "operator"), by("post")),
    # with whom
    "api:forum_list": Row(ANYBODY),
    "api:forum_detail": Row(FORUM, officers_forum),
    "api:member_list": Row(FORUM, officers_forum),
    "api:invitation_list": Row(FORUM_KEEPERS, officers_forum),
    "api:member_detail": Row(FORUM_KEEPERS, lambda scene: {"uuid": scene.cast.forum.members.first().uuid}),
    "api:member_invitation": Row(FORUM_KEEPERS, lambda scene: {"uuid": scene.cast.forum.members.first().uuid}, "POST"),
    "api:meeting_list": Row(ANYBODY),
    "api:meeting_detail": Row(FORUM, by("meeting")),
    "api:minutes_detail": Row(FORUM, by("meeting")),
    "api:action_list": Row(ANYBODY),
    "api:action_detail": Row(FORUM, by("action")),
    "fkpm:forum_list": Row(ANYBODY),
    "fkpm:forum_create": Row((*OFFICERS, "kanit", "clerk", "operator")),
    "fkpm:forum_detail": Row(FORUM, officers_forum),
    "fkpm:forum_update": Row(FORUM_KEEPERS, officers_forum),
    "fkpm:statutes_file": Row(FORUM, officers_forum),
    "fkpm:founding_create": Row((*OFFICERS, "kanit", "clerk", "operator")),
    "fkpm:founding_detail": Row(FORUM, officers_forum),
    "fkpm:founding_cancel": Row(("officer", "kanit", "clerk", "operator"), by("founded")),
    "fkpm:founding_resume": Row(("officer", "kanit", "clerk", "operator"), by("founded"), "POST"),
    "fkpm:founding_meeting": Row(("officer", "kanit", "clerk", "operator"), lambda scene: {"uuid": scene.founded.uuid, "kind": "sosialisasi"}),
    "fkpm:endorsement_update": Row(FORUM_KEEPERS, officers_forum),
    "fkpm:member_list": Row(FORUM, officers_forum),
    "fkpm:member_create": Row(FORUM_KEEPERS, officers_forum),
    "fkpm:member_update": Row(FORUM_KEEPERS, forums_member),
    "fkpm:handover_create": Row(FORUM_KEEPERS, officers_forum),
    "fkpm:term_list": Row(FORUM, officers_forum),
    "fkpm:board_pdf": Row(FORUM, officers_forum),
    "fkpm:member_pdf": Row(FORUM, officers_forum),
    "fkpm:member_xlsx": Row(FORUM_KEEPERS, officers_forum),
    "fkpm:invitation_list": Row(FORUM_KEEPERS, officers_forum),
    "fkpm:invitation_revoke": Row(FORUM_KEEPERS, lambda scene: {"uuid": scene.cast.forum.uuid, "pk": scene.invitation.pk}, "POST"),
    "fkpm:invitation_open": Row(ANYBODY, is_public=True),
    "fkpm:invitation_accept": Row(ANYBODY, lambda scene: {"code": scene.code}, is_public=True),
    "fkpm:meeting_list": Row(FORUM, officers_forum),
    "fkpm:meeting_export": Row(FORUM, officers_forum),
    **{name: Row(who, kwargs or officers_forum, **more) for name, (who, kwargs, more) in accounts.ROWS.items()},
    "fkpm:meeting_create": Row(MINUTES_WRITERS, officers_forum),
    "fkpm:meeting_detail": Row(FORUM, by("meeting")),
    "fkpm:minutes_update": Row(MINUTES_WRITERS, by("meeting")),
    "fkpm:minutes_adopt": Row(("chair", "secretary"), by("meeting"), "POST"),
    "fkpm:minutes_pdf": Row(FORUM, by("meeting")),
    "fkpm:minutes_list": Row(ANYBODY),
    "fkpm:meeting_invite": Row(MINUTES_WRITERS, of_meeting("coming"), "POST"),
    "fkpm:meeting_reply": Row(("chair", "secretary"), of_meeting("coming"), "POST"),
    "fkpm:meeting_cancel": Row(MINUTES_WRITERS, of_meeting("coming")),
    "fkpm:meeting_calendar": Row(FORUM, of_meeting("coming")),
    "fkpm:attendance_update": Row(MINUTES_WRITERS, by("meeting")),
    "fkpm:signature_detail": Row(FORUM, lambda scene: {"uuid": scene.meeting.uuid, "pk": scene.gatherings.signed.pk}),
    "fkpm:minutes_circulate": Row(MINUTES_WRITERS, by("meeting"), "POST"),
    "fkpm:comment_create": Row(MINUTES_WRITERS, by("meeting"), "POST"),
    "fkpm:comment_answer": Row(MINUTES_WRITERS, of_meeting("comment", "pk"), "POST"),
    "fkpm:file_create": Row(MINUTES_WRITERS, by("meeting")),
    "fkpm:file_detail": Row(FORUM, of_meeting("file")),
    "fkpm:file_delete": Row(MINUTES_WRITERS, of_meeting("file"), "POST"),
    "fkpm:paper_adopt": Row(("officer",), by("meeting"), "POST"),
    "fkpm:addendum_create": Row(MINUTES_WRITERS, of_meeting("adopted")),
    "fkpm:addendum_detail": Row(FORUM, of_meeting("addendum", "pk")),
    "fkpm:addendum_update": Row(MINUTES_WRITERS, of_meeting("addendum", "pk")),
    "fkpm:addendum_adopt": Row(("chair", "secretary"), of_meeting("addendum", "pk"), "POST"),
    "fkpm:addendum_circulate": Row(MINUTES_WRITERS, of_meeting("addendum", "pk"), "POST"),
    "fkpm:addendum_comment": Row(MINUTES_WRITERS, of_meeting("addendum", "pk"), "POST"),
    "fkpm:action_board": Row(ANYBODY),
    "fkpm:action_photo": Row(FORUM, lambda scene: {"pk": scene.action.pk, "uuid": scene.gatherings.evidence.uuid}),
    "fkpm:action_list": Row(FORUM, officers_forum),
    "fkpm:action_export": Row(FORUM, officers_forum),
    "fkpm:action_board_export": Row(ANYBODY),
    "fkpm:action_update": Row(MINUTES_WRITERS, by("action", "pk")),
    "api:case_list": Row(ANYBODY),
    "api:case_detail": Row((*CASE_READERS, "chair"), by("case")),
    "api:agreement_list": Row(ANYBODY),
    "api:agreement_detail": Row(CASE_READERS, by("peace")),
    "fkpm:case_list": Row((*CASE_READERS, "colleague", "outsider", "spkt", "reskrim", "chair")),
    "fkpm:case_export": Row((*CASE_READERS, "colleague", "outsider", "spkt", "reskrim", "chair")),
    "fkpm:case_detail": Row((*CASE_READERS, "chair"), by("case")),
    "fkpm:case_update": Row(CASE_LEADERS, by("case")),
    "fkpm:case_assess": Row(CASE_LEADERS, by("case"), "POST"),
    "fkpm:session_create": Row((*CASE_LEADERS, "chair"), by("case"), "POST"),
    "fkpm:case_mediate": Row(CASE_LEADERS, by("case"), "POST"),
    "fkpm:case_keep": Row(("kanit", "kapolsek"), by("case"), "POST"),
    "fkpm:referral_create": Row(CASE_LEADERS, by("returned")),
    "fkpm:referral_answer": Row(("spkt",), by("referred"), "POST"),
    "fkpm:referral_withdraw": Row(CASE_LEADERS, by("sent"), "POST"),
    "fkpm:agreement_list": Row(ANYBODY),
    "fkpm:agreement_create": Row((*CASE_LEADERS, "chair"), by("case")),
    "fkpm:forum_agreement_create": Row(("officer", "kanit", "chair", "secretary"), officers_forum),
    "fkpm:agreement_detail": Row(CASE_READERS, by("peace")),
    "fkpm:agreement_update": Row(("officer", "kanit", "chair", "secretary"), by("unsigned")),
    "fkpm:agreement_succeed": Row(CASE_LEADERS, by("peace")),
    "fkpm:agreement_pdf": Row(CASE_READERS, by("peace")),
    "fkpm:agreement_sign": Row(("officer", "kanit", "chair", "secretary"), by("unsigned"), "POST"),
    "fkpm:agreement_scan": Row(CASE_READERS, by("peace")),
    "fkpm:agreement_cancel": Row(("officer", "kanit", "chair", "secretary"), by("unsigned"), "POST"),
    "fkpm:agreement_break": Row(CASE_LEADERS, by("peace"), "POST"),
    "fkpm:check_update": Row(CASE_LEADERS, lambda scene: {"uuid": scene.peace.uuid, "pk": scene.check_due.pk}, "POST"),
    # what commanders read
    "api:count_list": Row(READERS, query="?unit=POLSEK-BANYUMANIK&from=2026-11-01&to=2026-11-30&by=kind"),
    "api:map_clusters": Row(MAP, query="?bbox=110.3,-7.2,110.6,-6.9&zoom=12"),
    "api:map_squares": Row(MAP, query="?bbox=110.3,-7.2,110.6,-6.9&zoom=12"),
    "api:map_hours": Row(MAP, query="?bbox=110.3,-7.2,110.6,-6.9&zoom=12"),
    "api:map_hotspots": Row(MAP, query="?bbox=110.3,-7.2,110.6,-6.9&zoom=12"),
    "api:map_tile": Row(MAP, lambda scene: {"layer": "visits", "z": 12, "x": 3304, "y": 2128}),
    "api:map_own": Row(OFFICERS),
    "api:map_search": Row(MAP, query="?q=pedalangan"),
    "api:summary-list": Row(ANYBODY),
    "api:summary-detail": Row(PAPER_READERS, by("summary")),
    "api:summary_pdf": Row(PAPER_READERS, by("summary")),
    "api:summary_approve": Row(("kapolsek",), by("draft"), "POST"),
    "api:summary_send": Row(("kanit", "kapolsek"), by("summary"), "POST"),
    "api:summary_receive": Row(("kapolres", "kasat"), by("sent_summary"), "POST"),
    "api:summary_return": Row(("kapolres", "kasat"), by("sent_summary"), "POST"),
    "api:summary_xlsx": Row(PAPER_READERS, by("summary")),
    "api:summary_docx": Row(PAPER_READERS, by("summary")),
    "summaries:home": Row(ANYBODY),
    "summaries:service_worker": Row(ANYBODY, is_public=True),
    "summaries:shell": Row(ANYBODY, lambda scene: {"name": "catat/dds"}, is_public=True),
    "api:home": Row(OFFICERS),
    "summaries:more": Row(ANYBODY),
    "summaries:dashboard": Row(READERS),
    "summaries:dashboard_export": Row(READERS),
    "summaries:dashboard_gaps": Row(READERS),
    "summaries:dashboard_rows": Row(READERS),
    "summaries:dashboard_standouts": Row(READERS),
    "summaries:dashboard_shapes": Row(READERS, query="?satuan=POLSEK-BANYUMANIK"),
    "summaries:map_page": Row(MAP),
    "summaries:base_map": Row(ANYBODY),
    "summaries:map_print": Row(MAP),
    "summaries:map_pdf": Row(MAP, query="?saat=202611231200"),
    "summaries:activity_file": Row(FIELD),
    "summaries:export_list": Row(MAP),
    "summaries:export_detail": Row(("officer",), by("export")),
    "summaries:export_download": Row(("officer",), by("export")),
    "summaries:map_data": Row(MAP, query="?bbox=110.3,-7.2,110.6,-6.9&zoom=12"),
    "api:score-list": Row(ANYBODY),
    "api:score-detail": Row(SERVICE, by("score")),
    "summaries:score_list": Row((*OFFICERS, *COMMANDERS)),
    "summaries:score_export": Row(COMMANDERS),
    "summaries:score_detail": Row(SERVICE, person),
    "summaries:score_rows": Row(SERVICE, lambda scene: {**person(scene), "what": "perkara"}),
    "summaries:award_list": Row((*OFFICERS, *COMMANDERS, "chair", "secretary", "other_secretary")),
    "summaries:award_candidates": Row(COMMANDERS),
    "summaries:award_create": Row(COMMANDERS, query="?kategori=LOCAL_HERO"),
    "summaries:award_detail": Row(SERVICE, by("award")),
    "summaries:award_pdf": Row(SERVICE, by("award")),
    "summaries:note_list": Row((*OFFICERS, *COMMANDERS)),
    "summaries:note_create": Row(COMMANDERS),
    "summaries:note_detail": Row(SERVICE, by("note")),
    "summaries:note_read": Row(("officer",), by("note"), "POST"),
    "summaries:note_answer": Row(("officer",), by("note"), "POST"),
    "summaries:note_withdraw": Row(COMMANDERS, by("note"), "POST"),
    "summaries:session_list": Row((*OFFICERS, *COMMANDERS)),
    "summaries:session_create": Row(COMMANDERS),
    "summaries:session_detail": Row(SERVICE, by("session")),
    "summaries:session_hold": Row(COMMANDERS, by("session"), "POST"),
    "summaries:session_cancel": Row(COMMANDERS, by("session"), "POST"),
    "summaries:weights_list": Row(SETTERS),
    "summaries:weights_create": Row(SETTERS),
    "summaries:weights_update": Row(SETTERS[:-1], by("weights", "pk")),
    "summaries:weights_delete": Row(SETTERS[:-1], by("weights", "pk"), "POST"),
    "summaries:progress_list": Row(FIELD),
    "summaries:progress_detail": Row(REPORT, person),
    "summaries:summary_list": Row((*PAPER_READERS, "kasat_intelkam")),
    "summaries:summary_export": Row((*PAPER_READERS, "kasat_intelkam"), query="?bentuk=csv"),
    "summaries:summary_receive_many": Row((*PAPER_READERS, "kasat_intelkam"), method="POST"),
    "summaries:summary_detail": Row(PAPER_READERS, by("summary")),
    "summaries:summary_update": Row(("kanit", "kanit_intelkam", "kapolsek", "spkt"), by("draft")),
    "summaries:incidental_list": Row((*INCIDENTAL_READERS, "reskrim", "kasat_intelkam")),
    "summaries:incidental_create": Row(("kanit", "kanit_intelkam", "kapolsek", "spkt", "reskrim", "kasat", "kasat_intelkam", "kapolres")),
    "summaries:incidental_detail": Row((*INCIDENTAL_READERS, "reskrim"), by("incidental")),
    "summaries:incidental_supplement": Row(("kanit", "kanit_intelkam", "kapolsek", "spkt", "reskrim"), by("incidental")),
    "summaries:incidental_receive": Row(("kasat", "kapolres"), by("incidental"), "POST"),
    "summaries:incidental_pdf": Row((*INCIDENTAL_READERS, "reskrim"), by("incidental")),
    "summaries:summary_compare": Row(PAPER_READERS, lambda scene: {"uuid": scene.summary.uuid, "revision": 1}),
    "summaries:summary_send": Row(("kanit", "kapolsek"), by("summary"), "POST"),
    "summaries:summary_receive": Row(("kapolres", "kasat"), by("sent_summary"), "POST"),
    "summaries:summary_return": Row(("kapolres", "kasat"), by("sent_summary")),
    "summaries:summary_rebuild": Row(("kanit", "kapolsek"), by("draft"), "POST"),
    "summaries:summary_approve": Row(("kapolsek",), by("draft"), "POST"),
    "summaries:summary_pdf": Row(PAPER_READERS, by("summary")),
    "summaries:summary_xlsx": Row(PAPER_READERS, by("summary")),
    "summaries:summary_docx": Row(PAPER_READERS, by("summary")),
    "summaries:summary_officers": Row(PAPER_READERS, by("summary")),
    "summaries:summary_photos": Row(("kanit", "kapolsek"), by("draft")),
    "summaries:scan_create": Row(("kanit", "kapolsek"), by("summary")),
    "summaries:scan_detail": Row(BANYUMANIK, by("scan_of_summary")),
    "summaries:index_list": Row(INDEX),
    "summaries:index_compare": Row(INDEX),
    "summaries:index_step_list": Row(INDEX_REASONS),
    "summaries:index_scheme_list": Row((*INDEX, "admin")),
    "summaries:index_scheme_create": Row(("admin",)),
    "summaries:index_board_create": Row(INDEX_KEEPERS),
    "summaries:index_board_detail": Row(INDEX, by("board")),
    "summaries:index_board_update": Row(INDEX_KEEPERS, by("board")),
    "summaries:index_member_create": Row(INDEX_KEEPERS, by("board")),
    "summaries:index_member_update": Row(INDEX_KEEPERS, boards_member),
    "summaries:index_member_delete": Row(INDEX_KEEPERS, boards_member, "POST"),
    "summaries:index_period_create": Row(INDEX_KEEPERS, by("board")),
    "summaries:index_evidence_file": Row(INDEX_REASONS, by("evidence")),
    "summaries:index_evidence_delete": Row(("reskrim",), by("open_evidence"), "POST"),
    "summaries:index_detail": Row(INDEX, by("scored")),
    "summaries:index_move": Row(INDEX_KEEPERS, by("scored"), "POST"),
    "summaries:index_score_sheet": Row(("reskrim",), by("quarter")),
    "summaries:index_score_update": Row(("reskrim",), indicator("quarter")),
    "summaries:index_indicator_detail": Row(INDEX_REASONS, indicator("scored")),
    "summaries:index_agreed_update": Row(INDEX_KEEPERS, by("scored")),
    "summaries:index_step_create": Row(INDEX_KEEPERS, by("scored")),
    "summaries:index_step_update": Row(INDEX_KEEPERS, boards_step),
    "summaries:index_step_move": Row(INDEX_KEEPERS, boards_step),
    "summaries:index_step_delete": Row(INDEX_KEEPERS, boards_step, "POST"),
    "summaries:index_import": Row(INDEX_KEEPERS, by("quarter")),
    "summaries:index_template": Row(INDEX_KEEPERS, by("quarter")),
    "summaries:index_pdf": Row(INDEX, by("scored")),
    "summaries:index_export": Row(INDEX, by("scored"), query="?bentuk=csv"),
    "summaries:manage_home": Row(MANAGERS),
    "summaries:user_list": Row(MANAGERS),
    "summaries:user_create": Row(("clerk", "operator", "admin")),
    "summaries:user_update": Row(MANAGERS, person),
    "summaries:user_password": Row(("clerk", "operator", "admin"), person, "POST"),
    "summaries:device_revoke": Row(("clerk", "operator", "admin"), lambda scene: {"pk": scene.cast.officer.pk, "uuid": scene.device.uuid}, "POST"),
    "summaries:user_close": Row(("clerk", "operator", "admin"), person, "POST"),
    "summaries:user_open": Row(("clerk", "operator", "admin"), person, "POST"),
    "summaries:posting_create": Row(("clerk", "operator", "admin"), person),
    "summaries:posting_supervisor": Row(("clerk", "operator", "admin"), by("posting", "pk")),
    "summaries:posting_end": Row(("clerk", "operator", "admin"), by("posting", "pk"), "POST"),
    "summaries:beat_create": Row(("clerk", "operator", "admin"), person),
    "summaries:beat_end": Row(("clerk", "operator", "admin"), by("beat", "pk"), "POST"),
    "summaries:area_list": Row(MANAGERS),
    "summaries:unit_list": Row(MANAGERS),
    "summaries:unit_update": Row(MANAGERS, lambda scene: {"pk": scene.cast.units.banyumanik.pk}),
    "summaries:metrics": Row((), is_public=True, public_answers=(404,)),
    "summaries:run_list": Row(MANAGERS),
    "summaries:target_list": Row(SETTERS),
    "summaries:target_create": Row(SETTERS),
    "summaries:target_update": Row(SETTERS[:-1], by("target", "pk")),
    "summaries:target_delete": Row(SETTERS[:-1], by("target", "pk"), "POST"),
    "summaries:cluster_rule_update": Row(SETTERS),
    "summaries:area_versions": Row(("clerk", "operator", "admin"), village),
    "summaries:area_version": Row(("clerk", "operator", "admin"), lambda scene: {**village(scene), "pk": scene.drawing.pk}),
    "summaries:source_list": Row(("clerk", "operator", "admin")),
    "summaries:source_detail": Row(("clerk", "operator", "admin"), query="?sumber=uji"),
    "summaries:import_create": Row(("clerk", "operator", "admin", "spkt")),
    "summaries:import_template": Row(("clerk", "operator", "admin"), lambda scene: {"kind": "PEOPLE"}),
    "summaries:import_detail": Row(("operator",), by("import_job")),
    "summaries:import_apply": Row(("operator",), by("import_job"), "POST"),
    "summaries:import_retry": Row(("operator",), by("area_job"), "POST"),
    "summaries:import_changes": Row(("operator",), by("area_job")),
    "summaries:import_lines": Row(("operator",), lambda scene: {"uuid": scene.area_job.uuid, "outcome": "refused"}),
    "summaries:import_change": Row(("operator",), lambda scene: {"uuid": scene.area_job.uuid, "code": "33.74.11.1004"}),
    "summaries:import_delete": Row(("operator",), by("import_job"), "POST"),
    "summaries:import_errors": Row(("operator",), by("import_job")),
    "summaries:import_passwords": Row(("operator",), by("import_job"), "POST"),
}
