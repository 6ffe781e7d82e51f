"""Police units from a table."""

import io

import pytest
from django.core.exceptions import ValidationError
from django.core.management import CommandError, call_command

from polmas.people.imports import load_units
from polmas.people.models import Unit

TABLE = """code,name,kind,parent,time_zone
POLSEK-A,Polsek A,POLSEK,POLRES-X,
POLDA-T,Polda Timur,POLDA,,WIT
POLRES-X,Polres X,POLRES,POLDA-T,
"""

pytestmark = pytest.mark.django_db


def load(text, **more):
    return load_units(io.BytesIO(text.encode()), **more)


def counts(report):
    return {name: len(getattr(report, name)) for name in ("added", "changed", "unchanged", "refused") if getattr(report, name)}


def parent_of(code):
    unit = Unit.objects.get(code=code)
    return Unit.objects.get_parent(unit).code


def test_a_tree_in_any_order(db):
    assert counts(load(TABLE)) == {"added": 3}
    assert (parent_of("POLSEK-A"), parent_of("POLRES-X")) == ("POLRES-X", "POLDA-T")
    assert {unit.time_zone for unit in Unit.objects.all()} == {"Asia/Jayapura"}
    assert counts(load(TABLE)) == {"unchanged": 3}


def test_a_changed_line_changes_one_unit(db):
    load(TABLE)
    assert counts(load(TABLE.replace("Polsek A", "Polsek Abepura"))) == {"changed": 1, "unchanged": 2}
    assert Unit.objects.get(code="POLSEK-A").name == "Polsek Abepura"


def test_a_unit_moves_with_all_below_it(db):
    load(TABLE + "POLDA-Z,Polda Z,POLDA,,\nPOS-1,Pos 1,POSPOL,POLSEK-A,\n")
    assert counts(load("code,name,kind,parent\nPOLRES-X,Polres X,POLRES,POLDA-Z\n")) == {"changed": 1}
    assert (parent_of("POLRES-X"), parent_of("POLSEK-A"), parent_of("POS-1")) == ("POLDA-Z", "POLRES-X", "POLSEK-A")
    assert not any(Unit.objects.find_problems())


def test_an_empty_cell_leaves_what_is_stored(db):
    load("code,name,kind,parent,letterhead,city\nPOLDA-T,Polda Timur,POLDA,,KEPOLISIAN\\nDAERAH,Jayapura\n")
    assert counts(load("code,name,kind,parent,letterhead,city\nPOLDA-T,Polda Timur,POLDA,,,\n")) == {"unchanged": 1}
    unit = Unit.objects.get()
    assert (unit.letterhead_lines, unit.city) == (["KEPOLISIAN", "DAERAH"], "Jayapura")


def test_a_table_as_excel_and_public_lists_write_it(db):
    assert counts(load("\ufeffCode;Name;Kind;Parent\r\npolda-t; Polda  Timur\\n;polda;\r\n;;;\r\n")) == {"added": 1}
    assert Unit.objects.get().name == "Polda Timur"


@pytest.mark.parametrize(
    "line",
    [
        "POLSEK-B,Polsek B,KODAM,POLDA-T,",
        "POLSEK-B,,POLSEK,POLDA-T,",
        ",Polsek B,POLSEK,POLDA-T,",
        "POLSEK-B,Polsek B,POLSEK,NOWHERE,",
        "POLSEK-B,Polsek B,POLSEK,POLDA-T,CET",
        "POLSEK-A,Polsek A,POLSEK,POLRES-X,",
        f"{'X' * 61},Polsek B,POLSEK,POLDA-T,",
        "POLSEK-B,Polsek B,POLSEK,POLSEK-B,",
    ],
    ids=["unknown kind", "no name", "no code", "unknown parent", "unknown zone", "twice", "code too long", "own parent"],
)
def test_a_bad_line_is_refused_with_its_number_and_the_rest_loads(line):
    report = load(f"{TABLE}{line}\n")
    assert counts(report) == {"added": 3, "refused": 1}
    assert "5" in report.refused[0].reason


def test_a_ring_of_parents_is_refused(db):
    load(TABLE)
    assert counts(load("code,name,kind,parent\nPOLDA-T,Polda Timur,POLDA,POLSEK-A\n")) == {"refused": 1}
    assert counts(load("code,name,kind,parent\nA,A,POLRES,B\nB,B,POLRES,A\n")) == {"refused": 2}
    assert not any(Unit.objects.find_problems())


def test_an_operator_loads_below_the_own_unit_alone(cast):
    head = "code,name,kind,parent\n"
    within = cast.units.banyumanik
    assert counts(load(f"{head}POS-1,Pos 1,POSPOL,POLSEK-BANYUMANIK\n", within=within)) == {"added": 1}
    for line in (
        "POS-2,Pos 2,POSPOL,POLSEK-GAJAHMUNGKUR",
        "POLDA-NEW,Polda,POLDA,",
        "POLSEK-GAJAHMUNGKUR,Nama lain,POLSEK,POLSEK-BANYUMANIK",
        "POLSEK-BANYUMANIK,Nama lain,POLSEK,",
    ):
        assert counts(load(f"{head}{line}\n", within=within)) == {"refused": 1}


@pytest.mark.parametrize("content", [b"", b"code,name\n", b"\xff\xfe", b"code,name,kind\nA,B\x00,POLDA\n"])
def test_a_file_that_is_none_says_so(content):
    with pytest.raises(ValidationError):
        load_units(io.BytesIO(content))


def test_the_command_prints_what_became_of_the_table(tmp_path, capsys):
    path = tmp_path / "units.csv"
    path.write_text(TABLE + "X,X,KODAM,,\n")
    call_command("import_units", path)
    output = capsys.readouterr()
    assert output.out == "3 added, 0 changed, 0 unchanged, 1 refused\n"
    assert "line 5" in output.err
    with pytest.raises(CommandError):
        call_command("import_units", tmp_path / "nowhere.csv")
