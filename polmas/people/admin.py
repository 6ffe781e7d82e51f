"""Django's admin: for administrators, for what has no page of its own yet."""

from django.contrib import admin
from django.contrib.auth.admin import UserAdmin
from django.utils.translation import gettext_lazy as _
from treebeard.admin import TreeAdmin
from treebeard.forms import movenodeform_factory

from polmas.people.models import Code, Posting, Unit, User

admin.site.site_header = admin.site.site_title = "polmas"
admin.site.site_url = None  # templates/admin/base_site.html leads back, in our words


@admin.register(Unit)
class UnitAdmin(TreeAdmin):
    form = movenodeform_factory(Unit)
    list_display = ["name", "code", "kind", "time_zone", "is_active"]
    list_filter = ["kind", "time_zone", "is_active"]
    search_fields = ["name", "code"]


class PostingInline(admin.TabularInline):
    model = Posting
    fk_name = "user"
    extra = 0
    autocomplete_fields = ["unit"]


@admin.register(User)
class PersonAdmin(UserAdmin):
    list_display = ["username", "name", "rank", "is_active", "is_staff"]
    list_filter = ["is_active", "is_staff"]
    search_fields = ["username", "name", "nrp"]
    ordering = ["name"]
    inlines = [PostingInline]
    fieldsets = [
        (None, {"fields": ["username", "password"]}),
        (_("Person"), {"fields": ["name", "nrp", "rank", "phone", "email", "language"]}),
        (_("Rights"), {"fields": ["is_active", "is_staff", "is_superuser", "groups"]}),
    ]
    add_fieldsets = [(None, {"classes": ["wide"], "fields": ["username", "name", "password1", "password2"]})]


@admin.register(Code)
class CodeAdmin(admin.ModelAdmin):
    list_display = ["list", "code", "label_id", "label_en", "group", "order", "valid_from", "valid_to"]
    list_filter = ["list", "group"]
    search_fields = ["code", "label_id", "label_en"]
