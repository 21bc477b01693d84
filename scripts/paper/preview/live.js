// In a preview only: reloads the page when it has changed, and shows what is wrong above it until it is mended.
(function () {
  "use strict";
  const page = decodeURIComponent(location.pathname).replace(/^\//, "").replace(/(^|\/)$/, "$1index.html");
  const shown = document.currentScript.dataset.shown;
  let overlay = null;
  let wait = 250;

  function hide() {
    if (overlay) overlay.remove();
    overlay = null;
  }

  function show(problems) {
    hide();
    overlay = document.createElement("section");
    overlay.id = "preview-problems";
    overlay.setAttribute("role", "alert");
    for (const problem of problems) {
      for (const part of ["place", "message", "detail", "remedy"]) {
        if (!problem[part]) continue;
        const line = document.createElement(part === "detail" ? "pre" : "p");
        line.className = part;
        line.textContent = problem[part];
        overlay.append(line);
      }
    }
    document.body.append(overlay);
  }

  function connect() {
    const socket = new WebSocket("ws://" + location.host + "/__paper/live");
    window.paperPreview = socket;
    socket.addEventListener("open", function () {
      wait = 250;
      socket.send(JSON.stringify({ page: page, shown: shown }));
    });
    socket.addEventListener("message", function (event) {
      const said = JSON.parse(event.data);
      if (said.problems.length) return show(said.problems);
      hide();
      if (said.changed.includes(page) || said.look) location.reload();
    });
    socket.addEventListener("close", function () {
      setTimeout(connect, wait);
      wait = Math.min(wait * 2, 5000);
    });
  }
  connect();
})();
