"""A meeting as a calendar entry (RFC 5545), for e-mail and for download."""

import datetime

from django.conf import settings
from django.urls import reverse
from django.utils import timezone
from icalendar import Calendar, Event, vCalAddress, vText

from fkpm.models import Meeting
from polmas.people.addresses import public_address

# A meeting without an end is entered with two hours: calendars ask for one.
USUAL = datetime.timedelta(hours=2)


def entry_of(meeting: Meeting, address: str = "", name: str = "") -> bytes:
    """The entry as one calendar holds it: with an address a request to that person (or its cancellation), without one a plain entry."""
    calendar = Calendar()
    calendar.add("prodid", "-//polmas//FKPM//ID")
    calendar.add("version", "2.0")
    calendar.add("method", _method(meeting, address))
    event = Event()
    event.add("uid", f"{meeting.uuid}@polmas")
    event.add("sequence", meeting.invitation_number)
    event.add("dtstamp", timezone.now().astimezone(datetime.UTC))
    event.add("dtstart", meeting.starts_at.astimezone(datetime.UTC))
    event.add("dtend", (meeting.ends_at or meeting.starts_at + USUAL).astimezone(datetime.UTC))
    event.add("summary", f"{meeting.title} – {meeting.forum.name}")
    event.add("location", meeting.place)
    event.add("description", "\n".join(f"{number}. {item.topic}" for number, item in enumerate(meeting.agenda.all(), 1)))
    event.add("url", public_address(reverse("fkpm:meeting_detail", args=[meeting.uuid])))
    event.add("status", "CANCELLED" if meeting.is_cancelled else "CONFIRMED")
    if address:
        _add_people(event, meeting, address, name)
    calendar.add_component(event)
    return calendar.to_ical()


def _method(meeting, address):
    if not address:
        return "PUBLISH"
    return "CANCEL" if meeting.is_cancelled else "REQUEST"


def _add_people(event, meeting, address, name):
    organizer = vCalAddress(f"MAILTO:{settings.MAIL_ADDRESS}")
    organizer.params["cn"] = vText(meeting.forum.name)
    event["organizer"] = organizer
    attendee = vCalAddress(f"MAILTO:{address}")
    attendee.params.update({"cn": vText(name), "role": vText("REQ-PARTICIPANT"), "partstat": vText("NEEDS-ACTION"), "rsvp": vText("TRUE")})
    event.add("attendee", attendee, encode=0)
