// Words of the page's language: Django's catalogue (/jsi18n/) where it is loaded, else the English text itself.

export function gettext(text) {
  return globalThis.gettext?.(text) ?? text;
}

export function ngettext(one, many, count) {
  return globalThis.ngettext?.(one, many, count) ?? (count === 1 ? one : many);
}

// interpolate("%(count)s reports", { count: 3 }) gives "3 reports"; a name without a value stays as it is.
export function interpolate(text, values) {
  return text.replace(/%\((\w+)\)s/g, (whole, name) => (name in values ? String(values[name]) : whole));
}

// The language of the page, for Intl: "id" or "en".
export function language() {
  return globalThis.document?.documentElement.lang || "id";
}
