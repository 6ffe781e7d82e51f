// A field to sign in with a finger, a pen or a mouse. Whoever cannot draw is ticked as present by a plain button.
const WIDTH = 600;
const HEIGHT = 240;

const dialog = document.querySelector("[data-pad]");
const canvas = dialog.querySelector("[data-pad-canvas]");
const pen = canvas.getContext("2d");
let form = null;
let isDrawn = false;
let isDown = false;

function clear() {
  canvas.width = WIDTH;
  canvas.height = HEIGHT;
  pen.fillStyle = "#fff";
  pen.fillRect(0, 0, WIDTH, HEIGHT);
  pen.lineWidth = 4;
  pen.lineCap = "round";
  pen.lineJoin = "round";
  pen.strokeStyle = "#111";
  isDrawn = false;
}

function placeOf(event) {
  const box = canvas.getBoundingClientRect();
  return [((event.clientX - box.left) * WIDTH) / box.width, ((event.clientY - box.top) * HEIGHT) / box.height];
}

canvas.addEventListener("pointerdown", (event) => {
  isDown = true;
  canvas.setPointerCapture(event.pointerId);
  pen.beginPath();
  pen.moveTo(...placeOf(event));
  event.preventDefault();
});
canvas.addEventListener("pointermove", (event) => {
  if (!isDown) return;
  pen.lineTo(...placeOf(event));
  pen.stroke();
  isDrawn = true;
});
for (const name of ["pointerup", "pointercancel"]) {
  canvas.addEventListener(name, () => {
    isDown = false;
  });
}

for (const button of document.querySelectorAll("[data-sign]")) {
  button.addEventListener("click", () => {
    form = button.closest("form");
    dialog.querySelector("[data-pad-name]").textContent = button.dataset.sign;
    clear();
    dialog.showModal();
  });
}
dialog.querySelector("[data-pad-close]").addEventListener("click", () => dialog.close());
dialog.querySelector("[data-pad-clear]").addEventListener("click", clear);
dialog.querySelector("[data-pad-keep]").addEventListener("click", () => {
  if (!isDrawn) return;
  form.elements.drawing.value = canvas.toDataURL("image/png");
  const act = document.createElement("input");
  act.type = "hidden";
  act.name = "act";
  act.value = "sign";
  form.append(act);
  form.submit();
});
