"""The sheet with the QR code that hangs at a post."""

from django.urls import reverse

from mapping.models import Place
from mapping.models.places import Shift, Weekday
from polmas.people.addresses import public_address
from polmas.people.qr import qr_of


def address_of(post: Place) -> str:
    """What the QR code says: the address that the phone's camera opens."""
    return public_address(reverse("patrol:post_detail", args=[post.uuid]))


def sheet_of(post: Place) -> dict:
    """What stands on the sheet."""
    address = address_of(post)
    return {"post": post, "unit": post.unit, "address": address, "qr": qr_of(address), "roster": roster_of(post)}


def roster_of(post: Place) -> dict:
    """The roster as a table: the shifts in which anybody stands, and a line for each day; no lines where there is no roster."""
    names = {(line.shift, line.weekday): line.names for line in post.shifts.all()}
    shifts = [shift for shift in Shift if any(known == shift for known, _day in names)]
    lines = [{"day": day.label, "cells": [names.get((shift, day), "") for shift in shifts]} for day in Weekday]
    return {"shifts": [shift.label for shift in shifts], "lines": lines if shifts else []}
