// Tabs: one of several panels is shown. Without this script all are, one after the other, each under its title.
(function () {
  "use strict";
  const doc = document;
  const allSets = () => [...doc.querySelectorAll("main .panel-tabset")];

  const own = (set, part) => [...set.querySelectorAll(part)].filter((one) => one.closest(".panel-tabset") === set);
  const tabsOf = (set) => own(set, ".nav-tabs > li > a");
  const panelOf = (tab) => doc.getElementById(tab.hash.slice(1));

  function show(tab) {
    const set = tab.closest(".panel-tabset");
    for (const other of tabsOf(set)) {
      const chosen = other === tab;
      other.setAttribute("aria-selected", chosen);
      other.tabIndex = chosen ? 0 : -1;
      panelOf(other).classList.toggle("active", chosen);
    }
    dispatchEvent(new Event("resize")); // notes and tables beside the text are measured anew
  }

  // Sets of one group show the tab of the same name.
  function choose(tab) {
    show(tab);
    const group = tab.closest(".panel-tabset").dataset.group;
    for (const set of group ? allSets().filter((one) => one.dataset.group === group) : []) {
      const same = tabsOf(set).find((one) => one.textContent === tab.textContent);
      if (same && same !== tab) show(same);
    }
  }

  function setUp(set) {
    const tabs = tabsOf(set);
    const chosen = tabs.find((tab) => tab.getAttribute("aria-selected") === "true");
    if (chosen && tabs.every((tab) => tab.hasAttribute("role"))) return;
    own(set, ".nav-tabs")[0].setAttribute("role", "tablist");
    for (const tab of tabs) {
      if (tab.hasAttribute("role")) continue; // from before a preview put others beside it
      const panel = panelOf(tab);
      tab.parentElement.setAttribute("role", "presentation");
      tab.setAttribute("role", "tab");
      tab.setAttribute("aria-controls", panel.id);
      panel.setAttribute("role", "tabpanel");
      panel.setAttribute("aria-labelledby", tab.id);
      panel.tabIndex = 0;
      tab.addEventListener("click", function (event) {
        event.preventDefault();
        choose(tab);
      });
      tab.addEventListener("keydown", function (event) {
        const tabs = tabsOf(set);
        const steps = { ArrowRight: 1, ArrowLeft: -1, Home: -tabs.indexOf(tab), End: tabs.length - 1 - tabs.indexOf(tab) };
        if (!(event.key in steps)) return;
        event.preventDefault();
        const next = tabs.at((tabs.indexOf(tab) + steps[event.key]) % tabs.length);
        choose(next);
        next.focus();
      });
    }
    set.classList.add("ready");
    show(chosen || tabs[0]);
  }
  allSets().forEach(setUp);
  doc.addEventListener("paper:inserted", () => allSets().forEach(setUp)); // by a preview

  // A link to what a panel holds opens that panel.
  function reveal() {
    const target = location.hash && doc.getElementById(decodeURIComponent(location.hash.slice(1)));
    if (!target) return;
    for (let panel = target.closest(".tab-pane"); panel; panel = panel.parentElement.closest(".tab-pane")) {
      show(tabsOf(panel.closest(".panel-tabset")).find((tab) => panelOf(tab) === panel));
    }
    if (target.closest(".tab-pane")) target.scrollIntoView();
  }
  addEventListener("hashchange", reveal);
  reveal();
})();
