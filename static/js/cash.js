// The cash book offers the categories of the chosen direction alone; without a script both groups stand in the list.
const form = document.querySelector("[data-cash]");
const list = form.elements.category;
const groups = [...list.querySelectorAll("optgroup")];

function narrow() {
  const chosen = form.querySelector("input[name=direction]:checked");
  const kept = list.value;
  for (const group of groups) {
    group.remove();
    if (!chosen || group.label === chosen.closest("label").textContent.trim()) list.append(group);
  }
  list.value = kept;
  if (list.selectedIndex < 0) list.value = "";
}

for (const radio of form.querySelectorAll("input[name=direction]")) radio.addEventListener("change", narrow);
narrow();
