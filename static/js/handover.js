// Whoever is replaced needs the name of a successor: the browser asks for it before the question whether to hand over.
const form = document.querySelector("[data-handover]");

function ask() {
  for (const name of form.querySelectorAll(".when-replace input")) {
    const chosen = name.closest(".handover-line").querySelector("input[type=radio]:checked");
    name.required = chosen?.value === "REPLACE";
  }
}

form.noValidate = false;
form.addEventListener("change", ask);
ask();
