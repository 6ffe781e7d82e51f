// Fills every [data-outbox-count] with the number of reports that wait on this phone, and shows [data-outbox-pill] if any do.

import { countsOf } from "./outbox.js";
import { listen } from "./signal.js";

export function watchBadges(user) {
  const show = async () => {
    const { all } = await countsOf(user);
    for (const place of document.querySelectorAll("[data-outbox-count]")) place.textContent = String(all);
    for (const pill of document.querySelectorAll("[data-outbox-pill]")) pill.hidden = all === 0;
  };
  listen(show);
  return show();
}
