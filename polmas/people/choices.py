"""How much of what there is to choose from stands in a list."""

MOST_CHOICES = 100  # of more, a name is typed: nobody finds it in so long a list, and it makes the page heavy
MOST_FOUND = 50  # rows that a typed name stands for


def few(rows) -> list | None:
    """All of the rows, in no order; None where they are too many to choose from."""
    found = list(rows.order_by()[: MOST_CHOICES + 1])
    return found if len(found) <= MOST_CHOICES else None
