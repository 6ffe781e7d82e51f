from django.urls import path

from polmas.people.views import accounts, devices, duties

app_name = "people"

urlpatterns = [
    path("masuk/", accounts.SessionCreate.as_view(), name="session_create"),
    path("keluar/", accounts.SessionDelete.as_view(), name="session_delete"),
    path("kunci/", devices.device_open, name="device_open"),
    path("ponsel/", devices.device_pin, name="device_pin"),
    path("profil/ponsel/<uuid:uuid>/keluarkan/", devices.device_revoke, name="device_revoke"),
    path("bahasa/", accounts.language_update, name="language_update"),
    path("profil/", accounts.user_profile, name="user_profile"),
    path("profil/sandi/", accounts.password_update, name="password_update"),
    path("profil/token/<int:pk>/hapus/", accounts.token_delete, name="token_delete"),
    path("piket/", duties.duty_list, name="duty_list"),
    path("piket/pdf/", duties.duty_pdf, name="duty_pdf"),
    path("piket/salin/", duties.duty_copy, name="duty_copy"),
    path("piket/<day:day>/", duties.duty_update, name="duty_update"),
]
