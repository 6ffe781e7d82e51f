"""What the workers do for the map: profiles on paper."""

from celery import shared_task

from mapping import profiles
from mapping.models import AreaProfile
from polmas.people import documents
from polmas.people.models import Document


@shared_task(name="mapping.render_profile")
def render_profile(document_id: int):
    document = Document.objects.get(pk=document_id)
    profile = AreaProfile.objects.select_related("area").get(pk=document.object_id)
    documents.finish(document_id, "print/area_profile.html", profiles.paper(profile))
