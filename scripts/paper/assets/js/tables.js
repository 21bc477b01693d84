// Tables that ask for it (class "sortable" on the table or around it): search, sorting and folding. Without this
// script the whole table is there, in the order of the paper.
(function () {
  "use strict";
  const doc = document;
  const words = JSON.parse(doc.getElementById("site-words").textContent);
  const LONG = 12; // rows, from which on a table is folded
  const collator = new Intl.Collator(doc.documentElement.lang, { numeric: true, sensitivity: "base" });
  let count = 0;

  function element(name, attributes, ...inside) {
    const made = doc.createElement(name);
    for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
    made.append(...inside);
    return made;
  }

  // A cell's words, without its column's name that cards show.
  function text(cell) {
    return [...cell.childNodes].filter((node) => !(node.classList && node.classList.contains("cell-label")))
      .map((node) => node.textContent).join("").replace(/\s+/g, " ").trim();
  }

  // Rows that hang together by spans, and heads of several lines, stay as they are.
  function isPlain(table) {
    return table.tHead && table.tHead.rows.length === 1 && table.tBodies.length === 1 &&
      ![...table.querySelectorAll("th, td")].some((cell) => cell.rowSpan > 1 || cell.colSpan > 1);
  }

  function enhance(table) {
    const body = table.tBodies[0];
    const rows = [...body.rows].map((row) => ({ row, cells: [...row.cells].map(text) }));
    const heads = [...table.tHead.rows[0].cells];
    const box = table.closest(".table-scroll") || table;
    if (rows.length < 3) return;
    table.id = table.id || "sortable-" + (count += 1);

    const find = element("input", { type: "search", "aria-controls": table.id, autocomplete: "off" });
    const said = element("p", { role: "status" });
    const order = element("select", { "aria-controls": table.id }, element("option", { value: "" }, words.table_order));
    const bar = element("div", { class: "table-bar", "data-pagefind-ignore": "" },
      element("label", {}, words.table_search + " ", find),
      element("label", { class: "table-order" }, words.table_sort + " ", order), said);
    box.before(bar);

    function filter() {
      const wanted = find.value.toLocaleLowerCase().split(/\s+/).filter(Boolean);
      let shown = 0;
      for (const { row, cells } of rows) {
        const all = cells.join(" ").toLocaleLowerCase();
        row.hidden = !wanted.every((word) => all.includes(word));
        if (!row.hidden) shown += 1;
      }
      loosen();
      folding?.(shown);
      said.textContent = words.table_count.replace("{shown}", shown).replace("{all}", rows.length);
    }
    // Once rows stand apart from their group, each names its group.
    function loosen() {
      table.classList.toggle("loose", Boolean(find.value.trim()) || heads.some((head) => head.hasAttribute("aria-sort")));
    }
    function sort(column, direction) {
      heads.forEach((head, place) => {
        if (place === column && direction) head.setAttribute("aria-sort", direction);
        else head.removeAttribute("aria-sort");
      });
      const sorted = direction ? [...rows].sort((a, b) => collator.compare(a.cells[column], b.cells[column])) : [...rows];
      if (direction === "descending") sorted.reverse();
      body.append(...sorted.map(({ row }) => row));
      order.value = direction === "ascending" ? String(column) : "";
      loosen();
    }
    const next = { ascending: "descending", descending: "" };
    heads.forEach((head, column) => {
      const button = element("button", { type: "button", class: "sort-button" }, ...head.childNodes);
      head.append(button);
      button.addEventListener("click", function () {
        const now = head.getAttribute("aria-sort");
        sort(column, now ? next[now] : "ascending");
      });
      order.append(element("option", { value: column }, head.textContent.trim()));
    });
    order.addEventListener("change", () => sort(Number(order.value), order.value && "ascending"));
    find.addEventListener("input", filter);
    let folding = null; // says how many rows a search has left
    filter();

    if (rows.length > LONG) folding = fold(table, box, rows);
  }

  function fold(table, box, rows) {
    const button = element("button", { type: "button", class: "table-fold", "aria-controls": table.id });
    box.after(button);
    let folded = true, count = rows.length;
    function set(wanted) {
      folded = wanted;
      button.hidden = count <= LONG; // what a search leaves is shown as a whole where it is short
      box.classList.toggle("folded", folded && !button.hidden);
      button.setAttribute("aria-expanded", String(!folded));
      button.textContent = folded ? words.table_all.replace("{all}", count) : words.table_fewer;
      dispatchEvent(new Event("resize")); // what scrolls takes a tab stop
    }
    button.addEventListener("click", () => set(!folded));
    // A link to a row shows the row where it stands.
    function reveal() {
      const target = location.hash && doc.getElementById(decodeURIComponent(location.hash.slice(1)));
      if (!target || !table.contains(target)) return;
      set(false);
      target.scrollIntoView({ block: "center" });
    }
    set(true);
    reveal();
    addEventListener("hashchange", reveal);
    return function (left) { count = left; set(folded); };
  }

  function enhanceAll() {
    for (const table of doc.querySelectorAll("main table.sortable, main .sortable table")) {
      if (table.closest("details") || table.querySelector(".sort-button") || !isPlain(table)) continue;
      enhance(table);
    }
  }
  enhanceAll();
  doc.addEventListener("paper:inserted", enhanceAll); // by a preview
})();
