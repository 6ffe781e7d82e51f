"""What forms and models refuse, in the shape of the API."""

from rest_framework import serializers


def refused(errors: dict) -> serializers.ValidationError:
    """What a form or a model refused, in the API's own shape."""
    told = {name: [str(text) for found in faults for text in found.messages] for name, faults in errors.items()}
    return serializers.ValidationError({("non_field_errors" if name == "__all__" else name): texts for name, texts in told.items()})
