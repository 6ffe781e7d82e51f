from django.urls import path

from patrol.views import areas, entry, photos, reports, review

app_name = "patrol"

urlpatterns = [
    path("catat/", entry.report_choose, name="report_choose"),
    path("catat/<slug:slug>/", entry.report_create, name="report_create"),
    path("catat/<slug:slug>/<uuid:uuid>/", entry.report_update, name="report_update"),
    path("antrean/", entry.outbox_list, name="outbox_list"),
    path("kegiatan/", reports.report_list, name="report_list"),
    path("kegiatan/unduh/", reports.report_export, name="report_export"),
    path("kegiatan/<uuid:uuid>/", reports.report_detail, name="report_detail"),
    path("kegiatan/<uuid:uuid>/tarik/", reports.report_withdraw, name="report_withdraw"),
    path("tinjau/", review.review_list, name="review_list"),
    path("tinjau/<uuid:uuid>/", review.review_detail, name="review_detail"),
    path("foto/<uuid:uuid>/", photos.photo_detail, name="photo_detail"),
    path("foto/<uuid:uuid>/kecil/", photos.photo_thumbnail, name="photo_thumbnail"),
    path("wilayah/", areas.area_list, name="area_list"),
    path("wilayah/<str:code>/", areas.area_detail, name="area_detail"),
]
