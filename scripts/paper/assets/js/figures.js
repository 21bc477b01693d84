// "Explore" under an author's Plotly figure: fetches Plotly and the figure from the site itself, only when asked,
// and puts the live figure where the static one stands. Close or Escape brings the static one back.
(function () {
  "use strict";
  const doc = document;
  // Bundles of Plotly that were asked for, by address: each knows other kinds of traces.
  const libraries = new Map();

  // A bundle once for the page.
  function plotly(address) {
    if (libraries.has(address)) return libraries.get(address);
    const library = new Promise(function (resolve, reject) {
      const script = doc.createElement("script");
      script.src = address;
      script.onload = () => (window.Plotly ? resolve(window.Plotly) : reject(new Error("no Plotly in " + address)));
      script.onerror = () => reject(new Error(address));
      doc.head.append(script);
    });
    libraries.set(address, library);
    library.catch(() => libraries.delete(address));
    return library;
  }

  // The colours of an author's Plotly figure on a dark page: pairs of a path into it and the colour there.
  function darkened(figure, dark) {
    for (const [path, colour] of dark || []) {
      let part = figure;
      for (const step of path.slice(0, -1)) part = part[step];
      part[path[path.length - 1]] = colour;
    }
    return figure;
  }

  function isDark() {
    const probe = doc.createElement("span");
    probe.hidden = true;
    probe.style.color = "light-dark(#000, #fff)";
    doc.body.append(probe);
    const dark = getComputedStyle(probe).color === "rgb(255, 255, 255)";
    probe.remove();
    return dark;
  }

  // An author's figure keeps its own margins and, where it has one, its width.
  function fitted(figure, font, room) {
    const clone = darkened(structuredClone(figure), isDark() ? figure.paper.dark : []);
    if (!figure.paper.sized) clone.layout.width = room;
    const template = (clone.layout.template || {}).layout || {};
    const given = Object.assign({}, template.font, clone.layout.font);
    if (!given.family || /open sans|verdana/i.test(given.family)) given.family = font;
    clone.layout.font = given;
    return clone;
  }

  function explore(button) {
    const box = button.closest(".paper-figure");
    if (box.querySelector(".figure-live")) return;
    const still = box.querySelector(".figure-static");
    const live = doc.createElement("div");
    live.className = "figure-live";
    const bar = doc.createElement("div");
    bar.className = "figure-live-bar";
    const said = doc.createElement("p");
    said.setAttribute("role", "status");
    const close = doc.createElement("button");
    close.type = "button";
    close.className = "figure-close";
    close.textContent = button.dataset.close;
    const plot = doc.createElement("div");
    plot.className = "figure-plot";
    plot.hidden = true;
    bar.append(said, close);
    live.append(bar, plot);
    still.before(live);
    said.textContent = button.dataset.loading;
    button.disabled = true;
    close.focus();

    let open = true;
    let figure = null;
    let Plotly = null;
    const font = getComputedStyle(live).fontFamily;
    // Plotly's own "Share chart" would upload the figure elsewhere: it is off, and has no address.
    const outlines = new URL("topojson/", new URL(button.dataset.plotly, location.href)).href;
    const settings = { showSendToCloud: false, plotlyServerURL: "", topojsonURL: outlines, displaylogo: false, displayModeBar: true, scrollZoom: false, modeBarButtonsToRemove: ["toImage", "select2d", "lasso2d", "autoScale2d"] };

    function paint() {
      if (!open || !figure) return;
      const now = fitted(figure, font, live.clientWidth);
      Plotly.react(plot, { data: now.data, layout: now.layout, frames: now.frames || [], config: settings });
    }
    function end() {
      if (!open) return;
      open = false;
      doc.removeEventListener("paper:theme", paint);
      system.removeEventListener("change", paint);
      if (figure) Plotly.purge(plot);
      live.remove();
      still.hidden = false;
      button.disabled = false;
      button.focus();
    }
    const system = matchMedia("(prefers-color-scheme: dark)");
    close.addEventListener("click", end);
    live.addEventListener("keydown", function (event) {
      if (event.key === "Escape") {
        event.stopPropagation();
        end();
      }
    });

    const spec = button.dataset.figure;
    if (location.protocol === "file:") {
      said.textContent = button.dataset.folder;
      return;
    }
    Promise.all([
      plotly(button.dataset.plotly),
      fetch(spec).then(function (answer) {
        if (!answer.ok) throw new Error(spec + ": " + answer.status);
        return answer.json();
      }),
    ]).then(function (parts) {
      if (!open) return;
      Plotly = parts[0];
      figure = parts[1];
      still.hidden = true;
      plot.hidden = false;
      paint();
      plot.setAttribute("role", "group");
      plot.tabIndex = 0; // it may scroll sideways
      plot.setAttribute("aria-label", (still.querySelector("svg[role=img]") || still).getAttribute("aria-label") || "");
      said.textContent = button.dataset.ready;
      doc.addEventListener("paper:theme", paint);
      system.addEventListener("change", paint);
    }).catch(function () {
      if (open) said.textContent = button.dataset.failed;
    });
  }

  doc.addEventListener("click", function (event) {
    const button = event.target.closest && event.target.closest("button.figure-explore");
    if (button) explore(button);
  });
})();
