"""What polmas costs, through its real web server and worker, beside what the database alone can do: `bin/bench`.

Times drift with the machine; the ratio to pgbench, measured in the same minute, and the milliseconds of CPU are what to compare.
"""

import argparse
import sys

import django

django.setup()

from tests.bench import filing, machine, scene  # noqa: E402
from tests.bench.table import missed, tell, title  # noqa: E402

PARTS = ("single", "photo", "sync", "size", "memory")
MOST_MEMORY = 600  # MB of web server, worker and beat together
MOST_BYTES = 2700  # of one report with its indexes


def arguments(words: list[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="bin/bench", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seconds", type=float, default=10, help="of each measurement (default 10)")
    parser.add_argument("--clients", type=int, nargs="+", default=scene.CLIENTS, help="how many at once (default 1 8 32)")
    parser.add_argument("--only", nargs="+", choices=PARTS, default=PARTS, metavar="PART", help=f"of {', '.join(PARTS)}")
    return parser.parse_args(words)


def file_reports(processes, options, label, crew, texts):
    if "single" in options.only:
        filing.singles(processes, options.seconds, options.clients, label, crew, texts)
    if "photo" in options.only:
        filing.photos(processes, options.seconds, options.clients, label, crew, texts)
    if "sync" in options.only:
        filing.syncs(processes, options.seconds, options.clients, label, crew, texts)


def main(words: list[str]) -> int:
    options = arguments(words)
    scene.make_country()
    crew, texts = scene.officers(scene.OFFICERS), scene.Texts()
    with machine.running() as processes:
        title("Filing into an empty database")
        file_reports(processes, options, "empty", crew, texts)
        if "size" in options.only:
            tell("database per report, indexes included", filing.size_of_a_report(), "bytes", at_most=MOST_BYTES)
        if "memory" in options.only:
            parts = processes.memory()
            more = " ".join(f"{name} {value:.0f}" for name, value in parts.items())
            tell("web, worker and beat together (PSS)", sum(parts.values()), "MB", at_most=MOST_MEMORY, more=more)
    return missed()


if __name__ == "__main__":
    sys.exit(1 if main(sys.argv[1:]) else 0)
