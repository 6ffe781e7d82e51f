"""Pages of /kelola/: people, posts, beats, areas, units and imports, for operators and administrators; heads of units look."""

from polmas.summaries.views.manage.accounts import device_revoke, user_close, user_create, user_open, user_password, user_update
from polmas.summaries.views.manage.boundaries import area_version, area_versions, source_detail, source_list
from polmas.summaries.views.manage.imports import (
    import_apply,
    import_change,
    import_changes,
    import_create,
    import_delete,
    import_detail,
    import_errors,
    import_lines,
    import_passwords,
    import_retry,
    import_template,
)
from polmas.summaries.views.manage.lists import area_list, manage_home, unit_list, user_list
from polmas.summaries.views.manage.posts import beat_create, beat_end, posting_create, posting_end, posting_supervisor
from polmas.summaries.views.manage.runs import run_list
from polmas.summaries.views.manage.targets import cluster_rule_update, target_create, target_delete, target_list, target_update
from polmas.summaries.views.manage.units import unit_update
from polmas.summaries.views.manage.weights import weights_create, weights_delete, weights_list, weights_update

__all__ = [
    "area_list",
    "area_version",
    "area_versions",
    "beat_create",
    "beat_end",
    "cluster_rule_update",
    "device_revoke",
    "import_apply",
    "import_change",
    "import_changes",
    "import_create",
    "import_delete",
    "import_detail",
    "import_errors",
    "import_lines",
    "import_passwords",
    "import_retry",
    "import_template",
    "manage_home",
    "posting_create",
    "posting_end",
    "posting_supervisor",
    "run_list",
    "source_detail",
    "source_list",
    "target_create",
    "target_delete",
    "target_list",
    "target_update",
    "unit_list",
    "unit_update",
    "user_close",
    "user_create",
    "user_list",
    "user_open",
    "user_password",
    "user_update",
    "weights_create",
    "weights_delete",
    "weights_list",
    "weights_update",
]
