from django.urls import path

from mapping.views import absences, areas, incidents, problems, statements

app_name = "mapping"

urlpatterns = [
    path("wilayah/<str:code>/profil/baru/", areas.profile_create, name="profile_create"),
    path("wilayah/<str:code>/profil/<int:year>/", areas.profile_update, name="profile_update"),
    path("wilayah/<str:code>/profil/<int:year>/hapus/", areas.profile_delete, name="profile_delete"),
    path("wilayah/<str:code>/cetak-<int:year>/", areas.profile_pdf, name="profile_pdf"),
    path("wilayah/<str:code>/bagian/baru/", areas.part_create, name="part_create"),
    path("wilayah/<str:code>/nama/", areas.part_update, name="part_update"),
    path("wilayah/<str:code>/tutup/", areas.part_close, name="part_close"),
    path("gangguan/", incidents.incident_list, name="incident_list"),
    path("gangguan/ekspor/", incidents.incident_export, name="incident_export"),
    path("gangguan/baru/", incidents.incident_create, name="incident_create"),
    path("gangguan/harian/", statements.statement_list, name="statement_list"),
    path("gangguan/harian/nyatakan/", statements.statement_create, name="statement_create"),
    path("oknum/", incidents.flag_list, name="flag_list"),
    path("gangguan/<uuid:uuid>/", incidents.incident_detail, name="incident_detail"),
    path("gangguan/<uuid:uuid>/ubah/", incidents.incident_update, name="incident_update"),
    path("gangguan/<uuid:uuid>/riwayat/", incidents.incident_history, name="incident_history"),
    path("gangguan/<uuid:uuid>/penanganan/", incidents.incident_handle, name="incident_handle"),
    path("gangguan/<uuid:uuid>/serahkan/", incidents.incident_assign, name="incident_assign"),
    path("gangguan/<uuid:uuid>/oknum/", incidents.incident_flag, name="incident_flag"),
    path("gangguan/<uuid:uuid>/cabut/", incidents.incident_withdraw, name="incident_withdraw"),
    path("absen/", absences.absence_list, name="absence_list"),
    path("absen/baru/", absences.absence_create, name="absence_create"),
    path("absen/<int:pk>/", absences.absence_update, name="absence_update"),
    path("absen/<int:pk>/akhiri/", absences.absence_end, name="absence_end"),
    path("absen/<int:pk>/hapus/", absences.absence_delete, name="absence_delete"),
    path("masalah/", problems.problem_list, name="problem_list"),
    path("masalah/unduh/", problems.problem_export, name="problem_export"),
]
