from django.urls import path

from patrol.register_pages import PAGES
from patrol.views import areas, cards, directives, entry, handovers, informations, photos, posts, registers, reports, review, thanks

app_name = "patrol"

urlpatterns = [
    path("catat/", entry.report_choose, name="report_choose"),
    path("catat/li/", informations.information_create, name="information_create"),
    path("catat/li/<uuid:uuid>/", informations.information_update, name="information_update"),
    path("catat/<slug:slug>/", entry.report_create, name="report_create"),
    path("catat/<slug:slug>/<uuid:uuid>/", entry.report_update, name="report_update"),
    path("antrean/", entry.outbox_list, name="outbox_list"),
    path("kegiatan/", reports.report_list, name="report_list"),
    path("kegiatan/unduh/", reports.report_export, name="report_export"),
    path("kegiatan/<uuid:uuid>/", reports.report_detail, name="report_detail"),
    path("kegiatan/<uuid:uuid>/tarik/", reports.report_withdraw, name="report_withdraw"),
    path("kegiatan/<uuid:uuid>/terima-kasih/", thanks.thanks_create, name="thanks_create"),
    path("terima-kasih/dilihat/", thanks.thanks_seen, name="thanks_seen"),
    path("atensi/", directives.directive_list, name="directive_list"),
    path("atensi/baru/", directives.directive_create, name="directive_create"),
    path("atensi/berkas/<uuid:uuid>/", directives.directive_file, name="directive_file"),
    path("atensi/<uuid:uuid>/", directives.directive_detail, name="directive_detail"),
    path("atensi/<uuid:uuid>/baca/", directives.directive_read, name="directive_read"),
    path("atensi/<uuid:uuid>/tindak-lanjut/", directives.directive_follow, name="directive_follow"),
    path("atensi/<uuid:uuid>/ingatkan/", directives.directive_remind, name="directive_remind"),
    path("atensi/<uuid:uuid>/tutup/", directives.directive_close, name="directive_close"),
    path("tinjau/", review.review_list, name="review_list"),
    path("tinjau/<uuid:uuid>/", review.review_detail, name="review_detail"),
    path("li/", informations.information_list, name="information_list"),
    path("li/buku/", informations.information_book, name="information_book"),
    path("li/<uuid:uuid>/", informations.information_detail, name="information_detail"),
    path("li/<uuid:uuid>/daftar/", informations.information_act, {"name": "register"}, name="information_register"),
    path("li/<uuid:uuid>/kembalikan/", informations.information_act, {"name": "return"}, name="information_return"),
    path("li/<uuid:uuid>/nilai/", informations.information_act, {"name": "rate"}, name="information_rate"),
    path("li/<uuid:uuid>/disposisi/", informations.information_act, {"name": "dispose"}, name="information_dispose"),
    path("li/<uuid:uuid>/penangan/", informations.information_act, {"name": "handler"}, name="information_handler"),
    path("li/<uuid:uuid>/sumber/", informations.source_open, name="source_open"),
    path("li/<uuid:uuid>/pdf/", informations.information_pdf, name="information_pdf"),
    path("foto/<uuid:uuid>/", photos.photo_detail, name="photo_detail"),
    path("foto/<uuid:uuid>/kecil/", photos.photo_thumbnail, name="photo_thumbnail"),
    path("serah-terima/", handovers.handover_list, name="handover_list"),
    path("serah-terima/baru/", handovers.handover_create, name="handover_create"),
    path("serah-terima/<uuid:uuid>/", handovers.handover_detail, name="handover_detail"),
    path("serah-terima/<uuid:uuid>/perbarui/", handovers.handover_renew, name="handover_renew"),
    path("serah-terima/<uuid:uuid>/terima/", handovers.handover_accept, name="handover_accept"),
    path("serah-terima/<uuid:uuid>/hapus/", handovers.handover_delete, name="handover_delete"),
    path("serah-terima/<uuid:uuid>/pdf/", handovers.handover_pdf, name="handover_pdf"),
    path("pos/", posts.post_list, name="post_list"),
    path("pos/baru/", posts.post_create, name="post_create"),
    path("pos/<uuid:uuid>/", posts.post_detail, name="post_detail"),
    path("pos/<uuid:uuid>/ubah/", posts.post_update, name="post_update"),
    path("pos/<uuid:uuid>/tutup/", posts.post_close, name="post_close"),
    path("pos/<uuid:uuid>/qr/", posts.post_sheet, name="post_sheet"),
    path("wilayah/", areas.area_list, name="area_list"),
    path("wilayah/<str:code>/", areas.area_detail, name="area_detail"),
]

for register in PAGES.values():
    key, at, one = {"key": register.key}, f"{register.path}/", f"{register.path}/<uuid:uuid>/"
    urlpatterns += [
        path(at, registers.entry_list, key, name=f"{register.key}_list"),
        path(f"{at}unduh/", registers.entry_export, key, name=f"{register.key}_export"),
        path(f"{at}tambah/", registers.entry_create, key, name=f"{register.key}_create"),
        path(one, registers.entry_detail, key, name=f"{register.key}_detail"),
        path(f"{one}ubah/", registers.entry_update, key, name=f"{register.key}_update"),
        path(f"{one}nomor/", registers.entry_phones, key, name=f"{register.key}_phones"),
        path(f"{one}hapus/", registers.entry_delete, key, name=f"{register.key}_delete"),
    ]
urlpatterns += [
    path("profil/kartu/", cards.card_detail, name="card_detail"),
    path("profil/kartu/pdf/", cards.card_pdf, name="card_pdf"),
    path("warga/<uuid:uuid>/anggota/tambah/", registers.member_create, name="member_create"),
    path("warga/<uuid:uuid>/anggota/<int:pk>/", registers.member_update, name="member_update"),
    path("warga/<uuid:uuid>/anggota/<int:pk>/hapus/", registers.member_delete, name="member_delete"),
]
