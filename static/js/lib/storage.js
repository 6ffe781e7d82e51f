// Room on the phone: a store that the browser keeps, and a word before it is full.

const LOW_BYTES = 50 * 1024 * 1024;

/** Shows [data-low-storage] where less than 50 MB are left for polmas. */
export async function lowStorage() {
  const estimate = await globalThis.navigator?.storage?.estimate?.();
  if (!estimate?.quota) return;
  const isLow = estimate.quota - estimate.usage < LOW_BYTES;
  for (const place of document.querySelectorAll("[data-low-storage]")) place.hidden = !isLow;
}
