// Cookies, also where there is no page: a service worker has only the cookie store.

export async function cookie(name) {
  if (globalThis.document === undefined) return (await globalThis.cookieStore?.get(name))?.value ?? "";
  const match = document.cookie.match(new RegExp(`(?:^|;\\s*)${name}=([^;]+)`));
  return match ? decodeURIComponent(match[1]) : "";
}

/** A cookie that the browser forgets when it is closed. */
export function setSessionCookie(name, value) {
  // biome-ignore lint/suspicious/noDocumentCookie: the cookie store is not in every browser yet
  document.cookie = `${name}=${encodeURIComponent(value)}; path=/; samesite=lax${location.protocol === "https:" ? "; secure" : ""}`;
}
