"""With whom: forums, their meetings and minutes, and what they have to do; every list is scoped."""

from django.urls import path

from fkpm.api_meetings import urlpatterns as meetings
from fkpm.forum_api import ForumDetail, ForumList
from fkpm.member_api import urlpatterns as members

urlpatterns = [
    path("forums/", ForumList.as_view(), name="forum_list"),
    path("forums/<any_uuid:uuid>/", ForumDetail.as_view(), name="forum_detail"),
    *members,
    *meetings,
]
