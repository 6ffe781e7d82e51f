// Pictures are made small on the phone: at most 1600 px and 400 KB, the right way up. What the camera noted of time and place is read
// before, since that strips it.

const LONGEST_PX = 1600;
const MOST_BYTES = 400 * 1024;
const MOST_RAW_BYTES = 12 * 1024 * 1024; // what the server takes
const QUALITIES = [0.82, 0.7, 0.58, 0.45];

export class NotAPicture extends Error {}

/** Width and height that fit into a square of `longest`, never larger than the picture itself. */
export function fitted(width, height, longest = LONGEST_PX) {
  const scale = Math.min(1, longest / Math.max(width, height));
  return { width: Math.max(1, Math.round(width * scale)), height: Math.max(1, Math.round(height * scale)) };
}

async function decode(file) {
  try {
    // from-image turns the picture as its EXIF orientation says.
    return await createImageBitmap(file, { imageOrientation: "from-image" });
  } catch {
    throw new NotAPicture();
  }
}

function draw(bitmap, { width, height }) {
  const canvas = document.createElement("canvas");
  canvas.width = width;
  canvas.height = height;
  const context = canvas.getContext("2d");
  context.fillStyle = "#fff";
  context.fillRect(0, 0, width, height);
  context.drawImage(bitmap, 0, 0, width, height);
  return canvas;
}

function encode(canvas, quality) {
  return new Promise((resolve) => canvas.toBlob(resolve, "image/jpeg", quality));
}

/** 2026:11:20 09:15:00 of a camera as ISO 8601; one that notes no offset is taken to stand where the phone does. */
export function momentOf(text, offset) {
  const parts = String(text ?? "").match(/^(\d{4}):(\d\d):(\d\d) (\d\d:\d\d:\d\d)/);
  if (!parts) return null;
  const local = `${parts[1]}-${parts[2]}-${parts[3]}T${parts[4]}`;
  const moment = new Date(/^[+-]\d\d:\d\d$/.test(offset ?? "") ? local + offset : local);
  const isReal = moment.getFullYear() > 2000 && moment.getTime() <= Date.now() + 24 * 3600_000;
  return isReal ? moment.toISOString() : null;
}

function placeOf({ latitude: lat, longitude: lon } = {}) {
  const isReal = Math.abs(lat) <= 90 && Math.abs(lon) <= 180 && (lat || lon);
  return isReal ? { lat, lon } : {};
}

/** {taken_at, lat, lon} as far as the camera noted them. */
export async function notesOf(file) {
  try {
    const { exifr } = await import("./exif.js");
    const wanted = ["DateTimeOriginal", "OffsetTimeOriginal"];
    const tags = await exifr.parse(file, { pick: wanted, reviveValues: false });
    const taken_at = momentOf(tags?.DateTimeOriginal, tags?.OffsetTimeOriginal);
    return { ...(taken_at && { taken_at }), ...placeOf(await exifr.gps(file)) };
  } catch {
    return {}; // none, or broken: no reason to lose the picture
  }
}

/** What the phone keeps of a file: made small, or as it is where only the server can read it. */
export async function kept(file) {
  const exif = await notesOf(file);
  try {
    return { ...(await shrink(file)), exif };
  } catch (error) {
    if (!(error instanceof NotAPicture) || !isHeic(file) || file.size > MOST_RAW_BYTES) throw error;
    return { bytes: await file.arrayBuffer(), type: "image/heic", exif };
  }
}

function isHeic({ type, name }) {
  return /^image\/hei[cf]/.test(type) || /\.hei[cf]$/i.test(name);
}

/** A JPEG of at most 400 KB: first by quality, then by size. Throws NotAPicture for what no browser can decode. */
export async function shrink(file) {
  const bitmap = await decode(file);
  try {
    for (let longest = LONGEST_PX; ; longest = Math.round(longest * 0.75)) {
      const canvas = draw(bitmap, fitted(bitmap.width, bitmap.height, longest));
      for (const quality of QUALITIES) {
        const blob = await encode(canvas, quality);
        if (!blob) throw new NotAPicture();
        if (blob.size <= MOST_BYTES) return { bytes: await blob.arrayBuffer(), type: "image/jpeg" };
      }
    }
  } finally {
    bitmap.close();
  }
}
