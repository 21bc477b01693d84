// Draws one figure with plotly.js and hands over its SVG.
(function (global) {
  "use strict";
  const settings = { staticPlot: true, plotlyServerURL: "", topojsonURL: "", displaylogo: false };
  let state = null;

  // Begins to draw; the outcome is in ``drawing()`` when the timers have run.
  global.draw = function (text, seed) {
    const figure = JSON.parse(text);
    document.body.textContent = "";
    takeCanvases();
    seedRandom(seed);
    state = { done: false };
    const mine = state;
    const container = document.body.appendChild(document.createElement("div"));
    container.style.width = figure.layout.width + "px";
    container.style.height = figure.layout.height + "px";
    Plotly.newPlot(container, figure.data, figure.layout, settings)
      .then(() => Promise.all(container._promises || []))
      .then(function () {
        mine.svg = Plotly.Snapshot.toSVG(container, "svg", 1);
        mine.canvases = takeCanvases();
        Plotly.purge(container);
        mine.done = true;
      })
      .catch(function (error) {
        mine.error = String((error && error.message) || error) + "\n" + ((error && error.stack) || "");
        mine.done = true;
      });
  };
  // The outlines of countries by name, which plotly.js then asks nobody for.
  global.outlines = function (name, given) {
    global.PlotlyGeoAssets = global.PlotlyGeoAssets || { topojson: {} };
    global.PlotlyGeoAssets.topojson[name] = given;
  };
  global.drawing = () => (state.done ? JSON.stringify(state) : "");
})(globalThis);
