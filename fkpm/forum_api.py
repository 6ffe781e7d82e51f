"""Forums in the API: those in sight, with their members; one that exists is recorded, and corrected by those who manage it."""

from typing import Any

from django.core.exceptions import ValidationError as Refused
from django.db import IntegrityError, transaction
from django.http import Http404
from django_filters import rest_framework as filters
from drf_spectacular.utils import extend_schema, extend_schema_field
from rest_framework import generics, serializers, status
from rest_framework.response import Response

from fkpm.api_errors import refused
from fkpm.forms_forums import NewForumForm, villages_of
from fkpm.member_api import MemberSerializer
from fkpm.models import Forum
from mapping.models.areas import dotted
from polmas.people.exceptions import Conflict


class ForumSerializer(serializers.ModelSerializer):
    id = serializers.UUIDField(source="uuid", read_only=True)
    unit = serializers.CharField(source="unit.code", read_only=True)
    area = serializers.CharField(source="area.code", read_only=True)
    area_name = serializers.CharField(source="area.name", read_only=True)
    next_meeting_at = serializers.DateTimeField(allow_null=True, read_only=True)
    open_actions = serializers.IntegerField(source="open_count", read_only=True)
    overdue_actions = serializers.IntegerField(source="overdue_count", read_only=True)

    class Meta:
        model = Forum
        fields = [
            *("id", "name", "form", "zone_kind", "status", "unit", "area", "area_name", "coverage", "bkpm", "phone"),
            *("next_meeting_at", "open_actions", "overdue_actions"),
        ]


class ForumDetailSerializer(ForumSerializer):
    members = serializers.SerializerMethodField()

    class Meta(ForumSerializer.Meta):
        fields = [
            *ForumSerializer.Meta.fields,
            *("founded_on", "endorsed_by", "endorsement_number", "endorsed_on", "term_starts_on", "term_ends_on", "members"),
        ]

    @extend_schema_field(MemberSerializer(many=True))
    def get_members(self, forum):
        return MemberSerializer(forum.active_members().by_office(), many=True).data


class NewForumSerializer(serializers.Serializer):
    """A forum that exists: its name, village and chair; all else can follow."""

    name = serializers.CharField(max_length=120, trim_whitespace=False)
    area = serializers.CharField(max_length=24, help_text="Code of the village.")
    chair = serializers.CharField(max_length=120, trim_whitespace=False, help_text="Name of the chair.")
    bkpm = serializers.CharField(max_length=200, required=False, allow_blank=True, trim_whitespace=False)
    form = serializers.ChoiceField(choices=Forum.Form.choices, required=False)
    zone_kind = serializers.CharField(max_length=12, required=False, allow_blank=True)


class ForumChangeSerializer(serializers.ModelSerializer):
    """What those who manage a forum correct in it."""

    class Meta:
        model = Forum
        fields = ["name", "coverage", "bkpm", "phone"]

    def validate_name(self, name):
        if not name.strip():
            raise serializers.ValidationError(self.fields["name"].error_messages["blank"], code="blank")
        return name


class ForumFilter(filters.FilterSet):
    area = filters.CharFilter("area__code")
    status = filters.ChoiceFilter(choices=Forum.Status.choices)
    form = filters.ChoiceFilter(choices=Forum.Form.choices)


class ScopedForums(generics.GenericAPIView):
    filter_backends = [filters.DjangoFilterBackend]
    filterset_class: Any = None
    lookup_field = "uuid"
    queryset = Forum.objects.select_related("unit", "area")

    def get_queryset(self):
        return Forum.objects.for_user(self.request.user).with_state().select_related("unit", "area")

    def shown(self, pk, code=status.HTTP_200_OK):
        return Response(ForumDetailSerializer(self.get_queryset().get(pk=pk)).data, status=code)


class ForumList(ScopedForums, generics.ListAPIView):
    serializer_class = ForumSerializer
    filterset_class = ForumFilter

    @extend_schema(request=NewForumSerializer, responses={201: ForumDetailSerializer})
    def post(self, request):
        """Records a forum that exists, in a village for which one may."""
        villages = villages_of(request.user)
        if not villages.exists():
            raise Http404
        sent = NewForumSerializer(data=request.data)
        sent.is_valid(raise_exception=True)
        village = villages.filter(code=dotted(sent.validated_data["area"])).first()
        if village is None:
            raise serializers.ValidationError({"area": NewForumForm.base_fields["area"].error_messages["invalid_choice"]})
        form = NewForumForm(sent.validated_data | {"area": village.pk}, user=request.user)
        forum = form.stored() if form.is_valid() else None
        if forum is None:
            raise refused(form.errors.as_data())
        return self.shown(forum.pk, status.HTTP_201_CREATED)


class ForumDetail(ScopedForums, generics.RetrieveAPIView):
    serializer_class = ForumDetailSerializer

    @extend_schema(request=ForumChangeSerializer, responses=ForumDetailSerializer)
    def patch(self, request, uuid):
        """Corrects name, place, phone and what the forum covers."""
        forum = self.get_object()
        if not forum.may_manage(request.user):
            raise Http404
        change = ForumChangeSerializer(forum, data=request.data, partial=True)
        change.is_valid(raise_exception=True)
        for name, value in change.validated_data.items():
            setattr(forum, name, value)
        try:
            forum.full_clean(exclude=["officer", "bkpm_place", "statutes"])
            with transaction.atomic():
                forum.save(update_fields=list(change.validated_data))
        except Refused as error:
            raise refused(error.error_dict) from error
        except IntegrityError as error:
            raise Conflict from error
        return self.shown(forum.pk)
