// Reads the QR code of a post by the phone's camera, where the browser can; elsewhere the phone's own camera app opens the code's address.

import { gettext } from "./i18n.js";
import { postIn } from "./rounds.js";

const LOOK_EVERY_MS = 250;

export function canScan() {
  return "BarcodeDetector" in globalThis && Boolean(navigator.mediaDevices?.getUserMedia);
}

export class Scanner {
  /** `onPost(id)` is called once with the post that was read; the dialog is closed by then. */
  constructor(dialog, onPost) {
    this.dialog = dialog;
    this.onPost = onPost;
    this.video = dialog.querySelector("video");
    this.state = dialog.querySelector("[role=status]");
    dialog.addEventListener("close", () => this.release());
    dialog.querySelector("button").addEventListener("click", () => dialog.close());
  }

  async open() {
    this.state.textContent = gettext("Point the camera at the QR code of the post.");
    this.dialog.showModal();
    try {
      this.stream = await navigator.mediaDevices.getUserMedia({ video: { facingMode: "environment" } });
      this.video.srcObject = this.stream;
      await this.video.play();
      const detector = new BarcodeDetector({ formats: ["qr_code"] });
      this.clock = setInterval(() => this.look(detector), LOOK_EVERY_MS);
    } catch {
      this.state.textContent = gettext("The camera can't be used here. Scan the code with the phone's own camera app: it opens this form.");
    }
  }

  async look(detector) {
    const codes = await detector.detect(this.video).catch(() => []);
    if (!codes.length || !this.dialog.open) return;
    const post = codes.map(({ rawValue }) => postIn(rawValue)).find(Boolean);
    if (!post) {
      this.state.textContent = gettext("This is not the QR code of a post.");
      return;
    }
    this.dialog.close();
    this.onPost(post);
  }

  release() {
    clearInterval(this.clock);
    for (const track of this.stream?.getTracks() ?? []) track.stop();
    this.stream = undefined;
  }
}
