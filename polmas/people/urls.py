from django.urls import path

from polmas.people.views import accounts, devices, duties, notifications

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
    path("pemberitahuan/", notifications.notification_list, name="notification_list"),
    path("pemberitahuan/dibaca/", notifications.notification_read, name="notification_read"),
    path("pemberitahuan/<int:pk>/", notifications.notification_open, name="notification_open"),
    path("piket/", duties.duty_list, name="duty_list"),
    path("piket/pdf/", duties.duty_pdf, name="duty_pdf"),
    path("piket/salin/", duties.duty_copy, name="duty_copy"),
    path("piket/<day:day>/", duties.duty_update, name="duty_update"),
]
