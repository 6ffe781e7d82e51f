// Shows the pill "offline" while the browser knows of no network.

export function watchNetwork() {
  const show = () => {
    for (const pill of document.querySelectorAll("[data-offline]")) pill.hidden = navigator.onLine;
  };
  window.addEventListener("online", show);
  window.addEventListener("offline", show);
  show();
}
