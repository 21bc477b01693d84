// Frames that hold scripts of their own are shut off from the page: each tells it how tall its content is.
(function () {
  "use strict";
  addEventListener("message", (event) => {
    const tall = Number(event.data && event.data.paperFrame);
    if (!(tall > 0 && tall < 20000)) return;
    for (const frame of document.querySelectorAll("iframe.paper-frame[data-tall]")) {
      if (frame.contentWindow === event.source) frame.height = Math.ceil(tall);
    }
  });
})();
