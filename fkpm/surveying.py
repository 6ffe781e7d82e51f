"""Asking a survey in public: what is taken from whom, how often, and how it is read beside the year before."""

import dataclasses
from urllib.parse import urlsplit

from django.core.cache import cache
from django.db import transaction
from django.urls import reverse
from django.utils.crypto import salted_hmac
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from fkpm.minutes import field_of
from fkpm.models import Survey, SurveyAnswer, SurveyRemark
from fkpm.models.surveys import ITEMS
from polmas.people.addresses import client_address, public_address
from polmas.people.periods import half_up

# A household, a school or a village hall shares one address, and so do a whole quarter's phones behind their network.
MOST_AN_HOUR, HOUR = 60, 3600

# What 1 and 5 mean.
ENDS: dict[str, tuple[str | Promise, str | Promise]] = {
    "safety": (_("not safe at all"), _("very safe")),
    "fear": (_("never"), _("all the time")),
    "acquaintance": (_("not at all"), _("very well")),
    "trust": (_("not at all"), _("fully")),
    "satisfaction": (_("not at all"), _("very")),
}
# Of this one less is better.
LESS_IS_BETTER = frozenset({"fear"})


def is_from_here(request) -> bool:
    """Whether the form was sent from our own page. It has no token, since a token in a cookie would tell one browser from another."""
    site = request.headers.get("Sec-Fetch-Site")
    if site:
        return site in ("same-origin", "none")
    origin = request.headers.get("Origin")
    return not origin or urlsplit(origin).netloc == request.get_host()


def may_answer(request, survey: Survey) -> bool:
    """Whether this address has answers left in this hour. It is kept as a keyed digest for that hour, never as it is."""
    address = f"{survey.forum.unit.today()} {survey.pk} {client_address(request)}"
    key = f"survey:{salted_hmac('fkpm.survey', address, algorithm='sha256').hexdigest()}"
    cache.add(key, 0, HOUR)
    try:
        return cache.incr(key) <= MOST_AN_HOUR
    except ValueError:  # it expired between the two: a new hour
        return True


@transaction.atomic
def take(answer: SurveyAnswer, remark: str) -> None:
    """Keeps one answer, and its free sentence apart from it."""
    answer.save(force_insert=True)
    if remark.strip():
        SurveyRemark.objects.create(survey_id=answer.survey_id, text=remark)


def address_of(survey: Survey) -> str:
    """What the QR code says, and what people send each other."""
    return public_address(reverse("fkpm:survey_answer", args=[survey.code]))


@dataclasses.dataclass(frozen=True)
class Line:
    """One question in the results: its mean now and the year before."""

    name: str
    question: str | Promise
    n: int
    mean: float | None
    before: float | None
    spread: list[int]
    ends: tuple[str | Promise, str | Promise]

    @property
    def change(self) -> float | None:
        """As one reads it beside the two numbers: the difference of what is shown."""
        return None if self.mean is None or self.before is None else float(half_up(self.mean, 1) - half_up(self.before, 1))

    @property
    def tone(self) -> str:
        """Whether the change is for the better."""
        if not self.change:
            return "grey"
        return "green" if (self.change < 0) == (self.name in LESS_IS_BETTER) else "red"


def previous_of(survey: Survey) -> Survey | None:
    return Survey.objects.filter(forum=survey.forum_id, year=survey.year - 1).select_related("forum__unit").first()


def lines_of(results: dict, before: dict | None) -> list[Line]:
    """The questions with their means, and those of the year before where there are any."""
    told = []
    for name in ITEMS:
        item, old = results["items"][name], (before or {"items": {}})["items"].get(name, {})
        question = field_of(SurveyAnswer, name).verbose_name
        told.append(Line(name, question, item["n"], item["mean"], old.get("mean"), item["spread"], ENDS[name]))
    return told
