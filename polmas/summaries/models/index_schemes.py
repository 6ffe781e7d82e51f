"""What the security index measures, and how much each part weighs from which day on (domain.md 7 and rows 198 to 213)."""

import datetime
import re
from decimal import Decimal
from typing import ClassVar

import pghistory
import pgtrigger
from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

HUNDRED = Decimal(100)
ORDER = ("IDEOLOGI", "POLITIK", "EKONOMI", "SOSIAL_BUDAYA")
# A score is never for a person, a party or a faith: an indicator that names one is no indicator.
NAMED = re.compile(
    r"\b(islam|muslim|kristen|protestan|katolik|hindu|buddha|budha|konghucu|ahmadiyah|syiah|yahudi|tionghoa"
    r"|partai \w+|pdi-?p|golkar|gerindra|nasdem|demokrat|hanura|perindo|pks|pkb|ppp|psi)\b",
    re.IGNORECASE,
)


class IndexField(models.TextChoices):
    IDEOLOGI = "IDEOLOGI", _("ideology")
    POLITIK = "POLITIK", _("politics")
    EKONOMI = "EKONOMI", _("economy")
    SOSIAL_BUDAYA = "SOSIAL_BUDAYA", _("society and culture")


class IndexSource(models.TextChoices):
    NASKAH = "NASKAH", _("given")
    USULAN = "USULAN", _("proposed")


def percent(label) -> models.DecimalField:
    return models.DecimalField(label, max_digits=5, decimal_places=2, validators=[MinValueValidator(0), MaxValueValidator(HUNDRED)])


@pghistory.track(pghistory.UpdateEvent(row=pghistory.Old), pghistory.DeleteEvent())
class IndexIndicator(models.Model):
    """One statement that a board scores from 1 to 5, such as the freedom of religion. Those of ideology and politics are given; those
    of economy and of society and culture are proposals of ours and marked so. It is in use where a scheme weighs it."""

    code = models.CharField(_("code"), max_length=6, unique=True)
    field = models.CharField(_("field"), max_length=13, choices=IndexField)
    order = models.PositiveSmallIntegerField(_("order"), default=0)
    text = models.CharField(_("indicator"), max_length=200)
    source = models.CharField(_("source"), max_length=6, choices=IndexSource, default=IndexSource.USULAN)

    class Meta:
        verbose_name = _("indicator")
        verbose_name_plural = _("indicators")
        ordering = ["order", "code"]
        triggers = [
            pgtrigger.Trigger(
                name="kept_once_scored",
                when=pgtrigger.Before,
                operation=pgtrigger.Update | pgtrigger.Delete,
                func="""
                IF EXISTS (SELECT 1 FROM summaries_indexscore WHERE indicator_id = OLD.id) THEN
                    RAISE EXCEPTION 'this indicator has been scored and keeps its words';
                END IF;
                IF TG_OP = 'DELETE' THEN RETURN OLD; END IF;
                RETURN NEW;
                """,
            )
        ]
        constraints = [
            models.CheckConstraint(condition=Q(field__in=IndexField.values) & Q(source__in=IndexSource.values), name="index_indicator_known"),
            models.CheckConstraint(
                condition=Q(code__regex=r"^[A-Z]{1,2}[0-9]{1,2}$") & ~Q(text=""),
                name="index_indicator_named",
                violation_error_message=_("A code is one or two capitals and a number, such as I1."),
            ),
        ]

    def __str__(self):
        return f"{self.code} {self.text}"

    def clean(self):
        if named := NAMED.search(self.text):
            raise ValidationError({"text": _("The index never scores a person, a party or a faith. Leave out: %(word)s.") % {"word": named.group()}})


class IndexSchemeQuerySet(models.QuerySet):
    def on(self, day: datetime.date):
        """The scheme that holds on a day; the first one holds since 2019."""
        return self.filter(starts_on__lte=day).latest("starts_on")


