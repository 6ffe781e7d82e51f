"""What each person finds on the first page. Whoever holds several roles finds the parts of all of them."""

import datetime
import itertools

from django.contrib.gis.db.models.functions import AsGeoJSON
from django.db.models import Count, F, Func, IntegerField, Min, Q, Subquery, Value, Window
from django.db.models.functions import Coalesce, RowNumber
from django.utils import timezone
from django.utils.translation import gettext as _

from fkpm import circulating
from fkpm.mediating import mediated_in
from fkpm.models import ActionItem, AgreementCheck, Meeting, Member, Minutes
from mapping.models import Area, AreaShape, Beat, Incident, Problem
from mapping.models.incidents import ASSIGNABLE
from mapping.views import statements
from patrol import campaigns
from patrol.models import Directive, DirectiveReceipt, Household, Information, Report, State, Thanks
from patrol.models.reports import COUNTED
from patrol.register_pages import PAGES, share_of
from patrol.views.reports import listed
from polmas.people.models import Absence, Code, Notification, Posting, Unit, User
from polmas.people.periods import CHOICES, today
from polmas.people.scope import OPERATORS, READ_FIGURES, REVIEWERS, SPKT, on_day
from polmas.summaries import dashboards, figures, home_cases, progress, queues
from polmas.summaries.access import names_persons, unit_for_figures
from polmas.summaries.links import rows_link
from polmas.summaries.models import IndexMember, IndexPeriod, Summary

COVERED_WITHIN = datetime.timedelta(days=365)
MOST_WAITING = 2  # reports named on the first page that came back, or that others recorded in the own name
MANY, NEWEST_DIRECTIVES, SHOWN_THANKS = 99, 2, 3  # unread directives counted and named, words of thanks shown
SHOWN_CAMPAIGNS, SHOWN_DRAFTS = 2, 3
SHOWN_INCIDENTS = 8
DUE_SOON = datetime.timedelta(days=7)
NEXT_VISITS = 5  # next visits shown, and asked of each register


def greeting(now: datetime.datetime) -> str:
    """By the local hour: pagi until 11, siang until 15, sore until 18, malam after that."""
    words = ((4, _("Good night")), (11, _("Good morning")), (15, _("Good day")), (18, _("Good afternoon")), (24, _("Good evening")))
    return next(word for until, word in words if now.hour < until)


class Simplified(Func):
    """A shape with fewer points, enough for a picture of a village on a phone (about ten metres)."""

    function = "ST_SimplifyPreserveTopology"
    template = "%(function)s(%(expressions)s, 0.0001)"
    arity = 1


def shapes_of(areas, day) -> list[dict]:
    """Code, name and GeoJSON text of the areas' shapes of a day."""
    shapes = AreaShape.objects.on(day).filter(area__in=areas).annotate(geojson=AsGeoJSON(Simplified(F("shape")), precision=5)).order_by("area__code")
    return [{"code": code, "name": name, "geojson": geojson} for code, name, geojson in shapes.values_list("area__code", "area__name", "geojson")]


def for_officer(user, unit) -> dict:
    """Today against the target, what came back, whom to visit next, and the own villages."""
    day = unit.today()
    villages = own_villages(user, day)
    returned, to_confirm = waiting_for(user)
    return {
        "rings": progress.rings(user, unit, day),
        "absences": Absence.objects.on(day).filter(Q(user=user) | Q(substitute=user)).select_related("user", "substitute"),
        "thanks": Thanks.objects.unseen_by(user).select_related("report").order_by("-at")[:SHOWN_THANKS],
        "to_confirm": to_confirm,
        "returned": returned,
        "returned_count": returned[0].total if returned else 0,
        "problems": villages[0].problems_due if villages else 0,
        "actions": villages[0].actions_overdue if villages else 0,
        "agreements": villages[0].agreements_due if villages else 0,
        "next_visits": next_visits(villages, day),
        "villages": villages,
        "coverage": coverage(villages, day),
        "map": villages_map(user, villages, day),
    }


