"""Two who write the same thing: whoever comes second is told, and shown what differs."""

from collections.abc import Mapping

from fkpm.minutes import OutdatedError


def insist(stored_version: int, version: int, stored: Mapping[str, str], own: Mapping[str, str]) -> None:
    """Raises OutdatedError where a writer began from another version than the stored one and says something else; `stored` and `own` are
    texts by what they tell. Sent twice, the same text is no conflict."""
    different = [(what, stored.get(what, ""), own.get(what, "")) for what in {**own, **stored} if stored.get(what, "") != own.get(what, "")]
    if stored_version != version and different:
        raise OutdatedError(stored_version, different)
