// Giat tematik: which of them a form offers, and what a report says of one.

import { localInput } from "./times.js";

export const MOST_SHOWN = 4; // chips before "more"

const dayOf = (moment) => localInput(moment).slice(0, 10);

/**
 * Those of a day, the one that ends first in front; the report's own stands first, even when it is over. One that has
 * ended is offered for the days before today alone.
 */
export function offered(campaigns, moment, own, now = new Date()) {
  const day = dayOf(moment);
  const asked = campaigns.filter(({ id, state }) => id !== own?.id && (state !== "ended" || day < dayOf(now)));
  const running = asked.filter(({ starts_on, ends_on }) => starts_on <= day && day <= ends_on);
  const sorted = running.sort((a, b) => a.ends_on.localeCompare(b.ends_on) || a.tag.localeCompare(b.tag));
  return own ? [campaigns.find(({ id }) => id === own.id) ?? own, ...sorted] : sorted;
}

/** What is sent: the id, and the numbers that were filled in. */
export function campaignPayload(campaign) {
  if (!campaign) return null;
  const values = Object.entries(campaign.values ?? {}).filter(([, number]) => number !== null && number !== undefined);
  return { id: campaign.id, ...(values.length && { values: Object.fromEntries(values) }) };
}

const THOUSANDS = /^[1-9]\d{0,2}(\.\d{3})+(,\d+)?$/; // 1.000 is a thousand

/** 12.5 of "12,5" or "12.5", 1000 of "1.000"; null of nothing, NaN of what is no number or none that counts. */
export function numberIn(text) {
  const digits = text.trim();
  const plain = (THOUSANDS.test(digits) ? digits.replaceAll(".", "") : digits).replace(",", ".");
  if (plain === "") return null;
  const number = /^\d{1,9}(\.\d+)?$/.test(plain) ? Number(plain) : Number.NaN;
  return Math.round(number * 100) / 100;
}

/** What stands in the fields when a form opens: as it was typed, or as people write the numbers of a report. */
export function typedOf(own) {
  if (own?.typed) return { ...own.typed };
  const numbers = Object.entries(own?.values ?? {}).filter(([, number]) => Number.isFinite(number));
  return Object.fromEntries(numbers.map(([id, number]) => [id, String(number).replace(".", ",")]));
}

/** The campaign as a form keeps it: what was typed, and the numbers that are in it; NaN where it is none. */
export function filledIn(campaign, typed) {
  const filled = campaign.fields.map(({ id }) => [id, typed[id] ?? ""]).filter(([, text]) => text.trim());
  return { ...campaign, typed: Object.fromEntries(filled), values: Object.fromEntries(filled.map(([id, text]) => [id, numberIn(text)])) };
}

/** [name, text] of a report's campaign for a list of terms: its name, and each number under what it counts. */
export function campaignLines({ name, tag, fields = [], values = {} }) {
  const numbers = fields.filter(({ id }) => values[id] !== undefined && values[id] !== null);
  return [["Giat tematik", name ?? tag], ...numbers.map(({ id, label, measure }) => [label, `${values[id]} ${measure}`.trim()])];
}
