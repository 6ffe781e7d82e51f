// Beside the map: when things happen, which kinds most, and the hot spots as a list.

import { gettext, interpolate, language } from "../i18n.js";
import { boundsOf } from "../leaflet_layers.js";
import { countText, number } from "./marks.js";

const HEAT_STEPS = 7;
const WIDE = matchMedia("(min-width: 992px)");

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

/** Counts by weekday and hour as a table: hours downwards on a phone, across on a wide screen. */
export function matrixTable(label, matrix) {
  const most = Math.max(1, ...matrix.flat());
  const hours = [...Array(24).keys()].map((hour) => String(hour).padStart(2, "0"));
  const days = weekdays();
  const cell = (day, hour) => {
    const count = matrix[day][hour];
    const step = count && Math.max(1, Math.ceil((count / most) * HEAT_STEPS));
    return element("td", count ? number(count) : "", { class: `heat-${step}`, title: `${days[day]} ${hours[hour]}.00: ${number(count)}` });
  };
  const table = element("table", "", { class: "heat map-hours" });
  table.append(element("caption", interpolate(gettext("%(label)s by weekday and hour"), { label }), { class: "visually-hidden" }));
  const [columns, rows] = WIDE.matches ? [hours, days] : [days, hours];
  const head = element("tr");
  head.append(element("td"), ...columns.map((name) => element("th", name, { scope: "col" })));
  table.createTHead().append(head);
  const body = table.createTBody();
  rows.forEach((name, row) => {
    const line = element("tr");
    line.append(element("th", name, { scope: "row" }), ...columns.map((_, column) => (WIDE.matches ? cell(row, column) : cell(column, row))));
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