@pghistory.track(pghistory.UpdateEvent(row=pghistory.Old), pghistory.DeleteEvent())
class IndexScheme(models.Model):
    """The weights that hold for all of the country from a day on, until the next scheme: what each field counts in the total, and with
    its lines what each indicator counts in its field, all in percent that make 100. A quarter keeps the scheme of its first day."""

    COLUMNS: ClassVar[dict[str, str]] = {
        IndexField.IDEOLOGI: "ideology",
        IndexField.POLITIK: "politics",
        IndexField.EKONOMI: "economy",
        IndexField.SOSIAL_BUDAYA: "society",
    }

    starts_on = models.DateField(_("from"), unique=True, error_messages={"unique": _("From this day on another scheme holds already.")})
    ideology = percent(_("ideology"))
    politics = percent(_("politics"))
    economy = percent(_("economy"))
    society = percent(_("society and culture"))
    note = models.CharField(_("why"), max_length=300, blank=True)
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("made by"))
    created_at = models.DateTimeField(auto_now_add=True)

    objects = IndexSchemeQuerySet.as_manager()

    class Meta:
        verbose_name = _("scheme of weights")
        verbose_name_plural = _("schemes of weights")
        ordering = ["-starts_on"]
        constraints = [
            models.CheckConstraint(
                condition=Q(ideology=HUNDRED - F("politics") - F("economy") - F("society")),
                name="index_fields_make_100",
                violation_error_message=_("The four fields must make 100 percent."),
            ),
            models.CheckConstraint(condition=Q(ideology__gte=0, politics__gte=0, economy__gte=0, society__gte=0), name="index_fields_not_negative"),
        ]

    def __str__(self):
        return str(self.starts_on)

    def weight_of(self, field: str) -> Decimal:
        return getattr(self, self.COLUMNS[field])

    @property
    def is_used(self) -> bool:
        return self.periods.exists()


# Of each field that a scheme weighs, the lines make 100: asked when the transaction ends, so that lines may be written one by one.
MAKES_100 = """
IF EXISTS (
    SELECT 1 FROM summaries_indexweight weight JOIN summaries_indexindicator indicator ON indicator.id = weight.indicator_id
    WHERE weight.scheme_id = {scheme} GROUP BY indicator.field HAVING sum(weight.percent) <> 100
) THEN
    RAISE EXCEPTION 'the weights of a field must make 100 percent' USING ERRCODE = 'check_violation';
END IF;
RETURN NULL;
"""


@pghistory.track(pghistory.UpdateEvent(row=pghistory.Old), pghistory.DeleteEvent())
class IndexWeight(models.Model):
    """What one indicator counts in its field by one scheme."""

    scheme = models.ForeignKey(IndexScheme, models.CASCADE, related_name="weights", verbose_name=_("scheme of weights"))
    indicator = models.ForeignKey(IndexIndicator, models.PROTECT, related_name="weights", verbose_name=_("indicator"))
    percent = percent(_("percent"))

    class Meta:
        verbose_name = _("weight")
        verbose_name_plural = _("weights")
        ordering = ["indicator__order", "indicator__code"]
        constraints = [
            models.UniqueConstraint(fields=["scheme", "indicator"], name="index_weight_once"),
            models.CheckConstraint(
                condition=Q(percent__gt=0, percent__lte=100),
                name="index_weight_positive",
                violation_error_message=_("A weight lies above 0 and is 100 percent at most."),
            ),
        ]
        triggers = [
            pgtrigger.Trigger(
                name="makes_100",
                level=pgtrigger.Row,
                when=pgtrigger.After,
                operation=pgtrigger.Insert | pgtrigger.Update,
                timing=pgtrigger.Deferred,
                func=MAKES_100.format(scheme="NEW.scheme_id"),
            ),
            pgtrigger.Trigger(
                name="makes_100_without",
                level=pgtrigger.Row,
                when=pgtrigger.After,
                operation=pgtrigger.Delete,
                timing=pgtrigger.Deferred,
                func=MAKES_100.format(scheme="OLD.scheme_id"),
            ),
            pgtrigger.Trigger(
                name="kept_once_used",
                when=pgtrigger.Before,
                operation=pgtrigger.Update | pgtrigger.Delete,
                func="""
                IF EXISTS (SELECT 1 FROM summaries_indexperiod WHERE scheme_id = OLD.scheme_id) THEN
                    RAISE EXCEPTION 'a quarter counts with these weights';
                END IF;
                IF TG_OP = 'DELETE' THEN RETURN OLD; END IF;
                RETURN NEW;
                """,
            ),
        ]

    def __str__(self):
        return f"{self.indicator.code} {self.percent} %"


