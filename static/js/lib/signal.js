// Tells this page and the browser's other pages of polmas that the outbox has changed.

const NAME = "polmas-outbox";
const channel = globalThis.BroadcastChannel ? new BroadcastChannel(NAME) : null;
const listeners = new Set();

function tell(news) {
  for (const listener of listeners) listener(news);
}

if (channel) channel.onmessage = ({ data }) => tell(data);

/** `news` is a plain object: {changed: true}, or what the sender reports. */
export function announce(news = { changed: true }) {
  channel?.postMessage(news);
  tell(news);
}

export function listen(listener) {
  listeners.add(listener);
  return () => listeners.delete(listener);
}
