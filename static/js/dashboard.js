// The dashboard's chart and map: drawn once, then given new numbers whenever htmx renews the figures around them.
import { BarController, BarElement, CategoryScale, Chart, LinearScale, Tooltip } from "chart.js";
import { shapesOn } from "./lib/choropleth.js";
import { gettext } from "./lib/i18n.js";

Chart.register(BarController, BarElement, CategoryScale, LinearScale, Tooltip);

const colour = (name) => getComputedStyle(document.documentElement).getPropertyValue(name).trim();
let chart;
let map;
let drawn;

function numbers() {
  return JSON.parse(document.getElementById("days-data").textContent);
}

function bars(label, data, fill) {
  return { label, data, backgroundColor: colour(fill), borderRadius: 3, maxBarThickness: 18, categoryPercentage: 0.72, barPercentage: 0.9 };
}

function dataOf({ labels, now, before }) {
  return { labels, datasets: [bars(gettext("before"), before, "--chart-2"), bars(gettext("now"), now, "--chart-1")] };
}

function drawChart() {
  const font = { family: colour("--font"), size: 13 };
  const ticks = { color: colour("--muted"), font };
  chart = new Chart(document.querySelector("#days-chart canvas"), {
    type: "bar",
    data: dataOf(numbers()),
    options: {
      animation: false,
      responsive: true,
      maintainAspectRatio: false,
      interaction: { mode: "index", intersect: false },
      plugins: { tooltip: { titleFont: font, bodyFont: font } },
      scales: {
        x: { grid: { display: false }, border: { display: false }, ticks: { ...ticks, maxRotation: 0, autoSkipPadding: 12 } },
        y: { beginAtZero: true, grid: { color: colour("--line") }, border: { display: false }, ticks: { ...ticks, precision: 0, maxTicksLimit: 5 } },
      },
      onClick: (_event, found) => {
        const link = found.length && numbers().links[found[0].index];
        if (link) window.location.assign(link);
      },
    },
  });
}

async function drawPlaces() {
  const source = document.getElementById("places-source");
  if (!map || !source) return;
  const answer = await fetch(source.dataset.url, { headers: { Accept: "application/json" } });
  if (!answer.ok) return;
  const { shapes } = await answer.json();
  const isFirst = !drawn;
  drawn?.remove();
  drawn = shapesOn(map, shapes, {
    className: (shape) => `map-area fill-heat-${shape.heat}`,
    label: (shape) => `${shape.name} ${shape.count}`,
    fit: isFirst,
  });
}

window.addEventListener("map:init", (event) => {
  map = event.detail.map;
  map.scrollWheelZoom.disable();
  drawPlaces();
});

drawChart();
document.body.addEventListener("htmx:afterSettle", () => {
  const fresh = dataOf(numbers());
  if (JSON.stringify(chart.data.datasets.map((set) => set.data)) === JSON.stringify(fresh.datasets.map((set) => set.data))) return;
  chart.data = fresh;
  chart.update();
  drawPlaces();
});
matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => {
  chart.destroy();
  drawChart();
});