def unread_directives(user) -> dict:
    """Atensi and jukrah that one has not read: how many, and the newest."""
    rows = list(Directive.objects.unread_by(user).select_related("unit", "sender_unit").order_by("-created_at")[: MANY + 1])
    return {"count": len(rows), "is_more": len(rows) > MANY, "latest": rows[:NEWEST_DIRECTIVES]}


def waiting_for(user) -> tuple[list, list]:
    """The newest reports of an officer that came back, each with the `total` of all of them, and those that somebody else recorded and
    that wait for the officer's word."""
    mine = Report.objects.filter(officer=user, state__in=[State.RETURNED, State.PROPOSED])
    turn = Window(RowNumber(), partition_by="state", order_by=["-reviewed_at", "-day", "-pk"])
    placed = mine.annotate(turn=turn, total=Window(Count("pk"), partition_by="state"))
    rows = list(listed(placed.filter(turn__lte=MOST_WAITING)).order_by("turn"))
    return [row for row in rows if row.state == State.RETURNED], [row for row in rows if row.state == State.PROPOSED]


def number_of(rows):
    """How many rows there are, as a column: the page counts its statements."""
    counted = rows.order_by().annotate(one=Value(1)).values("one").annotate(n=Count("pk")).values("n")
    return Coalesce(Subquery(counted, output_field=IntegerField()), 0)


def own_villages(user, day):
    """The villages held today; for a beat that is an RW or RT the village round it. Each tells what waits for the officer: problems to be
    solved within a week, actions of forums that are overdue, agreements to look after."""
    return list(
        Area.objects.villages_held_by(user, day).annotate(
            problems_due=number_of(Problem.objects.open().filter(responsible=user, target_on__lte=day + DUE_SOON)),
            actions_overdue=number_of(ActionItem.objects.overdue(day).filter(Q(forum__officer=user) | Q(officer=user))),
            agreements_due=number_of(AgreementCheck.objects.due(day).followed_by(user)),
        )
    )


def next_visits(villages, day) -> list[dict]:
    """Households, businesses and tokoh of the own villages in the order in which they come due; those never seen stand first.

    What is due stands before what is not, and the registers take turns. More than are shown, so that the phone can put the
    nearest of them first. All registers are asked in one statement.
    """
    first, *others = [shown_of(page, villages) for page in PAGES.values()]
    waiting: dict[str, list[dict]] = {key: [] for key in PAGES}
    for row in first.union(*others, all=True):
        waiting[row["register"]].append(row)
    turns = [row for rows in itertools.zip_longest(*(sorted(rows, key=in_turn) for rows in waiting.values())) for row in rows if row]
    found = sorted(turns, key=lambda row: row["due_on"] is not None and row["due_on"] > day)[: NEXT_VISITS * 2]
    return [{**row, "page": PAGES[row["register"]], "days": days_since(row["last_visit_on"], day)} for row in found]


def shown_of(page, villages):
    entries = page.model.objects.filter(area__in=villages).active().longest_unseen_first()
    told = entries.annotate(register=Value(page.key), title=F(page.model.NAME))
    return told.values("register", "uuid", "title", "rw", "rt", "area__name", "location", "due_on", "last_visit_on")[:NEXT_VISITS]


def in_turn(row) -> tuple:
    """As `longest_unseen_first`."""
    long_ago = datetime.date.min
    return row["due_on"] or long_ago, row["last_visit_on"] or long_ago


def days_since(moment, day) -> int | None:
    return (day - moment).days if moment else None


def coverage(villages, day) -> dict:
    """How many of the recorded households of these villages were seen within twelve months."""
    recent = Q(seen_on__gt=day - COVERED_WITHIN)
    numbers = Household.objects.filter(area__in=villages).active().aggregate(all=Count("pk"), seen=Count("pk", filter=recent))
    return {**numbers, "percent": share_of(numbers["seen"], numbers["all"]) if numbers["all"] else None}


