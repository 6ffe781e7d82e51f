"""Loads the demo: fictional people on real names of areas, with two to three months of work up to this moment."""

import os

import environ
from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from polmas.summaries.demo.loading import is_loaded, load
from polmas.summaries.demo.people import OFFICERS, PEOPLE, codes_of
from polmas.summaries.demo.places import VILLAGES

DEFAULT_PASSWORD = "polmas-demo"  # noqa: S105 - the one that README tells everybody
LOOPBACK = ("localhost", "::1")


def is_loopback(host: str) -> bool:
    return host in LOOPBACK or host.startswith("127.")


def is_own_database() -> bool:
    """Whether the database is the one that bin/up made for itself: it says so, or its state directory names this very one."""
    if os.environ.get("POLMAS_PRIVATE_DB") == "1":
        return True
    kept = settings.STATE_DIR / "env"
    if not kept.exists():
        return False
    lines = dict(line.split("=", 1) for line in kept.read_text().splitlines() if "=" in line)
    url = lines.get("DATABASE_URL", "")
    named = environ.Env.db_url_config(url) if url else {}
    database = settings.DATABASES["default"]
    return bool(named) and all(named.get(key) == database.get(key) for key in ("HOST", "PORT", "NAME", "USER"))


class Command(BaseCommand):
    help = __doc__

    def add_arguments(self, parser):
        parser.add_argument("--force", action="store_true", help="load into a database that is not bin/up's own")

    def handle(self, *args, force=False, **options):
        if is_loaded():
            self.stdout.write("The demo is already loaded; nothing was changed.")
            return
        self.refuse(force)
        count = load(settings.DEMO_PASSWORD)
        self.stdout.write(f"Loaded {count} reports, {len(OFFICERS)} officers, {len(VILLAGES)} kelurahan, 2 forums.\n")
        self.show_accounts()

    def refuse(self, force):
        if not force and not is_own_database():
            raise CommandError("This database is not bin/up's own: its people would stand among real ones. Use --force if that is what you want.")
        if settings.DEMO_PASSWORD == DEFAULT_PASSWORD and not is_loopback(settings.HOST):
            raise CommandError(f"HOST={settings.HOST} opens the demo accounts to others: set DEMO_PASSWORD to a password that nobody knows.")

    def show_accounts(self):
        names = {place.code: place.name for place in VILLAGES}
        self.stdout.write(
            f"Accounts, all with the password {settings.DEMO_PASSWORD}:\n"
            if settings.DEMO_PASSWORD == DEFAULT_PASSWORD
            else "Accounts, all with the password of DEMO_PASSWORD:\n"
        )
        for person in PEOPLE:
            holds = ", ".join(names[code] for code in codes_of(person))
            self.stdout.write(f"  {person.username:21} {person.name:32} {person.role:16} {person.unit:21} {holds}".rstrip())
