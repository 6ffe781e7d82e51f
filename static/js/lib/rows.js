// Rows of a kept page, from the template that stands in it.

const element = (id) => document.getElementById(id);

export function rowFrom(template, { title, meta = "", href }) {
  const made = element(template).content.firstElementChild.cloneNode(true);
  made.querySelector(".row-title").textContent = title;
  made.querySelector(".row-meta").textContent = meta;
  if (href) made.querySelector("a").href = href;
  return made;
}

/** {CODE: label} as the page holds it. */
export function kindLabels() {
  return JSON.parse(element("kind-labels").textContent);
}

/** Whom or what a report of the server was about, where it names anybody. */
export function subjectOf({ detail = {} }) {
  const { household, business, contact, community, post } = detail;
  return household?.head_name ?? (business ?? contact ?? community ?? post)?.name ?? "";
}
