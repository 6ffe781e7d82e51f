"""Encrypts every stored phone number anew, with the first of FIELD_KEYS."""

from django.core.management.base import BaseCommand

from polmas.people.encryption import encrypted_fields, reseal


class Command(BaseCommand):
    help = "Encrypts every encrypted text anew with the first of FIELD_KEYS, history included; the older keys can be dropped afterwards. Repeatable."

    def handle(self, *args, **options):
        for model, names in encrypted_fields():
            self.stdout.write(f"{model._meta.label}: {reseal(model, names)} rows, {', '.join(names)}")
