"""Every address of polmas. Each app lists its own pages in `urls` and its routes of the API at the end of `api`."""

from django.contrib import admin
from django.contrib.auth.decorators import login_not_required
from django.urls import URLPattern, URLResolver, include, path
from django.views.decorators.cache import cache_control
from django.views.i18n import JavaScriptCatalog
from drf_spectacular.views import SpectacularAPIView, SpectacularSwaggerSplitView

from polmas.people.health import healthz

api: list[URLPattern | URLResolver] = [
    path("", include("polmas.people.api")),
    path("", include("mapping.api")),
    path("", include("mapping.incident_api")),
    path("", include("mapping.problem_api")),
    path("", include("fkpm.api")),
    path("", include("fkpm.case_api")),
    path("", include("patrol.api")),
    path("", include("patrol.review_api")),
    path("", include("patrol.directive_api")),
    path("", include("patrol.campaign_api")),
    path("", include("patrol.potential_api")),
    path("", include("polmas.summaries.api")),
    path("schema/", SpectacularAPIView.as_view(), name="schema"),
    path("docs/", SpectacularSwaggerSplitView.as_view(url_name="api:schema"), name="docs"),
]

# Pages name their language in the address, so that the copy of an hour ago is never in the other one.
javascript_catalog = cache_control(private=True, max_age=3600)(JavaScriptCatalog.as_view())

urlpatterns = [
    path("healthz", healthz, name="healthz"),
    path("jsi18n/", login_not_required(javascript_catalog), name="javascript_catalog"),
    path("pengaturan-sistem/", admin.site.urls),
    path("api/v1/", include((api, "api"))),
    path("", include("polmas.people.urls")),
    path("", include("mapping.urls")),
    path("", include("fkpm.urls")),
    path("", include("patrol.urls")),
    path("", include("polmas.summaries.urls")),
]

handler400 = "polmas.people.errors.bad_request"
handler403 = "polmas.people.errors.forbidden"
handler404 = "polmas.people.errors.not_found"
handler500 = "polmas.people.errors.server_error"
