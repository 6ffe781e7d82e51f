// Reads what cameras note in their pictures; loaded with the first photo only.
import exifr from "exifr/dist/lite.esm.mjs";

export { exifr };
