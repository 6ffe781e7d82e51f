"""Pages on which a forum accounts for itself."""

from django.urls import path

from fkpm.views import cash

urlpatterns = [
    path("fkpm/<uuid:uuid>/kas/", cash.cash_list, name="cash_list"),
    path("fkpm/<uuid:uuid>/kas/baru/", cash.cash_create, name="cash_create"),
    path("fkpm/<uuid:uuid>/kas/unduh/", cash.cash_export, name="cash_export"),
    path("fkpm/<uuid:uuid>/kas/pdf/", cash.cash_pdf, name="cash_pdf"),
    path("fkpm/kas/<uuid:uuid>/", cash.cash_detail, name="cash_detail"),
    path("fkpm/kas/<uuid:uuid>/koreksi/", cash.cash_correct, name="cash_correct"),
    path("fkpm/kas/<uuid:uuid>/bukti/", cash.receipt_create, name="receipt_create"),
    path("fkpm/kas/bukti/<uuid:uuid>/", cash.receipt_file, name="receipt_file"),
]
