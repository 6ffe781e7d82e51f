// A quiet count under a long text: silent until most of its room is used.
import { gettext, interpolate } from "./i18n.js";

const TELL_FROM = 0.8;

/** "1850 of 2000 characters", or nothing while there is plenty of room. */
export function lengthNote(length, most) {
  return length > TELL_FROM * most ? interpolate(gettext("%(length)s of %(most)s characters"), { length, most }) : "";
}

export function watchLength(input, note) {
  const show = () => {
    note.textContent = lengthNote(input.value.length, input.maxLength);
    note.hidden = !note.textContent;
  };
  input.addEventListener("input", show);
  show();
}
