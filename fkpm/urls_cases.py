"""Addresses of cases and agreements."""

from django.urls import path

from fkpm.views import agreements, cases

urlpatterns = [
    path("fkpm/perkara/", cases.case_list, name="case_list"),
    path("fkpm/perkara/unduh/", cases.case_export, name="case_export"),
    path("fkpm/perkara/<uuid:uuid>/", cases.case_detail, name="case_detail"),
    path("fkpm/perkara/<uuid:uuid>/ubah/", cases.case_update, name="case_update"),
    path("fkpm/perkara/<uuid:uuid>/kelayakan/", cases.case_assess, name="case_assess"),
    path("fkpm/perkara/<uuid:uuid>/pertemuan/", cases.session_create, name="session_create"),
    path("fkpm/perkara/<uuid:uuid>/penengah/", cases.case_mediate, name="case_mediate"),
    path("fkpm/perkara/<uuid:uuid>/petugas/", cases.case_keep, name="case_keep"),
    path("fkpm/perkara/<uuid:uuid>/limpahkan/", cases.referral_create, name="referral_create"),
    path("fkpm/perkara/<uuid:uuid>/limpahan/", cases.referral_answer, name="referral_answer"),
    path("fkpm/perkara/<uuid:uuid>/tarik/", cases.referral_withdraw, name="referral_withdraw"),
    path("fkpm/perkara/<uuid:uuid>/kesepakatan/baru/", agreements.agreement_create, name="agreement_create"),
    path("fkpm/<uuid:uuid>/kesepakatan/baru/", agreements.forum_agreement_create, name="forum_agreement_create"),
    path("fkpm/kesepakatan/", agreements.agreement_list, name="agreement_list"),
    path("fkpm/kesepakatan/<uuid:uuid>/", agreements.agreement_detail, name="agreement_detail"),
    path("fkpm/kesepakatan/<uuid:uuid>/ubah/", agreements.agreement_update, name="agreement_update"),
    path("fkpm/kesepakatan/<uuid:uuid>/ganti/", agreements.agreement_succeed, name="agreement_succeed"),
    path("fkpm/kesepakatan/<uuid:uuid>/pdf/", agreements.agreement_pdf, name="agreement_pdf"),
    path("fkpm/kesepakatan/<uuid:uuid>/tanda-tangan/", agreements.agreement_sign, name="agreement_sign"),
    path("fkpm/kesepakatan/<uuid:uuid>/naskah/", agreements.agreement_scan, name="agreement_scan"),
    path("fkpm/kesepakatan/<uuid:uuid>/batal/", agreements.agreement_cancel, name="agreement_cancel"),
    path("fkpm/kesepakatan/<uuid:uuid>/ingkar/", agreements.agreement_break, name="agreement_break"),
    path("fkpm/kesepakatan/<uuid:uuid>/pantau/<int:pk>/", agreements.check_update, name="check_update"),
]