def villages_map(user, villages, day) -> list[dict]:
    """The own villages' shapes, each with this month's visits."""
    month = CHOICES["bulan"][1](day)
    visits = dict(
        Report.objects.filter(officer=user, area__in=villages, day__range=(month.start, month.end), state__in=COUNTED)
        .order_by()
        .values_list("area__code")
        .annotate(Count("pk"))
    )
    return [{**shape, "count": visits.get(shape["code"], 0)} for shape in shapes_of(villages, day)]


def for_reviewer(user, unit) -> dict:
    """The queue of the Kanit: how many, since when, and the newest."""
    queue = Report.objects.to_review(user)
    numbers = queue.order_by().aggregate(count=Count("pk"), oldest=Min("received_at"))
    shown = queue.select_related("officer", "area", "problemsolving__case__refused_by").order_by("-received_at")
    return {
        **numbers,
        "latest": shown[:3],
        "unsynced": dashboards.unsynced(unit),
    }


def for_commander(user) -> dict:
    """Today's key numbers of the own unit."""
    unit = unit_for_figures(user)
    day = today(unit.today())
    with_persons = names_persons(user, unit)
    drafts = Summary.objects.for_user(user).without_content().filter(unit=unit, state__in=Summary.DRAFT_STATES, ends_on__lt=unit.today())
    longest_due = list(drafts.select_related("unit").order_by("due_at", "starts_on", "-revision")[:MANY])
    return {
        "unit": unit,
        "change": dashboards.change_of(unit, day),
        "link": rows_link(day, satuan=unit.code) if with_persons else None,
        "reporting": sum(figures.officers_reporting(unit, day).values()),
        "officers": dashboards.officers_posted(unit).count(),
        "waiting": dashboards.waiting(unit),
        "waiting_link": rows_link(satuan=unit.code, status=State.SUBMITTED) if with_persons else None,
        "overdue": ActionItem.objects.overdue(unit.today()).filter(forum__unit__path__startswith=unit.path).count(),
        "unread": DirectiveReceipt.objects.filter(directive__in=Directive.objects.kept_by(user).filter(closed_at=None), read_at=None).count(),
        "drafts": longest_due[:SHOWN_DRAFTS],
        "more_drafts": len(longest_due[SHOWN_DRAFTS:]),
        "latest": dashboards.latest(unit, 4) if with_persons else [],
        "campaigns": campaigns.running_for(user, unit.today(), SHOWN_CAMPAIGNS) if with_persons else [],
    }


def for_member(user) -> list[dict]:
    """Each forum of which one is a member: its next meeting, the newest adopted minutes and the own open tasks."""
    now = timezone.now()
    memberships = Member.objects.filter(on_day(timezone.localdate()), user=user).select_related("forum__unit", "forum__area")
    forums = []
    for member in memberships:
        meetings = Meeting.objects.for_user(user).filter(forum=member.forum)
        coming = meetings.filter(starts_at__gte=now, cancelled_at=None).order_by("starts_at").first()
        forums.append(
            {
                "forum": member.forum,
                "member": member,
                "next": coming,
                "invitee": coming and coming.invitees.filter(member__user=user).first(),
                "to_comment": Minutes.objects.filter(meeting__in=meetings, state="DRAFT", comments_until__gt=now).select_related(
                    "meeting__forum__unit"
                ),
                "to_adopt": circulating.waiting_for(member),
                "adopted": Minutes.objects.filter(meeting__in=meetings, state=Minutes.State.ADOPTED)
                .select_related("meeting")
                .order_by("-meeting__starts_at")
                .first(),
                "cases": mediated_in(member.forum, user),
                "actions": member.actions.filter(state=ActionItem.State.OPEN).select_related("meeting").order_by("due_on"),
            }
        )
    return forums


