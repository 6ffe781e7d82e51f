"""The own contact card: seen, and printed eight to a sheet."""

from django.http import Http404
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from patrol.cards import WITH_PHONE, WITHOUT_PHONE, card_of
from polmas.people import documents


@never_cache
@require_safe
def card_detail(request):
    with_phone = wants_phone(request)
    return render(request, "patrol/card_detail.html", {"card": own_card(request.user, with_phone), "with_phone": with_phone})


@require_safe
def card_pdf(request):
    with_phone = wants_phone(request)
    card = own_card(request.user, with_phone)
    kind = WITH_PHONE if with_phone else WITHOUT_PHONE
    document = documents.document_for(kind, request.user.pk, card.fingerprint, "patrol.render_card")
    return documents.serve(request, document, "kartu-kontak.pdf")


def wants_phone(request) -> bool:
    return request.GET.get("nomor") != "tanpa"


def own_card(user, with_phone):
    card = card_of(user, with_phone)
    if card is None:
        raise Http404
    return card
