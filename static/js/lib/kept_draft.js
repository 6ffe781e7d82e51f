// Text of minutes that a browser kept because it was not saved.

/** Whether it was typed on another stored text than the one of this version: then both are shown before anything is saved. */
export function isTypedOnOther(kept, version) {
  return String(kept.version ?? "") !== String(version);
}

/** The moment as the pages write it: 24 Nov 2026 01.02. */
export function momentText(moment, language) {
  const day = new Intl.DateTimeFormat(language, { day: "numeric", month: "short", year: "numeric" }).format(moment);
  const [hours, minutes] = [moment.getHours(), moment.getMinutes()].map((number) => String(number).padStart(2, "0"));
  return `${day} ${hours}.${minutes}`;
}
