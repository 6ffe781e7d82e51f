// Fetches what an officer needs without network, behind the page, and keeps it: after one visit online the whole shift can be worked offline.

import { get, NoNetwork } from "./api.js";
import { cached, fetched, fetchedPages, keep, keptOf } from "./cache.js";
import { watchCampaigns } from "./campaign_cache.js";
import { watchColleagues } from "./colleagues.js";
import { watchAreas } from "./places.js";
import { watchRegister } from "./registers.js";
import { heard, noteDevice } from "./session.js";

const OWN_REPORTS = 200;
const REGISTERS = ["households", "businesses", "contacts", "communities", "posts"];
const FRESH_MS = 10 * 60_000;
const MAP_FRESH_MS = 30 * 60_000;

async function keepList(user, name, path, most) {
  const kept = await keptOf(user, name);
  if (kept && Date.now() - kept.fetched_at < FRESH_MS) return;
  const rows = await fetchedPages(path, most);
  if (rows) await keep(user, name, rows.slice(0, most));
}

async function keepOne(user, name, path) {
  const data = await fetched(path);
  if (data) await keep(user, name, data);
}

async function whoAmI(user) {
  const { status, data } = await get("me/");
  if (status !== 200 || String(data.id) !== String(user)) return;
  await heard(user, { unit: data.unit?.name ?? "" });
  await keep(user, "me", data);
  if (data.device) noteDevice(user, data.device.id);
}

/** What is fetched, in this order; each is kept for itself, so that an interrupted run loses nothing. */
const STEPS = [
  whoAmI,
  (user) => keepOne(user, "home", "home/"),
  (user) => watchAreas(user, () => {}),
  (user) => watchColleagues(user, () => {}),
  (user) => watchCampaigns(user, () => {}),
  (user) => keepList(user, "reports", `reports/?mine=true&page_size=${OWN_REPORTS}`, OWN_REPORTS),
  ...REGISTERS.map((register) => (user) => watchRegister(user, register, () => {})),
  (user) =>
    cached(
      user,
      "map",
      () => fetched("map/own/"),
      () => {},
      MAP_FRESH_MS,
    ),
];

/** Calls `onStep(done, all)` as it goes; true once everything lies on the phone, false without network. */
export async function prepare(user, onStep) {
  try {
    for (const [index, step] of STEPS.entries()) {
      onStep(index, STEPS.length);
      await step(user);
    }
  } catch (error) {
    if (error instanceof NoNetwork) return false;
    throw error;
  }
  onStep(STEPS.length, STEPS.length);
  await keep(user, "ready", { at: Date.now() });
  return true;
}

/** When this phone was last ready for work without network, or null. */
export async function readySince(user) {
  return (await keptOf(user, "ready"))?.data.at ?? null;
}
