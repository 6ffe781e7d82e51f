// Times as officers write them: 09.15, 28 Jun.

import { language } from "./i18n.js";

export function clock(date) {
  return new Intl.DateTimeFormat(language(), { hour: "2-digit", minute: "2-digit", hourCycle: "h23" }).format(new Date(date)).replace(":", ".");
}

export function shortDay(date) {
  return new Intl.DateTimeFormat(language(), { day: "numeric", month: "short" }).format(new Date(date));
}

export function isToday(date) {
  return new Date(date).toDateString() === new Date().toDateString();
}

/** The time alone for today, the day with it for other days. */
export function moment(date) {
  return isToday(date) ? clock(date) : `${shortDay(date)} ${clock(date)}`;
}

/** The value of an <input type="datetime-local"> for a moment. */
export function localInput(date) {
  const local = new Date(new Date(date).getTime() - new Date(date).getTimezoneOffset() * 60_000);
  return local.toISOString().slice(0, 16);
}
