"""What stands round the officer's service, for the access table: a score, an award, a note, a session and weights."""

import datetime

from django.utils import timezone

from polmas.summaries import awards, coaching, scoring
from polmas.summaries.models import Award, CoachingSession, OfficerScore, ScoreWeights, ServiceNote
from polmas.summaries.models.awards import last_month


def prepare(scene) -> None:
    cast, unit = scene.cast, scene.cast.units.banyumanik
    scoring.build(unit, unit.today().replace(day=1))
    scene.score = OfficerScore.objects.get(officer=cast.officer)
    scene.award = make_award(cast)
    awards.decide(scene.award, cast.kapolsek)
    scene.note = make_note(cast)
    scene.session = make_session(cast)
    scene.weights = ScoreWeights.objects.create(unit=unit, starts_on=unit.today().replace(day=1))


def make_award(cast, **more) -> Award:
    """A proposal of the Kanit for the last month, for the officer unless another is named."""
    unit = cast.units.banyumanik
    given = {"category": "BHABINKAMTIBMAS", "officer": cast.officer, "month": last_month(unit), "reason": "Rajin menyambangi warga.", **more}
    award = Award(unit=unit, **given)
    award.recipient_unit = unit
    return awards.propose(award, cast.kanit)


def make_note(cast, **more) -> ServiceNote:
    unit = cast.units.banyumanik
    given = {
        "officer": cast.officer,
        "kind": "LISAN",
        "given_on": unit.today(),
        "text": "Tiga kali laporan menyusul.",
        "written_by": cast.kanit,
        **more,
    }
    return coaching.write(ServiceNote(unit=unit, **given))


def make_session(cast, hours=48, **more) -> CoachingSession:
    when = timezone.now() + datetime.timedelta(hours=hours)
    given = {"officer": cast.officer, "coach": cast.kanit, "starts_at": when, "topic": "Mutu laporan", **more}
    return coaching.plan(CoachingSession(unit=cast.units.banyumanik, **given))
