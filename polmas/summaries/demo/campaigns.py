"""Giat tematik of the demo: one of the Polres that runs, one of a Polsek that is over, and the reports that officers attached."""

import datetime

from patrol.models import Campaign, CampaignEntry, Report
from polmas.people.scope import in_subtrees

DAY = datetime.timedelta(days=1)
OPERATOR = "80000001"  # of the Polres
TREES, RIVER = "Tanam Pohon Sambut Musim Hujan", "Kali Bersih Banyumanik"


def load_campaigns(units, users, today, draw):
    """Needs the people and their reports."""
    operator = users[OPERATOR]
    trees = _set(operator, units["POLRESTABES-SEMARANG"], TREES, "Tanam pohon", 250, today - 20 * DAY, today + 24 * DAY)
    trees.store({1: ("Pohon ditanam", "pohon"), 2: ("Warga ikut", "orang")})
    river = _set(operator, units["POLSEK-BANYUMANIK"], RIVER, "Kali bersih", 20, today - 44 * DAY, today - 24 * DAY)
    river.store({1: ("Sampah terangkut", "kg")})
    _attach(trees, 90, draw, lambda: [draw.choice([None, 5, 10, 15, 25]), draw.randint(3, 40), None])
    _attach(river, 14, draw, lambda: [draw.randint(20, 400) / 2, None, None])


def _set(operator, unit, name, tag, target, starts_on, ends_on) -> Campaign:
    return Campaign(created_by=operator, unit=unit, name=name, tag=tag, target=target, starts_on=starts_on, ends_on=ends_on)


def _attach(campaign, number, draw, numbers):
    """Some reports of its days, as many as there are at most."""
    below = in_subtrees("unit__path", [campaign.unit.path])
    keys = list(
        Report.objects.filter(below, day__range=(campaign.starts_on, campaign.ends_on)).order_by("occurred_at", "pk").values_list("pk", flat=True)
    )
    chosen = draw.sample(keys, min(number, len(keys)))
    CampaignEntry.objects.bulk_create([CampaignEntry(report_id=pk, campaign=campaign, numbers=numbers()) for pk in sorted(chosen)])
