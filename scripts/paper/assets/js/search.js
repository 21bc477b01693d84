// Search over the whole paper. The index (Pagefind) is fetched when search is first opened; "/" opens it.
(function () {
  "use strict";
  const doc = document;
  const dialog = doc.getElementById("search");
  if (!dialog) return; // a page that stands by itself
  const words = JSON.parse(doc.getElementById("site-words").textContent);
  const box = doc.getElementById("search-box");
  const status = doc.getElementById("search-status");
  const list = doc.getElementById("search-results");
  const root = new URL(doc.body.dataset.root || "./", location.href);
  let engine = null;
  let asked = 0;

  function load() {
    if (engine) return engine;
    if (location.protocol === "file:") {
      status.textContent = words.search_folder;
      return Promise.resolve(null);
    }
    engine = import(new URL("pagefind/pagefind.js", root).href).then(async function (pagefind) {
      await pagefind.options({ baseUrl: root.pathname, excerptLength: 24, ranking: { termFrequency: 0.8 } });
      await pagefind.init();
      return pagefind;
    }).catch(function () {
      engine = null;
      status.textContent = words.search_failed;
      return null;
    });
    return engine;
  }

  function open() {
    if (!dialog.open) dialog.showModal();
    box.focus();
    box.select();
    load();
  }
  doc.getElementById("search-button").addEventListener("click", open);
  doc.addEventListener("keydown", function (event) {
    const typing = event.target.closest("input, textarea, select, [contenteditable]");
    if (event.key !== "/" || event.ctrlKey || event.metaKey || event.altKey || typing || doc.querySelector("dialog[open]")) return;
    event.preventDefault();
    open();
  });
  dialog.addEventListener("click", (event) => { if (event.target === dialog) dialog.close(); });

  async function run() {
    const query = box.value.trim();
    const mine = ++asked;
    const pagefind = await load();
    if (!pagefind || mine !== asked) return;
    if (!query) {
      list.replaceChildren();
      status.textContent = words.search_hint;
      return;
    }
    const answer = await pagefind.debouncedSearch(query, {}, 120);
    if (!answer || mine !== asked) return;
    const found = await Promise.all(answer.results.slice(0, 8).map((result) => result.data()));
    if (mine !== asked) return;
    let count = 0;
    const rows = [];
    for (const page of found) {
      const parts = page.sub_results.filter((part) => part.url.includes("#")).slice(0, 4);
      const top = page.sub_results.find((part) => !part.url.includes("#"));
      rows.push(row(page.url, page.meta.title, top ? top.excerpt : parts.length ? "" : page.excerpt, false));
      for (const part of parts) rows.push(row(part.url, part.title, part.excerpt, true));
      count += Math.max(1, parts.length + (top ? 1 : 0));
    }
    list.replaceChildren(...rows);
    status.textContent = (count ? words.search_some : words.search_none).replace("{count}", count).replace("{query}", query);
  }

  function row(address, title, excerpt, part) {
    const item = doc.createElement("li");
    if (part) item.className = "part";
    const link = doc.createElement("a");
    link.href = address;
    const where = doc.createElement("span");
    where.className = "where";
    where.textContent = title;
    link.append(where);
    if (excerpt) {
      const text = doc.createElement("p");
      text.className = "excerpt";
      // Pagefind marks the words found by <mark>; everything else in an excerpt is text.
      for (const piece of excerpt.split(/(<mark>.*?<\/mark>)/)) {
        if (piece.startsWith("<mark>")) {
          const mark = doc.createElement("mark");
          mark.textContent = plain(piece.slice(6, -7));
          text.append(mark);
        } else text.append(plain(piece));
      }
      link.append(text);
    }
    link.addEventListener("click", () => dialog.close());
    item.append(link);
    return item;
  }
  function plain(text) {
    return text.replace(/&(amp|lt|gt|quot|#39|#x27);/g, (all, name) => ({ amp: "&", lt: "<", gt: ">", quot: '"', "#39": "'", "#x27": "'" })[name]);
  }

  box.addEventListener("input", run);
  dialog.querySelector(".close").addEventListener("click", () => dialog.close());
  dialog.querySelector("form").addEventListener("submit", function (event) {
    event.preventDefault();
    list.querySelector("a")?.click();
  });
  // Arrows walk through the results and back to the box.
  dialog.addEventListener("keydown", function (event) {
    if (event.key !== "ArrowDown" && event.key !== "ArrowUp") return;
    const stops = [box, ...list.querySelectorAll("a")];
    const at = stops.indexOf(doc.activeElement);
    if (at < 0) return;
    event.preventDefault();
    stops[Math.min(Math.max(at + (event.key === "ArrowDown" ? 1 : -1), 0), stops.length - 1)].focus();
  });
})();
