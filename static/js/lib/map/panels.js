// Beside the map: when things happen, which kinds most, and the hot spots as a list.

import { gettext, interpolate, language } from "../i18n.js";
import { boundsOf } from "../leaflet_layers.js";
import { countText, number } from "./marks.js";

const HEAT_STEPS = 7;
const SPAN = 3; // hours in one row of a phone's table
const isWide = () => matchMedia("(min-width: 992px)").matches;

function element(name, text = "", attributes = {}) {
  const made = document.createElement(name);
  made.textContent = text;
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  return made;
}

/** Short names of the weekdays, Monday first. */
function weekdays() {
  const monday = Date.UTC(2024, 0, 1);
  return [...Array(7).keys()].map((day) => new Date(monday + day * 86_400_000).toLocaleDateString(language(), { weekday: "short", timeZone: "UTC" }));
}

const twoDigits = (hour) => String(hour).padStart(2, "0");

/** Counts of a day by spans of some hours. */
export const bySpans = (hours, span) =>
  [...Array(24 / span).keys()].map((row) => hours.slice(row * span, (row + 1) * span).reduce((sum, n) => sum + n, 0));

/** Counts by weekday and hour as a table: spans of three hours downwards on a phone, each hour across on a wide screen. */
export function matrixTable(label, byHour) {
  const isAcross = isWide();
  const span = isAcross ? 1 : SPAN;
  const matrix = byHour.map((day) => bySpans(day, span));
  const most = Math.max(1, ...matrix.flat());
  const starts = [...Array(24 / span).keys()].map((row) => row * span);
  const hours = starts.map((hour) => (span === 1 ? twoDigits(hour) : `${twoDigits(hour)}–${twoDigits(hour + span)}`));
  const days = weekdays();
  const cell = (day, row) => {
    const count = matrix[day][row];
    const step = count && Math.max(1, Math.ceil((count / most) * HEAT_STEPS));
    const title = `${days[day]} ${twoDigits(starts[row])}.00–${twoDigits(starts[row] + span - 1)}.59: ${number(count)}`;
    return element("td", count ? number(count) : "", { class: `heat-${step}`, title });
  };
  const table = element("table", "", { class: "heat map-hours" });
  table.append(element("caption", interpolate(gettext("%(label)s by weekday and hour"), { label }), { class: "visually-hidden" }));
  const [columns, rows] = isAcross ? [hours, days] : [days, hours];
  const head = element("tr");
  head.append(element("td"), ...columns.map((name) => element("th", name, { scope: "col" })));
  table.createTHead().append(head);
  const body = table.createTBody();
  rows.forEach((name, row) => {
    const line = element("tr");
    line.append(element("th", name, { scope: "row" }), ...columns.map((_, column) => (isAcross ? cell(row, column) : cell(column, row))));
    body.append(line);
  });
  return table;
}

function topList(top) {
  const list = element("ol", "", { class: "map-top" });
  const most = Math.max(1, ...top.map(({ count }) => count));
  for (const { label, count } of top) {
    const item = element("li");
    const bar = element("progress", "", { max: most, value: count, "aria-hidden": "true" });
    item.append(element("span", label), element("strong", number(count)), bar);
    list.append(item);
  }
  return list;
}

function part(title, content) {
  const made = element("div");
  made.append(element("h4", title), content);
  return made;
}

/** Fills the panels from the answer of map/hours/. */
export function showHours(root, results) {
  const cards = results.map(({ label, matrix, top }) => {
    const card = element("section", "", { class: "card card-body map-panel" });
    card.append(element("h3", label));
    if (!top.length) card.append(element("p", gettext("Nothing of this in view."), { class: "muted" }));
    else card.append(part(gettext("Most frequent"), topList(top)));
    if (matrix && top.length) card.append(part(gettext("By weekday and hour"), matrixTable(label, matrix)));
    return card;
  });
  root.replaceChildren(...cards);
}

/** The hot spots as a list; `onOpen(bounds)` answers a choice. */
export function showSpots(root, features, labels, onOpen) {
  root.replaceChildren(
    ...features.map(({ properties }) => {
      const button = element("button", countText(properties.count, labels[properties.layer]), { type: "button", class: "btn-plain" });
      button.append(element("span", interpolate(gettext("mostly %(kind)s"), { kind: properties.kind_name }), { class: "muted small" }));
      button.addEventListener("click", () => onOpen(boundsOf(properties.bounds)));
      const item = element("li");
      item.append(button);
      return item;
    }),
  );
  root.hidden = !features.length;
}