# The words of the source; where it shortens (& and dgn) they are written out. It ends after politics: the other fields are proposals.
DEFAULTS: dict[str, tuple[str, str, tuple[str, ...]]] = {
    "IDEOLOGI": (
        "I",
        "NASKAH",
        (
            "Pancasila sebagai dasar negara dan pandangan hidup",
            "Kebebasan beragama/berkeyakinan",
            "Terlindunginya kelompok minoritas",
            "Ketahanan masyarakat dari radikalisme",
            "Bebas dari terorisme",
            "Tokoh primordial menyejukkan, mencegah konflik",
            "Program deradikalisasi berkembang",
            "Bebas dari ideologi asing bertentangan dengan Pancasila",
        ),
    ),
    "POLITIK": (
        "P",
        "NASKAH",
        (
            "Kebijakan political society diterima dan didukung civil society",
            "Pemilu/Pilkada tiap tahapan tanpa konflik fisik/pertumpahan darah",
            "Pejabat politik menjadi ikon dan mencegah konflik politik",
            "Masyarakat tahan terhadap isu politik",
            "Produk politik memihak dan bermanfaat bagi masyarakat",
            "Bebas kejahatan terorganisir di bidang politik (white collar crime)",
        ),
    ),
    "EKONOMI": (
        "E",
        "USULAN",
        (
            "Harga dan pasokan bahan pokok stabil",
            "Pengangguran pemuda rendah",
            "Konflik agraria/industrial nihil",
            "Pungli dan premanisme pasar nihil",
            "Pinjol dan judi online terkendali",
        ),
    ),
    "SOSIAL_BUDAYA": (
        "S",
        "USULAN",
        (
            "Kerukunan antarumat terjaga",
            "Tawuran nihil",
            "Penyakit masyarakat terkendali",
            "Siskamling aktif",
            "Tokoh masyarakat aktif memediasi",
            "KDRT dan kekerasan terhadap anak turun",
        ),
    ),
}
SINCE = datetime.date(2019, 1, 1)


def equal_shares(n: int) -> list[Decimal]:
    """100 percent in n parts of two decimals, as equal as can be, the larger ones first."""
    cents, rest = divmod(10_000, n)
    return [Decimal(cents + (place < rest)) / 100 for place in range(n)]


def load_defaults(indicator_model, scheme_model, weight_model) -> None:
    """The indicators and the first scheme where there is none; takes the models, so that a migration can call it with its own state."""
    if scheme_model.objects.exists():
        return
    scheme = scheme_model.objects.create(starts_on=SINCE, ideology=25, politics=25, economy=25, society=25)
    for field, (letter, source, texts) in DEFAULTS.items():
        for number, (text, share) in enumerate(zip(texts, equal_shares(len(texts)), strict=True), 1):
            order = ORDER.index(field) * 100 + number
            known = {"field": field, "order": order, "text": text, "source": source}
            indicator, _is_new = indicator_model.objects.get_or_create(code=f"{letter}{number}", defaults=known)
            weight_model.objects.create(scheme=scheme, indicator=indicator, percent=share)
