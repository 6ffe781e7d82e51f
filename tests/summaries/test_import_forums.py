"""Forums with their boards as a table."""

import pytest
from django.urls import reverse

from fkpm.models import Forum, Member
from tests.summaries.test_import_potentials import load
from tests.summaries.test_imports import reasons, rows_of, xlsx

pytestmark = pytest.mark.django_db
HEADS = ["Kode Desa", "Nama FKPM", "BKPM", "Bentuk", "Disahkan Oleh", "Masa Bakti Mulai", "Masa Bakti Selesai", "Nama Anggota", "Jabatan", "Unsur"]
HEADS += ["Telepon Anggota", "Sukarela"]
PADANGSARI, PEDALANGAN, FAR = "33.74.11.1003", "33.74.11.1004", "33.74.09.1001"


@pytest.fixture(autouse=True)
def _own_media(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path


def row(village, forum, name, position=None, element=None, bkpm=None, form=None, phone=None, start=None, end=None):
    return [village, forum, bkpm, form, "Lurah" if bkpm else None, start, end, name, position, element, phone, "Ya"]


BOARD = (
    row(PADANGSARI, "FKPM Padangsari", "Pak Wahono", "Ketua", "Tokoh masyarakat", "Balai RW 02", start="2025-01-10", end="2028-01-09"),
    row(PADANGSARI, "FKPM Padangsari", "Bu Ratna", "Sekretaris", "Perempuan", phone="0812 3456 7890"),
    row(PADANGSARI.replace(".", ""), "fkpm padangsari", "Pak Lurah", "Pelindung", "Pemerintah"),
)


def test_a_forum_comes_with_its_board_and_the_same_file_changes_nothing(cast, sign_in):
    client = sign_in(cast.clerk)
    job = load(client, "FORUMS", xlsx(HEADS, *BOARD))
    assert (job.state, job.counts, job.errors) == ("DONE", {"new": 3, "changed": 0, "unchanged": 0, "error": 0}, [])
    forum = Forum.objects.get(name="FKPM Padangsari")
    assert (forum.unit, forum.officer, forum.endorsed_by, forum.bkpm) == (cast.units.banyumanik, cast.officer, "LURAH", "Balai RW 02")
    ratna = forum.members.get(name="Bu Ratna")
    assert (ratna.position, ratna.phone, ratna.has_consented, f"{ratna.starts_on}") == ("SEKRETARIS", "0812 3456 7890", True, "2025-01-10")
    again = load(client, "FORUMS", xlsx(HEADS, *BOARD))
    assert again.counts == {"new": 0, "changed": 0, "unchanged": 3, "error": 0}
    moved = [*BOARD[:1], row(PADANGSARI, "FKPM Padangsari", "Bu Ratna", "Bendahara")]
    assert load(client, "FORUMS", xlsx(HEADS, *moved)).counts["changed"] == 1
    ratna.refresh_from_db()
    assert (ratna.position, ratna.element, ratna.phone) == ("BENDAHARA", "PEREMPUAN", "0812 3456 7890")


def test_rows_that_cannot_be_are_named_and_the_others_taken(cast, sign_in):
    rows = (
        row(FAR, "FKPM Gajahmungkur", "Pak A"),  # another Polsek
        row(PEDALANGAN, "FKPM Pedalangan", "Pak B", "Ketua"),  # there is a chair
        row(PADANGSARI, "FKPM Padangsari", "Pak C", "Raja"),
        row(PADANGSARI, "FKPM Padangsari", "Pak D", phone="tidak ada"),
        row(PADANGSARI, "FKPM Padangsari", "x" * 200),
        row(PADANGSARI, "FKPM Lain", "Pak E", start="besok"),
        row(PADANGSARI, "FKPM Padangsari", "Pak F", "Ketua"),
        row(PADANGSARI, "FKPM Padangsari", "Pak G", "Ketua"),
        row(PADANGSARI, "FKPM Padangsari", "Pak F"),
    )
    job = load(sign_in(cast.clerk), "FORUMS", xlsx(HEADS, *rows))
    assert reasons(job) == {
        (2, "Kode Desa"),
        (3, "Jabatan"),
        (4, "Jabatan"),
        (5, "Telepon Anggota"),
        (6, "Nama Anggota"),
        (7, "Masa Bakti Mulai"),
        (9, "Jabatan"),
        (10, "Nama Anggota"),
    }
    assert [member.name for member in Member.objects.filter(forum__name="FKPM Padangsari")] == ["Pak F"]
    assert not Forum.objects.filter(name__in=["FKPM Lain", "FKPM Gajahmungkur"]).exists()


def test_the_template_explains_itself(cast, sign_in):
    titles = rows_of(sign_in(cast.clerk).get(reverse("summaries:import_template", args=["FORUMS"])))[0]
    assert {"Kode Desa *", "Nama FKPM *", "Nama Anggota *", "Unsur"} <= set(titles)
