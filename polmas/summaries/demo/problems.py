"""Problems of Banyumanik on the map: with a course as far as it came, and linked to what residents said and officers did."""

import datetime

from django.contrib.gis.geos import Polygon

from mapping.models import Problem, ProblemStatus, ProblemStep, Stage
from patrol.models import LinkRole, Opinion, ProblemLink, Report
from patrol.models.reports import COUNTED
from polmas.summaries.demo import places
from polmas.summaries.demo.problem_words import HANDLED, PROBLEMS, SOLVED, Told

UNIT = "POLSEK-BANYUMANIK"
BANYUMANIK = "33.74.11"
CONFIDENTIAL = {"NARKOBA", "JUDI"}
EVENT = {"GENG"}
KANIT, KANIT_LAIN = "80010090", "80010092"


def load_problems(areas, units, users, now, rng) -> None:
    unit, shapes = units[UNIT], places.shapes_by_code()
    today = unit.day_of(now)
    villages = [place for place in places.VILLAGES if place.code.startswith(BANYUMANIK)]
    holders = {beat.area_id: beat.user for area in areas.values() for beat in area.beats.filter(ends_on=None, absence=None).select_related("user")}
    for number, told in enumerate(PROBLEMS):
        place = villages[number % len(villages)]
        area = areas[place.code]
        officer = holders.get(area.pk, users[KANIT])
        begun = today - datetime.timedelta(days=rng.randint(20, 75))
        spot = places.Spots(place, shapes[place.code], rng).one()
        problem = _problem(told, unit, area, officer, outline_round(spot, rng) if told.is_outline else spot, begun)
        problem.target_on = begun + datetime.timedelta(days=rng.choice((30, 45, 60, 90)))
        problem.responsible = users[KANIT_LAIN] if told.functions[0] == "RESKRIM" and number % 4 == 0 and KANIT_LAIN in users else officer
        problem.save()
        if number % 5 == 0:
            problem.areas.set([areas[villages[(number + 1) % len(villages)].code]])
        Problem.objects.filter(pk=problem.pk).update(created_at=now - (today - begun))
        _course(problem, told, officer, begun, today, rng)
        _link(problem, area, officer, begun)


def _problem(told: Told, unit, area, officer, shape, begun) -> Problem:
    first, last = told.hours or (None, None)
    problem = Problem(unit=unit, area=area, shape=shape, recorded_by=officer, hour_from=first, hour_to=last, weekdays=list(told.weekdays))
    for name in ("kind", "title", "description", "root_cause", "plan", "grade", "field"):
        setattr(problem, name, getattr(told, name))
    problem.functions = list(told.functions)
    problem.vulnerability = {"PG": "KURANG_RAWAN", "AG": "RAWAN", "GN": "SANGAT_RAWAN"}[told.grade]
    problem.is_confidential = told.kind in CONFIDENTIAL
    problem.happened_on = begun if told.kind in EVENT else None
    problem.classify()
    return problem


def outline_round(spot, rng) -> Polygon:
    """Five corners round a point, some hundred metres across."""
    reach = 0.0008
    corners = ((-1, -1), (1, -0.8), (1.3, 0.4), (0.2, 1.2), (-1.1, 0.6))
    ring = [(round(spot.x + x * reach * rng.uniform(0.7, 1.2), 6), round(spot.y + y * reach * rng.uniform(0.7, 1.2), 6)) for x, y in corners]
    return Polygon([*ring, ring[0]], srid=4326)


def _course(problem, told, officer, begun, today, rng) -> None:
    """As far as it came: seen and understood, then handled, then assessed and closed."""
    before = rng.randint(2, 6)
    steps: list[tuple] = [(Stage.KENALI, "PRA", 0, told.description, before, None)]
    if told.stage >= HANDLED:
        steps += [(Stage.TELAAH, "PRA", 3, told.root_cause, None, None), (Stage.TANGANI, "SAAT", 7, told.plan, None, None)]
    if told.stage == SOLVED:
        steps.append((Stage.NILAI, "PASCA", 16, "Sudah tidak ada keluhan warga dalam dua minggu terakhir.", before, rng.randint(0, 1)))
    for stage, phase, days, text, was, now in steps:
        measure = "keluhan atau kejadian sebulan" if was is not None else ""
        day = min(begun + datetime.timedelta(days=days), today)
        counted = {"measure": measure, "count_before": was, "count_after": now}
        ProblemStep.objects.create(problem=problem, stage=stage, phase=phase, day=day, text=text, recorded_by=officer, **counted)
    status = (ProblemStatus.TERPETAKAN, ProblemStatus.DITANGANI, ProblemStatus.SELESAI)[told.stage]
    solved = {"solved_on": min(begun + datetime.timedelta(days=18), today), "outcome": "Tuntas bersama warga; dipantau ronda."}
    changes = {"status": status, "phase": steps[-1][1]} | (solved if told.stage == SOLVED else {})
    Problem.objects.filter(pk=problem.pk).update(**changes)


def _link(problem, area, officer, begun) -> None:
    """A complaint of the village as its source, and the officer's later activities as measures."""
    used = ProblemLink.objects.values("report")
    voices = Opinion.objects.filter(report__area=area, report__state__in=COUNTED, report__day__lte=begun).exclude(report__in=used)
    for voice in voices.select_related("report").order_by("-report__day", "pk")[:1]:
        number = list(voice.report.opinions.values_list("pk", flat=True)).index(voice.pk) + 1
        ProblemLink.objects.create(problem=problem, role=LinkRole.SOURCE, report=voice.report, opinion=number, linked_by=officer)
    later = Report.objects.filter(area=area, state__in=COUNTED, day__gte=begun, kind__in=("PATROLI", "BINLUH", "KONTROL_KAMLING", "KOORDINASI"))
    for report in later.exclude(pk__in=used).order_by("day", "pk")[:2]:
        ProblemLink.objects.create(problem=problem, role=LinkRole.ACTION, report=report, linked_by=officer)
