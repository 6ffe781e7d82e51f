"""A register as a workbook: what the unit's readers may take along. No phone number, nobody who lives in a household beside its head."""

import io

from patrol.register_filters import labels_of_many
from patrol.register_pages import RegisterPage

MAX_ROWS = 20_000  # of one file
WHERE = ("area", "rw", "rt", "landmark")
VISITS = ("last_visit_on", "visit_count", "due_on")
COLUMNS = {
    "household": ("head_name", *WHERE, "occupation", "residence", "people_count", *VISITS, "basis"),
    "business": ("name", "kind", *WHERE, "manager", "opening_hours", "employee_count", "guard_count", "camera_count", *VISITS),
    "contact": ("name", "role", "office", *WHERE, "influence", *VISITS),
}


def sheet_of(page: RegisterPage, entries) -> io.BytesIO:
    """Written row by row; texts are texts, never formulas."""
    import xlsxwriter  # imported where used: a web process stays small

    names = COLUMNS[page.key]
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out, {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "remove_timezone": True})
    bold, day = book.add_format({"bold": True}), book.add_format({"num_format": "dd/mm/yyyy"})
    sheet = book.add_worksheet(page.path)
    sheet.freeze_panes(1, 1)
    sheet.set_column(0, len(names) - 1, 18)
    for column, name in enumerate(names):
        sheet.write_string(0, column, heading_of(page.model, name), bold)
    codes = labels_of_many(page.model)
    for number, entry in enumerate(entries.iterator(chunk_size=500), 1):
        for column, name in enumerate(names):
            write(sheet, number, column, value_of(entry, name, codes), day)
    book.close()
    out.seek(0)
    return out


def heading_of(model, name) -> str:
    text = str(model._meta.get_field(name).verbose_name)
    return text[:1].upper() + text[1:]


def value_of(entry, name, codes):
    if name == "area":
        return entry.area.name
    value = getattr(entry, name)
    if name in codes:
        return codes[name].get(value, value)
    display = getattr(entry, f"get_{name}_display", None)
    return str(display()) if display and value else value


def write(sheet, row, column, value, day) -> None:
    if value is None or value == "":
        return
    if isinstance(value, str):
        sheet.write_string(row, column, value)
    elif isinstance(value, int):
        sheet.write_number(row, column, value)
    else:
        sheet.write_datetime(row, column, value, day)
