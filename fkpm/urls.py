from django.urls import path

from fkpm.urls_account import urlpatterns as account
from fkpm.urls_cases import urlpatterns as cases
from fkpm.urls_forum import urlpatterns as forum
from fkpm.views import actions, meetings

app_name = "fkpm"

urlpatterns = [
    *forum,
    path("fkpm/<uuid:uuid>/rapat/", meetings.meeting_list, name="meeting_list"),
    path("fkpm/<uuid:uuid>/rapat/baru/", meetings.meeting_create, name="meeting_create"),
    path("fkpm/rapat/<uuid:uuid>/", meetings.meeting_detail, name="meeting_detail"),
    path("fkpm/rapat/<uuid:uuid>/ubah/", meetings.minutes_update, name="minutes_update"),
    path("fkpm/rapat/<uuid:uuid>/sahkan/", meetings.minutes_adopt, name="minutes_adopt"),
    path("fkpm/rapat/<uuid:uuid>/pdf/", meetings.minutes_pdf, name="minutes_pdf"),
    path("fkpm/<uuid:uuid>/tindak-lanjut/", actions.action_list, name="action_list"),
    path("fkpm/tindak-lanjut/<int:pk>/", actions.action_update, name="action_update"),
    *account,
    *cases,
]
