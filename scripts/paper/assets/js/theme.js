// Loaded before anything is painted: applies the remembered choice of colours, and says that scripts run.
(function () {
  "use strict";
  const root = document.documentElement;
  root.classList.add("js");
  function read() {
    try {
      const kept = localStorage.getItem("paper-theme");
      return kept === "light" || kept === "dark" ? kept : "auto";
    } catch {
      return "auto"; // storage refused
    }
  }
  function apply(choice) {
    if (choice === "auto") delete root.dataset.theme;
    else root.dataset.theme = choice;
  }
  apply(read());
  window.paperTheme = {
    read,
    set(choice) {
      try {
        if (choice === "auto") localStorage.removeItem("paper-theme");
        else localStorage.setItem("paper-theme", choice);
      } catch { /* storage refused: the choice lasts for this page */ }
      apply(choice);
      document.dispatchEvent(new CustomEvent("paper:theme", { detail: choice }));
    },
  };
})();
