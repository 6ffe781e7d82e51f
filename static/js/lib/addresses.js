// Where the form of a report is.

/** Under the page of choice: /catat/ and KONTROL_KAMLING give /catat/kontrol-kamling/. */
export function formAddress(choose, kind) {
  return `${choose}${kind.toLowerCase().replaceAll("_", "-")}/`;
}
