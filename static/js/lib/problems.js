// Why an entry of the outbox needs fixing, in words.

import { gettext } from "./i18n.js";

const PHOTO_TEXTS = {
  404: () => gettext("The server no longer takes photos for this report."),
  409: () => gettext("The server has another photo under this number."),
  413: () => gettext("A photo is too large for the server."),
  415: () => gettext("A photo is of a kind that the server does not take."),
};

function details({ errors }) {
  return [...new Set((errors ?? []).map((error) => error.detail).filter(Boolean))].join(" ");
}

function photoReason(problem) {
  return details(problem) || (PHOTO_TEXTS[problem.status]?.() ?? gettext("The server refused a photo."));
}

function conflictReason(entry) {
  if (entry.report.version > 1) return gettext("The report has changed on the server meanwhile. Tap to put your correction upon the newer version.");
  return gettext("The server holds another report under this number. Tap to save this one as a new report.");
}

export function reasonOf(entry) {
  const { problem } = entry;
  if (problem.kind === "photo") return photoReason(problem);
  if (problem.kind === "conflict") return conflictReason(entry);
  const reason = details(problem) || gettext("The server could not take this report.");
  return `${reason} ${gettext("Tap to mend it.")}`;
}
