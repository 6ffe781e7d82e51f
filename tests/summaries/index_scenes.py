"""A board of stakeholders at Banyumanik and its quarters, for tests."""

import datetime

from django.core.files.uploadedfile import SimpleUploadedFile

from polmas.summaries.models import IndexBoard, IndexIndicator, IndexMember, IndexPeriod, IndexScheme, IndexScore
from tests.cast import LONG_AGO


def make_board(cast, user=None, area="33.74.11", unit=None):
    """Three members: one with the account of `user` (without one: none has), two without."""
    area = cast.areas[area]
    board = IndexBoard.objects.create(unit=unit or cast.units.banyumanik, area=area, name=f"Dewan {area.name}")
    people = (("Camat", "FORKOPIMCAM", user), ("Dr. Ratna", "AKADEMISI", None), ("Pdt. Yohanes", "FKUB", None))
    for name, stakeholder, account in people:
        IndexMember.objects.create(board=board, name=name, stakeholder=stakeholder, user=account, starts_on=LONG_AGO)
    return board


def make_period(board, by, year=2026, quarter=3):
    scheme = IndexScheme.objects.on(LONG_AGO)
    return IndexPeriod.objects.create(board=board, unit=board.unit, area=board.area, scheme=scheme, year=year, quarter=quarter, opened_by=by)


def score(period, member, by, **values):
    """Scores by code: score(period, member, by, I1=4, P2=3)."""
    indicators = {indicator.code: indicator for indicator in IndexIndicator.objects.filter(code__in=values)}
    said = {"period": period, "member": member, "recorded_by": by, "reason": "Sejak dua tahun tidak ada kejadian."}
    return [IndexScore.objects.create(indicator=indicators[code], value=value, **said) for code, value in values.items()]


IDEOLOGY = dict(zip(("I1", "I2", "I3", "I4", "I5", "I6", "I7", "I8"), (4, 4, 3, 4, 5, 4, 3, 5), strict=True))
POLITICS = dict(zip(("P1", "P2", "P3", "P4", "P5", "P6"), (3, 4, 4, 3, 2, 4), strict=True))


def prepare(scene, picture):
    """What the access table opens: a board on which reskrim sits, one quarter that is open and one that is scored."""
    cast = scene.cast
    scene.board = make_board(cast, user=cast.reskrim)
    scene.board_member = scene.board.members.get(user=None, stakeholder="FKUB")
    scene.quarter, scene.scored = make_period(scene.board, cast.kanit), make_period(scene.board, cast.kanit, quarter=2)
    own = scene.board.members.get(user=cast.reskrim)
    scene.open_evidence, scene.evidence = (
        score(period, own, cast.reskrim, I1=2)[0].evidence.create(
            period=period, added_by=cast.reskrim, sha256="0" * 64, file_type="image/jpeg", file=SimpleUploadedFile("bukti.jpg", picture)
        )
        for period in (scene.quarter, scene.scored)
    )
    scene.scored.end_scoring()
    step = {"root_cause": "Tidak ada ruang temu", "step": "Dialog warga", "owner": "Camat", "due_on": datetime.date(2026, 12, 1)}
    scene.step = scene.scored.steps.create(indicator=IndexIndicator.objects.get(code="I1"), **step)
