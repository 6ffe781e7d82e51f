// Pictures are made small on the phone: at most 1600 px and 400 KB, the right way up, without the camera's own notes.

const LONGEST_PX = 1600;
const MOST_BYTES = 400 * 1024;
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
