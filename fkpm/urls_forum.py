"""Addresses of the forum itself: founding, members, invitations."""

from django.urls import path

from fkpm.views import boards, forums, foundings, invitations, members

urlpatterns = [
    path("fkpm/", forums.forum_list, name="forum_list"),
    path("fkpm/baru/", forums.forum_create, name="forum_create"),
    path("fkpm/<uuid:uuid>/", forums.forum_detail, name="forum_detail"),
    path("fkpm/<uuid:uuid>/ubah/", forums.forum_update, name="forum_update"),
    path("fkpm/<uuid:uuid>/ad-art/", forums.statutes_file, name="statutes_file"),
    path("fkpm/pendirian/", foundings.founding_create, name="founding_create"),
    path("fkpm/<uuid:uuid>/pendirian/", foundings.founding_detail, name="founding_detail"),
    path("fkpm/<uuid:uuid>/pendirian/hentikan/", foundings.founding_cancel, name="founding_cancel"),
    path("fkpm/<uuid:uuid>/pendirian/lanjutkan/", foundings.founding_resume, name="founding_resume"),
    path("fkpm/<uuid:uuid>/pendirian/rapat/<slug:kind>/", foundings.founding_meeting, name="founding_meeting"),
    path("fkpm/<uuid:uuid>/pengesahan/", foundings.endorsement_update, name="endorsement_update"),
    path("fkpm/<uuid:uuid>/anggota/", members.member_list, name="member_list"),
    path("fkpm/<uuid:uuid>/anggota/baru/", members.member_create, name="member_create"),
    path("fkpm/<uuid:uuid>/anggota/<int:pk>/", members.member_update, name="member_update"),
    path("fkpm/<uuid:uuid>/anggota/serah-terima/", boards.handover_create, name="handover_create"),
    path("fkpm/<uuid:uuid>/anggota/terdahulu/", boards.term_list, name="term_list"),
    path("fkpm/<uuid:uuid>/anggota/sk/", boards.board_pdf, name="board_pdf"),
    path("fkpm/<uuid:uuid>/anggota/pdf/", boards.member_pdf, name="member_pdf"),
    path("fkpm/<uuid:uuid>/anggota/xlsx/", boards.member_xlsx, name="member_xlsx"),
    path("fkpm/<uuid:uuid>/anggota/undangan/", invitations.invitation_list, name="invitation_list"),
    path("fkpm/<uuid:uuid>/anggota/undangan/<int:pk>/cabut/", invitations.invitation_revoke, name="invitation_revoke"),
    path("undangan/", invitations.invitation_open, name="invitation_open"),
    path("undangan/<str:code>/", invitations.invitation_accept, name="invitation_accept"),
]
