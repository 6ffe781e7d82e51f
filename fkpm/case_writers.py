"""What programs may write of cases and agreements, in the shapes that the pages' forms have."""

from collections.abc import Iterable

from django.core.exceptions import ValidationError as Refused
from django.utils.translation import gettext_lazy as _
from rest_framework import serializers

from fkpm.agreements import WRITTEN
from fkpm.forms_agreements import LONGEST_CLAUSE, MOST_CLAUSES, MOST_LINES
from fkpm.forms_cases import MOST_PARTIES, OLDEST
from fkpm.models import Agreement, AgreementPerson, Case, CaseParty, PartyRole, Question
from polmas.people.exceptions import by_field
from polmas.people.models import Code


class Words(serializers.CharField):
    """Text stored as it was sent; where it is required, white space alone does not do."""

    def __init__(self, **kwargs):
        super().__init__(trim_whitespace=False, **kwargs)

    def run_validation(self, data=serializers.empty):
        value = super().run_validation(data)
        if not self.allow_blank and isinstance(value, str) and not value.strip():
            self.fail("blank")
        return value


class Line(Words):
    """One point of an agreement: the paper numbers them, so that none goes over several lines."""

    def to_internal_value(self, data):
        text = super().to_internal_value(data)
        if len(text.splitlines()) > 1:
            raise serializers.ValidationError(_("One point a line; the paper numbers them."))
        return text


class SignerWriter(serializers.Serializer):
    role = serializers.ChoiceField(choices=AgreementPerson.Role.choices)
    name = Words(max_length=120)
    detail = Words(max_length=300, allow_blank=True, required=False, default="")


class SignerList(serializers.ListSerializer):
    def __init__(self, **kwargs):
        super().__init__(child=SignerWriter(), max_length=MOST_LINES, **kwargs)


def check_kind(attrs, is_of_case: bool) -> None:
    if "kind" in attrs and (attrs["kind"] == Agreement.Kind.PERDAMAIAN) != is_of_case:
        raise serializers.ValidationError({"kind": _("A peace belongs to a case, every other agreement to a forum.")})


class AgreementWriter(serializers.ModelSerializer):
    """What of a paper is to change. `version` is the one that its writer read; a list that is given replaces the stored one."""

    version = serializers.IntegerField(min_value=0, max_value=2**31 - 1)
    subject = Words(max_length=200, required=False)
    place = Words(max_length=200, required=False)
    clauses = serializers.ListField(child=Line(max_length=LONGEST_CLAUSE), min_length=1, max_length=MOST_CLAUSES, required=False)
    people = SignerList(required=False)

    class Meta:
        model = Agreement
        fields = ["version", *WRITTEN, "people"]
        extra_kwargs = {name: {"required": False} for name in ("kind", "agreed_on")}
        extra_kwargs |= {name: {"trim_whitespace": False} for name in ("sanction", "village_head", "officer_name", "chair_name")}
        validators: list = []

    def validate(self, attrs):
        check_kind(attrs, is_of_case=self.instance is not None and self.instance.case_id is not None)
        return attrs

    def put_into(self, agreement: Agreement) -> list[dict] | None:
        """Says on the paper what was sent; gives who signs it, where that was sent."""
        for name in WRITTEN:
            if name in self.validated_data:
                setattr(agreement, name, self.validated_data[name])
        return self.validated_data.get("people")


class NewAgreementWriter(AgreementWriter):
    """A paper to be drawn up: of a case the peace between its parties, else of a forum."""

    version = None  # type: ignore[assignment]  # a new paper has none
    case = serializers.UUIDField(required=False)
    forum = serializers.UUIDField(required=False)
    clauses = serializers.ListField(child=Line(max_length=LONGEST_CLAUSE), min_length=1, max_length=MOST_CLAUSES)
    people = SignerList()

    class Meta(AgreementWriter.Meta):
        fields = ["case", "forum", *WRITTEN, "people"]

    def validate(self, attrs):
        if ("case" in attrs) == ("forum" in attrs):
            raise serializers.ValidationError(_("A peace belongs to a case, every other agreement to a forum."))
        check_kind(attrs, is_of_case="case" in attrs)
        return attrs


class PartyWriter(serializers.Serializer):
    role = serializers.ChoiceField(choices=PartyRole.choices)
    name = Words(max_length=120)
    age = serializers.IntegerField(min_value=0, max_value=OLDEST, allow_null=True, required=False, default=None)
    occupation = Words(max_length=80, allow_blank=True, required=False, default="")
    address = Words(max_length=200, allow_blank=True, required=False, default="")


class PartyList(serializers.ListSerializer):
    def __init__(self, **kwargs):
        super().__init__(child=PartyWriter(), max_length=MOST_PARTIES, **kwargs)


class CaseWriter(serializers.ModelSerializer):
    """What of a case is to change. `version` is the one that its writer read; parties that are given replace the stored ones. Category and
    answers are judged by the rules of today, as on the page."""

    version = serializers.IntegerField(min_value=0, max_value=2**31 - 1)
    parties = PartyList(required=False)
    category = serializers.CharField(max_length=40, required=False)

    SAID = ("chronology", "root_cause", "method", "venue", "settlement", "outcome")
    JUDGED = ("category", *Question.values)

    class Meta:
        model = Case
        fields = ["version", "chronology", "root_cause", "method", "venue", "settlement", "outcome", "category", *Question.values, "parties"]
        extra_kwargs = {name: {"trim_whitespace": False} for name in ("chronology", "root_cause", "settlement")}
        extra_kwargs |= {"outcome": {"required": False}}
        extra_kwargs |= {name: {"required": False, "allow_blank": False} for name in Question.values}
        validators: list = []

    def validate_category(self, category):
        if not Code.objects.of("CASE_CATEGORY").filter(code=category).exists():
            raise serializers.ValidationError(_("Unknown category."), code="invalid_choice")
        return category

    def only(self, names: Iterable[str]) -> dict:
        return {name: self.validated_data[name] for name in names if name in self.validated_data}


def with_ids(sent: list[dict], stored: Iterable[CaseParty]) -> list[dict]:
    """Parties of the API have no ids: the same name on the same side is the same person, and so is the only one on a side whose name
    changed."""
    left = list(stored)
    found: dict[int, int] = {}
    for number, party in enumerate(sent):
        same = next((row for row in left if (row.role, row.name) == (party["role"], party["name"])), None)
        if same:
            left.remove(same)
            found[number] = same.pk
    for number, party in enumerate(sent):
        alike = [row for row in left if row.role == party["role"]]
        others = [other for place, other in enumerate(sent) if place not in found and other["role"] == party["role"]]
        if number not in found and len(alike) == len(others) == 1:
            found[number] = alike[0].pk
    return [{**party, "id": found.get(number)} for number, party in enumerate(sent)]


def told(error: Refused) -> serializers.ValidationError:
    return serializers.ValidationError(by_field(error))
