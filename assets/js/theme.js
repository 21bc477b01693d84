// Loaded before anything is painted: applies the remembered choice of colours, and says that scripts run.
(function () {
  "use strict";
  var root = document.documentElement;
  root.classList.add("js");
  function apply(choice) {
    var dark = choice === "dark" || (choice === "auto" && matchMedia("(prefers-color-scheme: dark)").matches);
    if (choice === "auto") root.removeAttribute("data-theme");
    else root.setAttribute("data-theme", choice);
    root.setAttribute("data-bs-theme", dark ? "dark" : "light"); // Quarto's pages
  }
  function read() {
    try {
      var kept = localStorage.getItem("paper-theme");
      return kept === "light" || kept === "dark" ? kept : "auto";
    } catch (refused) {
      return "auto";
    }
  }
  apply(read());
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", function () { apply(read()); });
  window.paperTheme = {
    read: read,
    set: function (choice) {
      try {
        if (choice === "auto") localStorage.removeItem("paper-theme");
        else localStorage.setItem("paper-theme", choice);
      } catch (refused) { /* private browsing: the choice lasts for this page */ }
      apply(choice);
      document.dispatchEvent(new CustomEvent("paper:theme", { detail: choice }));
    },
  };
})();
