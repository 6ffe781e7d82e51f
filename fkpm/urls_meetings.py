"""Addresses of meetings, their minutes and what they gave somebody to do."""

from django.urls import path

from fkpm.views import actions, addenda, attendance, comments, invitees, meetings, papers, search

urlpatterns = [
    path("fkpm/notulen/", search.minutes_list, name="minutes_list"),
    path("fkpm/<uuid:uuid>/rapat/", meetings.meeting_list, name="meeting_list"),
    path("fkpm/<uuid:uuid>/rapat/unduh/", meetings.meeting_export, name="meeting_export"),
    path("fkpm/<uuid:uuid>/rapat/baru/", meetings.meeting_create, name="meeting_create"),
    path("fkpm/rapat/<uuid:uuid>/", meetings.meeting_detail, name="meeting_detail"),
    path("fkpm/rapat/<uuid:uuid>/ubah/", meetings.minutes_update, name="minutes_update"),
    path("fkpm/rapat/<uuid:uuid>/sahkan/", meetings.minutes_adopt, name="minutes_adopt"),
    path("fkpm/rapat/<uuid:uuid>/pdf/", meetings.minutes_pdf, name="minutes_pdf"),
    path("fkpm/rapat/<uuid:uuid>/undang/", invitees.meeting_invite, name="meeting_invite"),
    path("fkpm/rapat/<uuid:uuid>/jawab/", invitees.meeting_reply, name="meeting_reply"),
    path("fkpm/rapat/<uuid:uuid>/batal/", invitees.meeting_cancel, name="meeting_cancel"),
    path("fkpm/rapat/<uuid:uuid>/kalender/", invitees.meeting_calendar, name="meeting_calendar"),
    path("fkpm/rapat/<uuid:uuid>/hadir/", attendance.attendance_update, name="attendance_update"),
    path("fkpm/rapat/<uuid:uuid>/hadir/<int:pk>/", attendance.signature_detail, name="signature_detail"),
    path("fkpm/rapat/<uuid:uuid>/edarkan/", comments.minutes_circulate, name="minutes_circulate"),
    path("fkpm/rapat/<uuid:uuid>/tanggapan/", comments.comment_create, name="comment_create"),
    path("fkpm/tanggapan/<int:pk>/", comments.comment_answer, name="comment_answer"),
    path("fkpm/rapat/<uuid:uuid>/berkas/", papers.file_create, name="file_create"),
    path("fkpm/berkas/<uuid:uuid>/", papers.file_detail, name="file_detail"),
    path("fkpm/berkas/<uuid:uuid>/hapus/", papers.file_delete, name="file_delete"),
    path("fkpm/rapat/<uuid:uuid>/sahkan-kertas/", papers.paper_adopt, name="paper_adopt"),
    path("fkpm/rapat/<uuid:uuid>/adendum/", addenda.addendum_create, name="addendum_create"),
    path("fkpm/adendum/<int:pk>/", addenda.addendum_detail, name="addendum_detail"),
    path("fkpm/adendum/<int:pk>/ubah/", addenda.addendum_update, name="addendum_update"),
    path("fkpm/adendum/<int:pk>/sahkan/", addenda.addendum_adopt, name="addendum_adopt"),
    path("fkpm/adendum/<int:pk>/edarkan/", addenda.addendum_circulate, name="addendum_circulate"),
    path("fkpm/adendum/<int:pk>/tanggapan/", addenda.addendum_comment, name="addendum_comment"),
    path("fkpm/<uuid:uuid>/tindak-lanjut/", actions.action_list, name="action_list"),
    path("fkpm/<uuid:uuid>/tindak-lanjut/unduh/", actions.action_export, name="action_export"),
    path("fkpm/tindak-lanjut/unduh/", actions.action_board_export, name="action_board_export"),
    path("fkpm/tindak-lanjut/", actions.action_board, name="action_board"),
    path("fkpm/tindak-lanjut/<int:pk>/", actions.action_update, name="action_update"),
    path("fkpm/tindak-lanjut/<int:pk>/bukti/<uuid:uuid>/", actions.action_photo, name="action_photo"),
]
