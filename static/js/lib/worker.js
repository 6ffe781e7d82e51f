// The service worker: registered once, and renewed behind the page.

const SYNC_TAG = "polmas-outbox";
let offered; // the version that the page has told of

/** Lets the page keep what was typed and not kept yet: whoever has something adds a promise. */
async function whatIsKept() {
  const promises = [];
  document.dispatchEvent(new CustomEvent("polmas:leave", { detail: promises }));
  await Promise.allSettled(promises);
}

function offer(registration) {
  if (offered === registration.waiting) return;
  offered = registration.waiting;
  for (const place of document.querySelectorAll("[data-new-version]")) {
    place.hidden = false;
    place.querySelector("button")?.addEventListener("click", async () => {
      await whatIsKept();
      navigator.serviceWorker.addEventListener("controllerchange", () => location.reload(), { once: true });
      registration.waiting?.postMessage({ type: "TAKE_OVER" });
    });
  }
}

function watchUpdates(registration) {
  const watch = (coming) =>
    coming?.addEventListener("statechange", () => coming.state === "installed" && navigator.serviceWorker.controller && offer(registration));
  if (registration.waiting && navigator.serviceWorker.controller) offer(registration);
  watch(registration.installing); // one that came before this page looked
  registration.addEventListener("updatefound", () => watch(registration.installing));
}

/** True once the pages lie on this phone. Browsers give workers to https and localhost alone. */
export async function watchWorker() {
  if (!navigator.serviceWorker) return false;
  try {
    const registration = await navigator.serviceWorker.register("/sw.js");
    watchUpdates(registration);
    await navigator.serviceWorker.ready;
    return true;
  } catch {
    return false;
  }
}

/** Asks the browser to wake the worker when there is network, where it can; the page's own sender does not count on it. */
export async function askForBackgroundSync() {
  const registration = await navigator.serviceWorker?.getRegistration?.();
  await registration?.sync?.register(SYNC_TAG).catch(() => {});
}
