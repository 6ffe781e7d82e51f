// The giat tematik that run where the officer serves or ended lately, kept on the phone.

import { cached, fetchedPages } from "./cache.js";

const MOST = 100;

/** Calls `onCampaigns(list)` with what is kept, and again with what is new. */
export function watchCampaigns(user, onCampaigns) {
  return cached(user, "campaigns", () => fetchedPages(`campaigns/?offered=true&page_size=${MOST}`, MOST), onCampaigns);
}
