// Bytes as text, for JSON.

export function base64(bytes) {
  const view = new Uint8Array(bytes);
  let text = "";
  for (let start = 0; start < view.length; start += 0x8000) text += String.fromCharCode(...view.subarray(start, start + 0x8000));
  return btoa(text);
}

export function fromBase64(text) {
  return Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0));
}
