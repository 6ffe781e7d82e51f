from django.urls import path

from mapping.views import absences

app_name = "mapping"

urlpatterns = [
    path("absen/", absences.absence_list, name="absence_list"),
    path("absen/baru/", absences.absence_create, name="absence_create"),
    path("absen/<int:pk>/", absences.absence_update, name="absence_update"),
    path("absen/<int:pk>/akhiri/", absences.absence_end, name="absence_end"),
    path("absen/<int:pk>/hapus/", absences.absence_delete, name="absence_delete"),
]
