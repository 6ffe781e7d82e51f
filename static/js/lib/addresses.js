// Where the form of a report is.

/** Under the page of choice: /catat/ and KONTROL_KAMLING give /catat/kontrol-kamling/. */
export function formAddress(choose, kind) {
  return `${choose}${kind.toLowerCase().replaceAll("_", "-")}/`;
}

/** The report that an address names: /kegiatan/<id>/, /catat/dds/<id>/; else an empty text. */
export function idInAddress(path) {
  return path.match(/\/([0-9a-f]{8}-[0-9a-f-]{27})\/$/i)?.[1] ?? "";
}
