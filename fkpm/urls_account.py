"""Pages on which a forum accounts for itself."""

from django.urls import path

from fkpm.views import cash, indicators, programme, publications, surveys

urlpatterns = [
    path("fkpm/<uuid:uuid>/kas/", cash.cash_list, name="cash_list"),
    path("fkpm/<uuid:uuid>/kas/baru/", cash.cash_create, name="cash_create"),
    path("fkpm/<uuid:uuid>/kas/unduh/", cash.cash_export, name="cash_export"),
    path("fkpm/<uuid:uuid>/kas/pdf/", cash.cash_pdf, name="cash_pdf"),
    path("fkpm/kas/<uuid:uuid>/", cash.cash_detail, name="cash_detail"),
    path("fkpm/kas/<uuid:uuid>/koreksi/", cash.cash_correct, name="cash_correct"),
    path("fkpm/kas/<uuid:uuid>/bukti/", cash.receipt_create, name="receipt_create"),
    path("fkpm/kas/bukti/<uuid:uuid>/", cash.receipt_file, name="receipt_file"),
    path("fkpm/<uuid:uuid>/survei/", surveys.survey_list, name="survey_list"),
    path("fkpm/<uuid:uuid>/survei/baru/", surveys.survey_create, name="survey_create"),
    path("fkpm/survei/<uuid:uuid>/", surveys.survey_detail, name="survey_detail"),
    path("fkpm/survei/<uuid:uuid>/ubah/", surveys.survey_update, name="survey_update"),
    path("fkpm/survei/<uuid:uuid>/tutup/", surveys.survey_close, name="survey_close"),
    path("fkpm/survei/<uuid:uuid>/hapus/", surveys.survey_delete, name="survey_delete"),
    path("fkpm/survei/<uuid:uuid>/pdf/", surveys.survey_pdf, name="survey_pdf"),
    path("fkpm/survei/masukan/<uuid:pk>/", surveys.remark_update, name="remark_update"),
    path("survei/<slug:code>/", surveys.survey_answer, name="survey_answer"),
    path("fkpm/<uuid:uuid>/program/", programme.programme_list, name="programme_list"),
    path("fkpm/<uuid:uuid>/program/baru/", programme.programme_create, name="programme_create"),
    path("fkpm/<uuid:uuid>/program/salin/", programme.programme_copy, name="programme_copy"),
    path("fkpm/<uuid:uuid>/program/pdf/", programme.programme_pdf, name="programme_pdf"),
    path("fkpm/program/<uuid:uuid>/", programme.programme_update, name="programme_update"),
    path("fkpm/program/<uuid:uuid>/hapus/", programme.programme_delete, name="programme_delete"),
    path("fkpm/<uuid:uuid>/publikasi/", publications.publication_update, name="publication_update"),
    path("fkpm/publikasi/keputusan/<int:pk>/", publications.decision_publish, name="decision_publish"),
    path("fkpm/publikasi/keputusan/<int:pk>/tarik/", publications.decision_withdraw, name="decision_withdraw"),
    path("fkpm/publik/<slug:slug>/", publications.publication_page, name="publication_page"),
    path("fkpm/<uuid:uuid>/capaian/", indicators.indicator_list, name="indicator_list"),
    path("fkpm/<uuid:uuid>/capaian/pdf/", indicators.report_pdf, name="report_pdf"),
    path("fkpm/<uuid:uuid>/capaian/<slug:key>/", indicators.indicator_detail, name="indicator_detail"),
]
