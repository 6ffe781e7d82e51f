"""Django's admin: the rules on what may be settled, which an administrator reads and dates."""

from django.contrib import admin

from fkpm.models import EligibilityRule


@admin.register(EligibilityRule)
class EligibilityRuleAdmin(admin.ModelAdmin):
    list_display = ["code", "order", "categories", "question", "effect", "target", "source", "valid_from", "valid_to"]
    list_filter = ["effect", "target"]
    search_fields = ["code", "text_id", "text_en", "source"]
