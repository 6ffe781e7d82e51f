// Beside templates/patrol/_outbox_pill.html: sends what waits on this phone, and says how much that is.
import { watchBadges } from "./lib/badge.js";
import { currentUser } from "./lib/session.js";
import { startSender } from "./lib/sync.js";

currentUser().then((user) => {
  watchBadges(user);
  startSender(user);
});
