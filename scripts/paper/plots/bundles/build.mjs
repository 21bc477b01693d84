// Makes the partial bundles of plotly.js and the outlines of countries beside this file. To be run when `plotly` in
// requirements.txt brings another plotly.js, in an empty folder, with Node:
//
//   npm install plotly.js@VERSION buffer@6 stream-browserify esbuild
//   node --preserve-symlinks build.mjs      (a copy of this file there; then copy what it wrote back)
import fs from "fs";
import vm from "vm";
import { build } from "esbuild";

// plotly-basic: what most figures have; plotly-charts: every kind drawn as SVG. Others take the whole plotly.min.js.
const SETS = {
  basic: ["bar", "pie"],
  charts: [
    "bar", "barpolar", "box", "candlestick", "choropleth", "contour", "funnel", "funnelarea", "heatmap", "histogram",
    "histogram2d", "histogram2dcontour", "icicle", "image", "indicator", "ohlc", "parcats", "pie", "sankey",
    "scattergeo", "scatterpolar", "scattersmith", "scatterternary", "sunburst", "table", "treemap", "violin", "waterfall",
  ],
};
const { version } = JSON.parse(fs.readFileSync("node_modules/plotly.js/package.json", "utf8"));
const banner = `/*! plotly.js v${version}, partial bundle. Copyright 2012-2026, Plotly, Inc. Licensed under the MIT license. */`;

for (const [name, traces] of Object.entries(SETS)) {
  const register = traces.map((trace) => `require("plotly.js/lib/${trace}")`).join(",");
  fs.writeFileSync("entry.js", `const core = require("plotly.js/lib/core");core.register([${register}]);module.exports = core;`);
  await build({
    entryPoints: ["entry.js"], bundle: true, minify: true, format: "iife", globalName: "Plotly", target: "es2016",
    outfile: `plotly-${name}.min.js`, define: { global: "window", "define.amd": "false" },
    alias: { stream: "stream-browserify" }, loader: { ".css": "empty" }, legalComments: "eof", banner: { js: banner },
  });
}

const assets = {};
assets.window = assets.self = assets;
vm.runInNewContext(fs.readFileSync("node_modules/plotly.js/dist/plotly-geo-assets.js", "utf8"), assets);
fs.mkdirSync("topojson", { recursive: true });
for (const [name, outlines] of Object.entries(assets.moduleName.topojson)) {
  if (name.endsWith("_110m")) fs.writeFileSync(`topojson/${name}.json`, JSON.stringify(outlines) + "\n");
}
