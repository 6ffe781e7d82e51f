// The service worker: keeps the officer's pages and what they load, answers with them where the network does not, and sends the outbox when the
// browser wakes it. `self.POLMAS` stands before this script (polmas/summaries/shells.py). It stores no answer of the server but those.
//
// A new build is installed beside the old one and takes over when polmas is opened the next time, or when a page asks for it: a form that is
// open keeps the scripts that it began with.

import { cleanupOutdatedCaches, matchPrecache, precacheAndRoute } from "workbox-precaching";
import { NavigationRoute, registerRoute } from "workbox-routing";
import { withDatabase } from "./lib/db.js";
import { sendAll } from "./lib/sync.js";

const PATIENCE_MS = 3000;
const GATEWAY = new Set([502, 503, 504]); // a proxy before a server that is being started again
const shells = self.POLMAS.shells.map(([pattern, url]) => [new RegExp(pattern), url]);

function shellFor(path) {
  return shells.find(([pattern]) => pattern.test(path))?.[1];
}

/** The network's answer; null where there is none, or none in time. Without a page to fall back on there is no hurry. */
async function fromNetwork(request, patience) {
  const answer = fetch(request).then(
    (response) => (GATEWAY.has(response.status) ? null : response),
    () => null,
  );
  if (!patience) return answer;
  return Promise.race([answer, new Promise((resolve) => setTimeout(() => resolve(null), patience))]);
}

async function page({ request, url }) {
  const shell = shellFor(url.pathname);
  const answer = await fromNetwork(request, shell ? PATIENCE_MS : 0);
  return answer ?? (await matchPrecache(shell ?? self.POLMAS.network)) ?? Response.error();
}

// First: what is kept answers a navigation by its address alone, not by headers such as the language.
registerRoute(new NavigationRoute(page, { denylist: [/^\/api\//, /^\/pengaturan-sistem\//, /\/(unduh|pdf)\/$/, /\.pdf$/] }));
precacheAndRoute(self.POLMAS.files, { ignoreURLParametersMatching: [], directoryIndex: null, cleanURLs: false });
cleanupOutdatedCaches();

self.addEventListener("message", (event) => {
  if (event.data?.type === "TAKE_OVER") self.skipWaiting();
});

async function sendWhatWaits() {
  const signedIn = await withDatabase((db) => db.get("leases", "current"));
  if (!signedIn) return;
  const { reason } = await sendAll(signedIn.user);
  if (reason === "offline" || reason === "server") throw new Error(reason); // the browser tries again later
}

self.addEventListener("sync", (event) => {
  if (event.tag === "polmas-outbox") event.waitUntil(sendWhatWaits());
});
