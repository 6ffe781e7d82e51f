// Beside templates/patrol/_outbox_pill.html: sends what waits on this phone, and says how much that is.
import { watchBadges } from "./lib/badge.js";
import { startSender } from "./lib/sync.js";

const { user } = document.querySelector("[data-outbox-pill]").dataset;
watchBadges(user);
startSender(user);
