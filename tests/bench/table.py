"""The table that the benchmarks print: what was measured, what was asked for, and whether it was reached."""

import dataclasses


@dataclasses.dataclass
class Line:
    name: str
    value: float
    unit: str
    target: float | None = None
    is_floor: bool = True  # the target is the least, else the most
    more: str = ""

    @property
    def is_met(self) -> bool:
        return self.target is None or (self.value >= self.target if self.is_floor else self.value <= self.target)


LINES: list[Line] = []


def tell(name: str, value: float, unit: str, at_least: float | None = None, at_most: float | None = None, more: str = "") -> None:
    """Prints one line and keeps it for the end."""
    target = at_least if at_least is not None else at_most
    line = Line(name, value, unit, target, at_most is None, more)
    LINES.append(line)
    asked = "" if target is None else f"{'>=' if line.is_floor else '<='} {target:,.0f}"
    verdict = "" if target is None else "ok" if line.is_met else "MISSED"
    print(f"{name:52} {value:10,.1f} {unit:10} {asked:>10} {verdict:6} {more}", flush=True)  # noqa: T201


def title(text: str) -> None:
    print(f"\n{text}", flush=True)  # noqa: T201


def missed() -> int:
    """How many targets were missed; says which."""
    lines = [line for line in LINES if not line.is_met]
    title(f"{len(lines)} of {sum(line.target is not None for line in LINES)} targets missed" + "".join(f"\n  {line.name}" for line in lines))
    return len(lines)
