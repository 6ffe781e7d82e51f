// The slider of time: one step is a day, or a week of a longer period; beyond the last step stand all days.

import { gettext, language } from "../i18n.js";

const DAY = 86_400_000;
const MOST_DAY_STEPS = 45;
const BEAT_MS = 1400;

const iso = (time) => new Date(time).toISOString().slice(0, 10);

/** The spans between two days (ISO): each a day, or a week where there are many. */
export function steps(from, to) {
  const [first, last] = [Date.parse(from), Date.parse(to)];
  const length = (last - first) / DAY + 1 > MOST_DAY_STEPS ? 7 : 1;
  const spans = [];
  for (let day = first; day <= last; day += length * DAY) spans.push({ from: iso(day), to: iso(Math.min(last, day + (length - 1) * DAY)) });
  return spans;
}

export class TimeSlider {
  /** `onChange({from, to})` is called with the chosen span, the whole period at the end. */
  constructor(root, { from, to }, onChange) {
    this.whole = { from, to };
    this.steps = steps(from, to);
    this.onChange = onChange;
    this.range = root.querySelector("input[type=range]");
    this.label = root.querySelector("output");
    this.play = root.querySelector("button");
    this.range.max = this.steps.length;
    this.range.value = this.steps.length;
    this.range.addEventListener("input", () => this.choose());
    this.play.addEventListener("click", () => (this.clock ? this.stop() : this.start()));
    this.say();
  }

  get span() {
    return this.steps[Number(this.range.value)] ?? this.whole;
  }

  /** The span that begins on a day, if there is one; nothing is called. */
  goTo(from) {
    const step = this.steps.findIndex((span) => span.from === from);
    if (step < 0) return;
    this.range.value = step;
    this.say();
  }

  say() {
    const { from, to } = this.span;
    const day = (text) => new Date(text).toLocaleDateString(language(), { day: "numeric", month: "short", timeZone: "UTC" });
    const text = this.span === this.whole ? gettext("all days") : from === to ? day(from) : `${day(from)} – ${day(to)}`;
    this.label.textContent = text;
    this.range.setAttribute("aria-valuetext", text);
  }

  choose() {
    this.say();
    this.onChange(this.span);
  }

  start() {
    if (this.span === this.whole) this.range.value = 0;
    else this.range.stepUp();
    this.choose();
    this.play.setAttribute("aria-pressed", "true");
    this.clock = setInterval(() => {
      this.range.stepUp();
      this.choose();
      if (this.span === this.whole) this.stop();
    }, BEAT_MS);
  }

  stop() {
    clearInterval(this.clock);
    this.clock = null;
    this.play.setAttribute("aria-pressed", "false");
  }
}
