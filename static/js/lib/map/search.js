// The search of the map page: what is found stands in a list under the field; a choice moves the map there.

import { get } from "../api.js";
import { gettext } from "../i18n.js";
import { boundsOf } from "../leaflet_layers.js";

const WAIT_MS = 250;
const LEAST = 2; // letters

export function searching(form, onChoose) {
  const field = form.querySelector("input");
  const list = form.querySelector("ul");
  let turn = 0;
  let clock;

  const show = (items) => {
    list.replaceChildren(...items);
    list.hidden = !items.length;
  };
  const told = (text) => Object.assign(document.createElement("li"), { className: "muted", textContent: text });

  const entry = (result) => {
    const button = Object.assign(document.createElement("button"), { type: "button", textContent: result.label });
    button.append(Object.assign(document.createElement("span"), { className: "muted small", textContent: result.meta }));
    button.addEventListener("click", () => {
      show([]);
      field.value = result.label;
      onChoose(boundsOf(result.bounds), result);
    });
    const item = document.createElement("li");
    item.append(button);
    return item;
  };

  const find = async () => {
    clearTimeout(clock);
    turn += 1;
    const mine = turn;
    const text = field.value.trim();
    if (text.length < LEAST) return show([]);
    const { status, data } = await get(`map/search/?${new URLSearchParams({ q: text })}`).catch(() => ({ status: 0 }));
    if (mine !== turn) return;
    if (status !== 200) return show([told(gettext("The search did not answer. Try again."))]);
    show(data.results.length ? data.results.map(entry) : [told(gettext("Nothing found."))]);
  };

  field.addEventListener("input", () => {
    clearTimeout(clock);
    clock = setTimeout(find, WAIT_MS);
  });
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    find();
  });
  form.addEventListener("keydown", ({ key }) => key === "Escape" && show([]));
}
