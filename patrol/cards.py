"""The card that an officer leaves behind: who to call, on paper and as a QR code that a phone takes into its contacts."""

import dataclasses
import hashlib

from django.utils import timezone

from mapping.models import Beat
from polmas.people.models import User
from polmas.people.scope import OFFICERS

WITH_PHONE, WITHOUT_PHONE = "card", "card-plain"  # kinds of document
# Raised when the layout changes, so that files of an older layout are not served any more.
LAYOUT = 1
EMERGENCY = "110"
PER_SHEET = 8


@dataclasses.dataclass(frozen=True)
class Card:
    """What stands on the card; the own number only if the officer wants it there."""

    name: str
    title: str
    villages: tuple[str, ...]
    unit: str
    address: str
    unit_phone: str
    phone: str

    @property
    def vcard(self) -> str:
        from segno import helpers  # imported where used: a web process stays small

        return helpers.make_vcard_data(
            name=self.name, displayname=self.name, title=self.title, org=self.unit, cellphone=self.phone or None, workphone=self.unit_phone or None
        )

    @property
    def qr(self) -> str:
        """As SVG, without styles."""
        import segno

        return segno.make(self.vcard, error="m", micro=False).svg_inline(scale=1, border=2, omitsize=True, svgclass="qr", lineclass=None)

    @property
    def fingerprint(self) -> str:
        return hashlib.sha256(repr((LAYOUT, dataclasses.astuple(self))).encode()).hexdigest()


def card_of(user: User, with_phone: bool) -> Card | None:
    """None for whoever serves nowhere in the field today."""
    post = next((posting for posting in user.postings_today if posting.role in OFFICERS), None)
    if post is None:
        return None
    beats = Beat.objects.on(timezone.localdate()).filter(user=user).select_related("area").order_by("area__code")
    return Card(
        name=user.full_name,
        title=str(post.get_role_display()),
        villages=tuple(beat.area.title for beat in beats),
        unit=post.unit.name,
        address=post.unit.address,
        unit_phone=post.unit.phone,
        phone=user.phone if with_phone else "",
    )
