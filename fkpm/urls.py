from django.urls import path

from fkpm.urls_account import urlpatterns as account
from fkpm.views import actions, forums, foundings, meetings, members

app_name = "fkpm"

urlpatterns = [
    path("fkpm/", forums.forum_list, name="forum_list"),
    path("fkpm/baru/", forums.forum_create, name="forum_create"),
    path("fkpm/<uuid:uuid>/", forums.forum_detail, name="forum_detail"),
    path("fkpm/<uuid:uuid>/ubah/", forums.forum_update, name="forum_update"),
    path("fkpm/<uuid:uuid>/ad-art/", forums.statutes_file, name="statutes_file"),
    path("fkpm/pendirian/", foundings.founding_create, name="founding_create"),
    path("fkpm/<uuid:uuid>/pendirian/", foundings.founding_detail, name="founding_detail"),
    path("fkpm/<uuid:uuid>/pendirian/rapat/<slug:kind>/", foundings.founding_meeting, name="founding_meeting"),
    path("fkpm/<uuid:uuid>/pengesahan/", foundings.endorsement_update, name="endorsement_update"),
    path("fkpm/<uuid:uuid>/anggota/", members.member_list, name="member_list"),
    path("fkpm/<uuid:uuid>/anggota/baru/", members.member_create, name="member_create"),
    path("fkpm/<uuid:uuid>/anggota/<int:pk>/", members.member_update, name="member_update"),
    path("fkpm/<uuid:uuid>/rapat/", meetings.meeting_list, name="meeting_list"),
    path("fkpm/<uuid:uuid>/rapat/baru/", meetings.meeting_create, name="meeting_create"),
    path("fkpm/rapat/<uuid:uuid>/", meetings.meeting_detail, name="meeting_detail"),
    path("fkpm/rapat/<uuid:uuid>/ubah/", meetings.minutes_update, name="minutes_update"),
    path("fkpm/rapat/<uuid:uuid>/sahkan/", meetings.minutes_adopt, name="minutes_adopt"),
    path("fkpm/rapat/<uuid:uuid>/pdf/", meetings.minutes_pdf, name="minutes_pdf"),
    path("fkpm/<uuid:uuid>/tindak-lanjut/", actions.action_list, name="action_list"),
    path("fkpm/tindak-lanjut/<int:pk>/", actions.action_update, name="action_update"),
    *account,
]
