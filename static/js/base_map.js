// Where a base map of our own is set: lays it below every map of a page. It stands before the scripts that make maps; what draws it is fetched
// with the first of them. A map made with `baseMap: false` does without.

const { content: url, dataset } = document.querySelector("meta[name=base-map]");

function lay(map) {
  if (map.options.baseMap === false) return;
  import("./lib/base_layer.js").then(({ layBelow }) => layBelow(map, { url, attribution: dataset.attribution }));
}

window.L?.Map.addInitHook(function () {
  lay(this);
});
