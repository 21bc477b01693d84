// The PDF of what was saved last, page by page. A new one takes the place of the old where it stands.
(function () {
  "use strict";
  const pages = document.getElementById("preview-proof-pages");
  const state = document.getElementById("preview-proof-state");
  let shown = "";
  let wait = 250;

  async function update() {
    const answer = await fetch("/__paper/proof/pages.json");
    const proof = await answer.json();
    state.textContent = proof.problem || "";
    state.hidden = !proof.problem;
    if (proof.problem || proof.version === shown) return;
    shown = proof.version;
    const width = Math.round(pages.clientWidth * devicePixelRatio);
    while (pages.children.length > proof.sizes.length) pages.lastElementChild.remove();
    proof.sizes.forEach(function ([wide, high], at) {
      const page = pages.children[at] || pages.appendChild(document.createElement("img"));
      page.loading = "lazy";
      page.alt = "Page " + (at + 1);
      page.width = wide;
      page.height = high;
      page.src = "/__paper/proof/" + at + ".png?width=" + width + "&version=" + proof.version;
    });
  }

  function connect() {
    const socket = new WebSocket("ws://" + location.host + "/__paper/live");
    socket.addEventListener("open", function () {
      wait = 250;
      socket.send(JSON.stringify({ proof: true }));
    });
    socket.addEventListener("message", function (event) {
      if (JSON.parse(event.data).proof) update();
    });
    socket.addEventListener("close", function () {
      setTimeout(connect, wait);
      wait = Math.min(wait * 2, 5000);
    });
  }
  connect();
})();
