"""Patrols as a phone sends them."""

import datetime

from django.utils import timezone

from tests.cast import PEDALANGAN
from tests.patrol.items import report_item


def checkpoint(minutes_ago: int = 60, **changes) -> dict:
    at = (timezone.now() - datetime.timedelta(minutes=minutes_ago)).isoformat()
    return {"at": at, "location": dict(PEDALANGAN), **changes}


def patrol_item(**changes) -> dict:
    """A patrol with two points, an hour ago; `detail` is merged into the usual one, all else replaced."""
    detail = {"mode": "R2", "checkpoints": [checkpoint(60), checkpoint(45, name="Ruko Tirto Agung")], **changes.pop("detail", {})}
    item = report_item(kind="PATROLI", **changes) | {"detail": detail}
    return item if "result" in changes else {name: value for name, value in item.items() if name != "result"}
