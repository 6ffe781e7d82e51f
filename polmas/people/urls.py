from django.urls import path

from polmas.people import views

app_name = "people"

urlpatterns = [
    path("masuk/", views.SessionCreate.as_view(), name="session_create"),
    path("keluar/", views.SessionDelete.as_view(), name="session_delete"),
    path("bahasa/", views.language_update, name="language_update"),
    path("profil/", views.user_profile, name="user_profile"),
    path("profil/sandi/", views.password_update, name="password_update"),
    path("profil/token/<int:pk>/hapus/", views.token_delete, name="token_delete"),
]
