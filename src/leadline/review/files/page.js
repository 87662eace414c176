// Draws the charts of a page: each stands as JSON in <script id="spec-NAME">, its place is <div id="NAME">.
const places = [...document.querySelectorAll(".chart")];
const options = { renderer: "svg", actions: { export: true, source: false, compiled: false, editor: false }, tooltip: { theme: "light" },
  formatLocale: { decimal: ".", thousands: ",", grouping: [3], currency: ["", ""], percent: "\u00a0%", minus: "\u2212" } };
const SIDE = 70; // pixels beside a chart made of several panels, which can't take the width of its place by itself
const drawn = new Map();

function draw(place) {
  const spec = JSON.parse(document.getElementById("spec-" + place.id).textContent);
  const wide = place.clientWidth;
  if (drawn.get(place.id) === wide || wide === 0) return;
  drawn.set(place.id, wide);
  for (const panel of spec.vconcat || []) panel.width = wide - SIDE;
  vegaEmbed(place, spec, options).catch((error) => { place.textContent = "This chart could not be drawn: " + error.message; });
}

let waiting;
window.addEventListener("resize", () => {
  clearTimeout(waiting);
  waiting = setTimeout(() => places.forEach(draw), 150);
});
places.forEach(draw);
