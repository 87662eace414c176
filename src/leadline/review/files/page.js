// Draws the charts of a page: each stands as JSON in <script id="spec-NAME">, its place is <div id="NAME">.
const places = [...document.querySelectorAll(".chart")];
const options = { renderer: "svg", actions: { export: true, source: false, compiled: false, editor: false }, tooltip: { theme: "light" },
  formatLocale: { decimal: ".", thousands: ",", grouping: [3], currency: ["", ""], percent: "\u00a0%", minus: "\u2212" } };
const SIDE = 70; // pixels beside a chart made of several panels, which can't take the width of its place by itself
const PAPER = 688, GAP = 26; // pixels of A4 between its margins, and between two charts side by side there (page.css)
const drawn = new Map(), views = new Map();

function draw(place) {
  const spec = JSON.parse(document.getElementById("spec-" + place.id).textContent);
  const wide = place.clientWidth;
  if (drawn.get(place.id) === wide || wide === 0) return;
  drawn.set(place.id, wide);
  for (const panel of spec.vconcat || []) panel.width = wide - SIDE;
  vegaEmbed(place, spec, options).then((made) => views.set(place, made.view)).catch((error) => { place.textContent = "This chart could not be drawn: " + error.message; });
}

// Paper has other widths than the screen; charts of several panels are scaled instead.
function fit(width) {
  for (const [place, view] of views) {
    const spec = JSON.parse(document.getElementById("spec-" + place.id).textContent);
    if (spec.width === "container") view.width(width(place)).run();
  }
}

let waiting;
window.addEventListener("resize", () => {
  clearTimeout(waiting);
  waiting = setTimeout(() => places.forEach(draw), 150);
});
window.addEventListener("beforeprint", () => fit((place) => place.closest("figure.wide") ? PAPER : (PAPER - GAP) / 2));
window.addEventListener("afterprint", () => fit((place) => place.clientWidth));
places.forEach(draw);
