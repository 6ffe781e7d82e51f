from django.urls import path

from polmas.summaries.views import dashboard, home, manage, progress, summaries
from polmas.summaries.views import map as maps

app_name = "summaries"

urlpatterns = [
    path("", home.home, name="home"),
    path("lainnya/", home.more, name="more"),
    path("dasbor/", dashboard.dashboard, name="dashboard"),
    path("dasbor/wilayah/", dashboard.dashboard_shapes, name="dashboard_shapes"),
    path("peta/", maps.map_page, name="map_page"),
    path("peta/data/", maps.map_data, name="map_data"),
    path("capaian/", progress.progress_list, name="progress_list"),
    path("capaian/<int:pk>/", progress.progress_detail, name="progress_detail"),
    path("rekap/", summaries.summary_list, name="summary_list"),
    path("rekap/<uuid:uuid>/", summaries.summary_detail, name="summary_detail"),
    path("rekap/<uuid:uuid>/ubah/", summaries.summary_update, name="summary_update"),
    path("rekap/<uuid:uuid>/hitung/", summaries.summary_rebuild, name="summary_rebuild"),
    path("rekap/<uuid:uuid>/sahkan/", summaries.summary_approve, name="summary_approve"),
    path("rekap/<uuid:uuid>/pdf/", summaries.summary_pdf, name="summary_pdf"),
    path("kelola/", manage.manage_home, name="manage_home"),
    path("kelola/personel/", manage.user_list, name="user_list"),
    path("kelola/personel/baru/", manage.user_create, name="user_create"),
    path("kelola/personel/<int:pk>/", manage.user_update, name="user_update"),
    path("kelola/personel/<int:pk>/sandi/", manage.user_password, name="user_password"),
    path("kelola/personel/<int:pk>/tutup/", manage.user_close, name="user_close"),
    path("kelola/personel/<int:pk>/buka/", manage.user_open, name="user_open"),
    path("kelola/personel/<int:pk>/penugasan/", manage.posting_create, name="posting_create"),
    path("kelola/penugasan/<int:pk>/akhiri/", manage.posting_end, name="posting_end"),
    path("kelola/personel/<int:pk>/wilayah/", manage.beat_create, name="beat_create"),
    path("kelola/wilayah-binaan/<int:pk>/akhiri/", manage.beat_end, name="beat_end"),
    path("kelola/wilayah/", manage.area_list, name="area_list"),
    path("kelola/satuan/", manage.unit_list, name="unit_list"),
    path("kelola/satuan/<int:pk>/", manage.unit_update, name="unit_update"),
    path("kelola/target/", manage.target_list, name="target_list"),
    path("kelola/target/baru/", manage.target_create, name="target_create"),
    path("kelola/target/klaster/", manage.cluster_rule_update, name="cluster_rule_update"),
    path("kelola/target/<int:pk>/", manage.target_update, name="target_update"),
    path("kelola/target/<int:pk>/hapus/", manage.target_delete, name="target_delete"),
    path("kelola/impor/", manage.import_create, name="import_create"),
    path("kelola/impor/templat/<str:kind>/", manage.import_template, name="import_template"),
    path("kelola/impor/<uuid:uuid>/", manage.import_detail, name="import_detail"),
    path("kelola/impor/<uuid:uuid>/terapkan/", manage.import_apply, name="import_apply"),
    path("kelola/impor/<uuid:uuid>/hapus/", manage.import_delete, name="import_delete"),
    path("kelola/impor/<uuid:uuid>/galat/", manage.import_errors, name="import_errors"),
    path("kelola/impor/<uuid:uuid>/sandi/", manage.import_passwords, name="import_passwords"),
]
