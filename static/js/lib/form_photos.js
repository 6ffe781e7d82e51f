// The form's part "photos": taken, made small, kept on the phone at once, shown, removed.

import { gettext, interpolate } from "./i18n.js";
import { keepPhoto, photoOf } from "./photo_store.js";
import { kept, NotAPicture } from "./photos.js";
import { newId } from "./uuid.js";

const MOST = 20;

const element = (id) => document.getElementById(id);

export class Photos {
  constructor(user, report, onChange) {
    this.user = user;
    this.report = report;
    this.onChange = onChange;
    this.ids = [];
    this.sizes = {}; // of those that lie on this phone, in bytes
    this.settled = Promise.resolve();
    element("photo-input").addEventListener("change", (event) => this.take(event.target));
  }

  async start(ids) {
    for (const id of ids) await this.restore(id);
  }

  async restore(id) {
    const photo = await photoOf(this.user, this.report, id);
    if (photo) this.sizes[id] = photo.bytes.byteLength;
    const address = photo ? URL.createObjectURL(new Blob([photo.bytes], { type: photo.type })) : `/foto/${id}/kecil/`;
    this.ids.push(id);
    this.show(id, address);
  }

  /** The ids of all pictures, of those that must still be sent, and their size. */
  read() {
    const unsent = this.ids.filter((id) => id in this.sizes);
    return { all: [...this.ids], unsent, bytes: unsent.reduce((sum, id) => sum + this.sizes[id], 0) };
  }

  /** Adds the files one after the other; `settled` is when all that were taken so far are kept. */
  take(input) {
    const files = [...input.files];
    input.value = "";
    this.fail("");
    element("photos").setAttribute("aria-busy", "true");
    const adding = this.settled.then(async () => {
      for (const file of files) await this.add(file);
      if (this.settled === adding) element("photos").setAttribute("aria-busy", "false");
    });
    this.settled = adding;
  }

  async add(file) {
    if (this.ids.length >= MOST) return this.fail(interpolate(gettext("A report holds at most %(count)s photos."), { count: MOST }));
    try {
      const { bytes, type, exif } = await kept(file);
      const id = newId();
      await keepPhoto({ user: this.user, report: this.report, id, bytes, type, exif });
      this.ids.push(id);
      this.sizes[id] = bytes.byteLength;
      this.show(id, URL.createObjectURL(new Blob([bytes], { type })));
      return this.onChange();
    } catch (error) {
      const text =
        error instanceof NotAPicture
          ? gettext("%(name)s is no picture that this phone can read.")
          : gettext("%(name)s could not be kept: the phone's storage is full.");
      return this.fail(interpolate(text, { name: file.name }));
    }
  }

  show(id, address) {
    const item = element("photo").content.firstElementChild.cloneNode(true);
    const number = this.ids.indexOf(id) + 1;
    item.querySelector("img").src = address;
    item.querySelector("img").alt = interpolate(gettext("Photo %(number)s"), { number });
    const button = item.querySelector("button");
    button.setAttribute("aria-label", interpolate(gettext("Remove photo %(number)s"), { number }));
    button.addEventListener("click", () => this.remove(id, item, address));
    element("photos").lastElementChild.before(item);
  }

  /** Takes a picture out of the report. Its bytes go when the form is saved or thrown away: the outbox may need them until then. */
  remove(id, item, address) {
    this.ids = this.ids.filter((one) => one !== id);
    delete this.sizes[id];
    item.remove();
    URL.revokeObjectURL(address);
    element("photo-input").focus();
    this.onChange();
  }

  fail(text) {
    element("photo-error").textContent = text;
    element("photo-error").hidden = !text;
  }
}
