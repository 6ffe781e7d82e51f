// Chips of which one may be chosen, and none.

/** A chosen chip that is tapped again is no longer chosen; Backspace does the same for keyboards. */
export function makeClearable(radios) {
  for (const radio of radios) {
    const clear = () => {
      radio.checked = false;
      radio.dispatchEvent(new Event("change", { bubbles: true }));
    };
    let wasChecked = false;
    radio.closest("label").addEventListener("pointerdown", () => {
      wasChecked = radio.checked;
    });
    radio.addEventListener("click", () => {
      if (wasChecked) clear();
      wasChecked = false;
    });
    radio.addEventListener("keydown", (event) => {
      if (radio.checked && (event.key === "Backspace" || event.key === "Delete")) clear();
    });
  }
}
