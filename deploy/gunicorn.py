"""How gunicorn serves polmas: `bin/run web`, told by the environment where to bind and with how many processes."""

import gc
import os

bind = os.environ["BIND"]
workers = int(os.environ.get("WEB_WORKERS", 2))
# More threads than these only wait for each other and for the processor, each with a connection to the database of its own.
worker_class, threads = "gthread", 4
graceful_timeout = 5
control_socket_disable = True
loglevel = "warning"
# The application is loaded once and shared by its processes; what is loaded by then is no garbage, and is neither looked at nor copied.
preload_app = True


def when_ready(server):
    from django.urls import get_resolver

    from patrol.kinds import KINDS
    from patrol.schema import quick_validator_of

    get_resolver().url_patterns  # noqa: B018 - reads all views
    for kind in KINDS:
        quick_validator_of(kind)
    gc.collect()
    gc.freeze()


def post_fork(server, worker):
    gc.set_threshold(20_000, 20, 50)
