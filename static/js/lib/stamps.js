// Copies of photos with time, village and officer written into the picture, as commanders ask for them. The photos themselves stay as they are.

const QUALITY = 0.85;

/** Size of the strip's letters and its lines from the bottom, for a picture so wide. */
export function strip(width, lines) {
  const size = Math.max(14, Math.round(width / 36));
  return { size, height: Math.round(size * 1.4 * lines + size) };
}

function stamp(context, { width, height }, lines) {
  const { size, height: high } = strip(width, lines.length);
  context.fillStyle = "rgb(0 0 0 / 60%)";
  context.fillRect(0, height - high, width, high);
  context.fillStyle = "#fff";
  context.font = `600 ${size}px sans-serif`;
  context.textBaseline = "top";
  for (const [index, line] of lines.entries()) context.fillText(line, size, height - high + size * 0.5 + index * size * 1.4, width - 2 * size);
}

async function stamped(address, lines, number) {
  const answer = await fetch(address);
  if (!answer.ok) return null;
  const picture = await createImageBitmap(await answer.blob());
  const canvas = Object.assign(document.createElement("canvas"), { width: picture.width, height: picture.height });
  const context = canvas.getContext("2d");
  context.drawImage(picture, 0, 0);
  stamp(context, canvas, lines);
  const blob = await new Promise((resolve) => canvas.toBlob(resolve, "image/jpeg", QUALITY));
  return blob && new File([blob], `foto-${number}.jpg`, { type: "image/jpeg" });
}

/** Files to share; a photo that cannot be had is left out. */
export async function stampedPhotos(addresses, lines) {
  const made = await Promise.all(addresses.map((address, index) => stamped(address, lines, index + 1).catch(() => null)));
  return made.filter(Boolean);
}
