"""Members of a forum in the API, and the invitations by which they come to an account: read by all who may see the forum, written by those
who manage it."""

from typing import Any

from django.http import Http404
from django.shortcuts import get_object_or_404
from django.urls import path
from django_filters import rest_framework as filters
from drf_spectacular.utils import extend_schema
from rest_framework import generics, serializers, status
from rest_framework.response import Response
from rest_framework.views import APIView

from fkpm import joining
from fkpm.api_errors import refused
from fkpm.forms_members import MemberForm
from fkpm.models import Forum, Invitation, Member
from polmas.people.scope import on_day


class MemberSerializer(serializers.ModelSerializer):
    id = serializers.UUIDField(source="uuid", read_only=True)

    class Meta:
        model = Member
        fields = ["id", "name", "position", "section", "element", "starts_on", "ends_on"]


class KeptMemberSerializer(MemberSerializer):
    """A member as those who manage the forum see it; whether they have an account is told, which one is not."""

    forum = serializers.UUIDField(source="forum.uuid", read_only=True)
    has_account = serializers.SerializerMethodField()

    class Meta(MemberSerializer.Meta):
        fields = [*MemberSerializer.Meta.fields, "forum", "phone", "email", "has_consented", "is_party_free", "has_account"]

    def get_has_account(self, member) -> bool:
        return member.user_id is not None


class MemberWriter(serializers.ModelSerializer):
    """What is written of a member; what each may be, the form of the page says."""

    class Meta:
        model = Member
        fields = MemberForm.Meta.fields
        extra_kwargs = {name: {"trim_whitespace": False} for name in ("name", "phone", "email")}

    def get_validators(self):
        return []  # constraints need the forum: the form below asks them

    def stored(self, member, user) -> Member:
        """The member with what was sent in its place. Raises ValidationError where the form refuses it."""
        known = {name: getattr(member, name) for name in self.Meta.fields}
        form = MemberForm(known | dict(self.validated_data), instance=member, user=user)
        kept = form.stored() if form.is_valid() else None
        if kept is None:
            raise refused(form.errors.as_data())
        return kept


class SlipSerializer(serializers.Serializer):
    """What is handed to the member. The code is told here and never again; asked once more, there is a new one and this one ends."""

    code = serializers.CharField()
    link = serializers.URLField()
    expires_at = serializers.DateTimeField()
    text = serializers.CharField(help_text="A message to send as it stands.")


class InvitationSerializer(serializers.ModelSerializer):
    member = serializers.UUIDField(source="member.uuid")
    name = serializers.CharField(source="member.name")
    is_open = serializers.BooleanField(help_text="False once it has expired, was used or revoked.")

    class Meta:
        model = Invitation
        fields = ["member", "name", "created_at", "expires_at", "used_at", "revoked_at", "is_open"]


class MemberFilter(filters.FilterSet):
    on = filters.DateFilter(method="valid_on", label="Members of that day.")

    class Meta:
        model = Member
        fields = ["position", "element"]

    def valid_on(self, members, name, day):
        return members.filter(on_day(day))


class OfForum(generics.ListAPIView):
    """Rows of one forum that the user may see."""

    filter_backends = [filters.DjangoFilterBackend]

    def forum(self, is_managed=False) -> Forum:
        forum = get_object_or_404(Forum.objects.for_user(self.request.user).select_related("unit", "area"), uuid=self.kwargs["uuid"])
        if is_managed and not forum.may_manage(self.request.user):
            raise Http404
        return forum


class MemberList(OfForum):
    queryset = Member.objects.all()
    serializer_class = MemberSerializer
    filterset_class = MemberFilter

    def get_queryset(self):
        return super().get_queryset().filter(forum=self.forum())

    @extend_schema(request=MemberWriter, responses={201: KeptMemberSerializer})
    def post(self, request, uuid):
        """Adds a member to the list."""
        member = Member(forum=self.forum(is_managed=True))
        sent = MemberWriter(data=request.data)
        sent.is_valid(raise_exception=True)
        return Response(KeptMemberSerializer(sent.stored(member, request.user)).data, status=status.HTTP_201_CREATED)


class InvitationList(OfForum):
    """Invitations of a forum, the latest first, for those who manage it; no code stands in them."""

    queryset = Invitation.objects.select_related("member")
    serializer_class = InvitationSerializer

    def get_queryset(self):
        return super().get_queryset().filter(member__forum=self.forum(is_managed=True))


class ManagedMember:
    """A member of a forum that the user manages."""

    request: Any

    def member(self, uuid) -> Member:
        rows = Member.objects.for_user(self.request.user).select_related("forum__unit", "forum__area")
        member = get_object_or_404(rows, uuid=uuid)
        if not member.forum.may_manage(self.request.user):
            raise Http404
        return member


class MemberDetail(ManagedMember, APIView):
    @extend_schema(responses=KeptMemberSerializer)
    def get(self, request, uuid):
        return Response(KeptMemberSerializer(self.member(uuid)).data)

    @extend_schema(request=MemberWriter(partial=True), responses=KeptMemberSerializer)
    def patch(self, request, uuid):
        """Corrects a member, or ends the term by `ends_on`."""
        member = self.member(uuid)
        sent = MemberWriter(data=request.data, partial=True)
        sent.is_valid(raise_exception=True)
        return Response(KeptMemberSerializer(sent.stored(member, request.user)).data)


class MemberInvitation(ManagedMember, APIView):
    @extend_schema(request=None, responses={201: SlipSerializer})
    def post(self, request, uuid):
        """Invites a member of today who has no account: gives a code that makes one, once. An earlier code of the member ends."""
        member = self.member(uuid)
        if not joining.to_invite(member.forum).filter(pk=member.pk).exists():
            raise serializers.ValidationError(joining.NOT_INVITED)
        return Response(SlipSerializer(joining.slip_of(member, request.user)).data, status=status.HTTP_201_CREATED)

    @extend_schema(responses={204: None})
    def delete(self, request, uuid):
        """Takes the open code back."""
        invitation = get_object_or_404(self.member(uuid).invitations.filter(used_at=None, revoked_at=None))
        invitation.revoke()
        return Response(status=status.HTTP_204_NO_CONTENT)


urlpatterns = [
    path("forums/<any_uuid:uuid>/members/", MemberList.as_view(), name="member_list"),
    path("forums/<any_uuid:uuid>/invitations/", InvitationList.as_view(), name="invitation_list"),
    path("members/<any_uuid:uuid>/", MemberDetail.as_view(), name="member_detail"),
    path("members/<any_uuid:uuid>/invitation/", MemberInvitation.as_view(), name="member_invitation"),
]