def scoring_for(user) -> list[IndexPeriod]:
    """Open quarters of the security index that wait for the score sheet of this member of a board."""
    seats = IndexMember.objects.filter(on_day(timezone.localdate()), user=user).values("board")
    return list(IndexPeriod.objects.filter(board__in=seats, state=IndexPeriod.State.OPEN).select_related("area"))


def for_operator(user) -> dict:
    """The numbers of what an operator or administrator keeps in order."""
    units = Unit.objects.for_user(user).filter(is_active=True)
    postings = Posting.objects.for_user(user).filter(on_day(timezone.localdate()))
    held = Beat.objects.on(timezone.localdate())
    own = Area.objects.villages() if user.scope.is_admin else Area.objects.villages().filter(units__in=units)
    return {
        "people": User.objects.for_user(user).filter(is_active=True, postings__in=postings).distinct().count(),
        "units": units.count(),
        "villages": own.distinct().count(),
        "without_officer": own.exclude(pk__in=held.values("area")).exclude(children__in=held.values("area")).distinct().count(),
    }


def for_spkt(user) -> dict | None:
    """The counter's day: the word for today with one tap, what was entered today, and the days that nobody spoke for."""
    unit = statements.own_unit(user)
    if unit is None:
        return None
    today, *earlier = statements.days_of([unit], statements.last_days(unit))[unit.pk]
    rows = Incident.objects.for_user(user).filter(unit=unit, day=today["day"]).select_related("area", "unit")[:SHOWN_INCIDENTS]
    words = {code.code: code.label for code in Code.objects.of("INCIDENT_KIND")} if rows else {}
    for row in rows:
        row.label = words.get(row.kind, row.kind)
    return {"unit": unit, "today": today, "incidents": rows, "missing": [line for line in earlier if not line["word"]]}


def follows(user) -> dict | None:
    """What reaches a Kanit of another function, and Sipropam."""
    is_kanit = user.scope.has(*ASSIGNABLE)
    open_ones = Incident.objects.for_user(user).filter(assigned_to=user, cleared_on=None).count() if is_kanit else None
    return {"incidents": open_ones, "flags": user.scope.has("sipropam")} if is_kanit or user.scope.has("sipropam") else None


def informations_waiting(user) -> int | None:
    """How many LI wait for an act of this reader; None for whoever reads none. Of what they say nothing stands on this page."""
    return Information.objects.waiting_for(user).count() if user.scope.information_paths else None


def of(user) -> dict:
    """The parts of the first page, by the roles held today."""
    scope = user.scope
    unit = user.post.unit if user.post else None
    is_operator = scope.is_admin or bool(scope.roles & OPERATORS)
    officer = for_officer(user, unit) if scope.is_officer else None
    return {
        "unit": unit,
        "notifications": Notification.objects.for_user(user).unread().count(),
        "directives": unread_directives(user) if scope.is_police else None,
        "incidentals": queues.incidentals_standing(user),
        "greeting": greeting(timezone.now().astimezone(unit.zone if unit else timezone.get_default_timezone())),
        "officer": officer,
        "reviewer": for_reviewer(user, unit) if scope.is_reviewer else None,
        "commander": for_commander(user) if scope.roles & READ_FIGURES and not scope.roles & REVIEWERS and not is_operator else None,
        "forums": for_member(user) if not scope.posts else [],
        "boards": IndexMember.objects.filter(on_day(timezone.localdate()), user=user).exists() if not scope.posts else False,
        "scoring": scoring_for(user) if not scope.is_officer and not scope.roles & READ_FIGURES else [],
        "operator": for_operator(user) if is_operator else None,
        "informations": informations_waiting(user),
        "follows": follows(user),
        "cases": home_cases.waiting_for(user, unit, officer["agreements"] if officer else 0),
        "spkt": for_spkt(user) if scope.roles & SPKT else None,
    }
