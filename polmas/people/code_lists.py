"""The code lists that polmas starts with. An administrator edits them afterwards; loading again changes nothing that exists."""

DEFAULTS = {
    "DDS_PURPOSE": [
        ("SILATURAHMI", "Silaturahmi", "Getting acquainted"),
        ("PENDATAAN", "Pendataan", "Recording data"),
        ("PESAN_KAMTIBMAS", "Pesan kamtibmas", "Security message"),
        ("TINDAK_LANJUT_ADUAN", "Tindak lanjut aduan", "Follow-up of a complaint"),
        ("PANTAU_TAMU", "Pantau tamu", "Checking on guests"),
    ],
}


def load_defaults(code_model) -> None:
    """Adds what is missing; takes the model, so that a migration can call it with its own state of it."""
    for name, rows in DEFAULTS.items():
        code_model.objects.bulk_create(
            [
                code_model(list=name, code=code, label_id=label_id, label_en=label_en, order=order)
                for order, (code, label_id, label_en) in enumerate(rows, 1)
            ],
            ignore_conflicts=True,
        )
