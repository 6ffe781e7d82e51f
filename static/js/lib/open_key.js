// How long the key of a remembered phone stays in use: until the browser is closed, or the phone was in the background for 15 minutes.

import { cookie } from "./cookies.js";

export const MARK = "polmas_open"; // a cookie that ends with the browser
export const IDLE_MS = 15 * 60_000;

/** Whether the key in this row of `keys` may still be used. */
export async function isStillOpen({ open }, now = Date.now()) {
  if (!open || now - open.active_at >= IDLE_MS) return false;
  return (await cookie(MARK)) === open.mark;
}
