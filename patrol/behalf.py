"""Reports that somebody records in an officer's name: handed in on paper, or while the phone is broken.

The item names the `officer`; whoever sends it stays beside it as `recorded_by`. Unit, village, registers and flags are judged for the
officer, whose report and credit it is. What is not judged is what tells of one person at one phone: many reports in one minute, and
texts alike; a pile of paper is typed in one sitting and in few words. It waits (`State.PROPOSED`) until the officer has said that it was
so. Laporan Informasi are never written for somebody else, and names in cases are not for operators.
"""

from collections.abc import Iterable
from typing import Any

from django.utils.translation import gettext_lazy as _

from patrol.drafts import Draft
from patrol.findings import Findings
from patrol.models import Kind, Report
from patrol.schema import REQUIRED
from polmas.people.models import Notification, Posting, User
from polmas.people.scope import CASE_READERS, RECORDERS, in_subtrees, on_day

FIXED = _("The officer of a report cannot be changed. Withdraw it and record another.")
NOT_ALLOWED = _("Only the operator of the Polsek or its Kanit Binmas, serving there on that day, records for an officer.")
NOT_THERE = _("No officer of your unit served under this number at that time.")
NO_NAMES = _("Names in cases are not for operators: the Kanit Binmas records problem solving.")


def named_in(item: dict, user: User) -> str:
    """The user name of the officer whose report it is, where that is somebody else than the sender. What `GET` answers there says nothing."""
    name = item.get("officer")
    return name if isinstance(name, str) and name.strip() and name != user.username else ""


def by_officer(user: User, pairs: Iterable[tuple[Draft, Report | None]]) -> list[tuple[User, list[Draft]]]:
    """The drafts, each with the report that it corrects, by the officer whose they are: mostly all the sender's own."""
    read = [(draft, row) for draft, row in pairs if not draft.faults]
    names = {name for draft, _row in read if (name := named_in(draft.item, user))}
    known = {officer.username: officer for officer in User.objects.filter(username__in=names, is_active=True)} if names else {}
    groups: dict[User, list[Draft]] = {user: []}
    for draft, row in read:
        draft.officer = known.get(named_in(draft.item, user))
        check(user, draft, row)
        groups.setdefault(draft.officer or user, []).append(draft)
    return list(groups.items())


def check(user: User, draft: Draft, row: Report | None) -> None:
    """Adds what stands against recording this for the officer that it names."""
    is_named = bool(named_in(draft.item, user))
    if row and row.officer_id != (draft.officer or user).pk:
        draft.add(*(("fixed", FIXED) if is_named else ("required", REQUIRED)), "officer")
    elif is_named:
        check_right(user, draft)


def check_right(user: User, draft: Draft) -> None:
    posts = [posting for posting in user.all_postings if posting.role in RECORDERS and is_held(posting, draft)]
    if not posts:
        return draft.add("not_allowed", NOT_ALLOWED, "officer")
    served = next((posting for posting in Findings(draft.officer).postings if is_held(posting, draft)), None) if draft.officer else None
    over = [posting for posting in posts if served and served.unit.path.startswith(posting.unit.path)]
    if not over:
        return draft.add("not_found", NOT_THERE, "officer")
    if draft.item["kind"] == Kind.PS and not any(posting.role in CASE_READERS for posting in over):
        draft.add("not_allowed", NO_NAMES, "kind")
    return None


def is_held(posting: Posting, draft: Any) -> bool:
    return posting.is_valid_on(posting.unit.day_of(draft.occurred_at))


def tell(by: User, reports: Iterable[Report]) -> None:
    """Tells each officer once that something waits; whoever has not read that yet is not told again."""
    officers = {report.officer_id for report in reports}
    if not officers:
        return
    waiting: Any = Notification.objects.filter(user__in=officers, kind=Notification.Kind.CONFIRM).unread()
    unaware = officers - set(waiting.values_list("user", flat=True))
    Notification.objects.tell(unaware, Notification.Kind.CONFIRM, "/kegiatan/", by=by.full_name)


def officers_for(user: User, day):
    """Whom the user may record for on a day: those who serve as officers that day in the units where the user is operator or Kanit."""
    paths = [posting.unit.path for posting in user.all_postings if posting.role in RECORDERS and posting.is_valid_on(day)]
    served = Posting.objects.officers().filter(on_day(day), in_subtrees("unit__path", paths))
    return User.objects.filter(pk__in=served.values("user"), is_active=True).exclude(pk=user.pk)
