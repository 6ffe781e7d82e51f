// The drawing of a map as a picture: the SVG that stands on the page, painted at twice its size.

const SCALE = 2;
const button = document.getElementById("map-png");

async function picture(svg) {
  const url = URL.createObjectURL(new Blob([new XMLSerializer().serializeToString(svg)], { type: "image/svg+xml" }));
  const image = new Image();
  image.src = url;
  await image.decode();
  const canvas = document.createElement("canvas");
  canvas.width = svg.viewBox.baseVal.width * SCALE;
  canvas.height = svg.viewBox.baseVal.height * SCALE;
  canvas.getContext("2d").drawImage(image, 0, 0, canvas.width, canvas.height);
  URL.revokeObjectURL(url);
  return new Promise((resolve) => canvas.toBlob(resolve, "image/png"));
}

button.addEventListener("click", async () => {
  button.setAttribute("aria-busy", "true");
  try {
    const link = document.createElement("a");
    link.href = URL.createObjectURL(await picture(document.querySelector("#map-sheet svg")));
    link.download = button.dataset.name;
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
  } finally {
    button.removeAttribute("aria-busy");
  }
});
