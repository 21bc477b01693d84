// Previews of citations, cross-references and footnotes: on hover, on focus and on tap. Escape closes.
// A preview repeats what its link leads to; where that can't be read (another page, opened from a folder),
// the link simply works as a link.
(function () {
  "use strict";
  const doc = document;
  const main = doc.querySelector("main") || doc.body;
  const wordsAt = doc.getElementById("site-words");
  if (!wordsAt) return; // Quarto's pages bring previews of their own
  const words = JSON.parse(wordsAt.textContent);
  const KINDS = "a.footnote-ref, a.quarto-xref, .citation a[href*='#ref-']";
  const pages = new Map();

  const box = doc.createElement("div");
  box.className = "preview";
  box.id = "preview";
  box.hidden = true;
  doc.body.append(box);

  let shownFor = null;
  let timer = 0;
  let touched = false;

  // The element that a link leads to, with the address it came from; null where it can't be had.
  async function targetOf(link) {
    const address = new URL(link.href, location.href);
    const id = decodeURIComponent(address.hash.slice(1));
    address.hash = "";
    const own = address.href === location.href.split("#")[0];
    if (own) return id && doc.getElementById(id);
    if (location.protocol === "file:" || address.origin !== location.origin) return null;
    if (!pages.has(address.href)) {
      pages.set(address.href, fetch(address.href)
        .then((answer) => (answer.ok ? answer.text() : ""))
        .then((text) => (text ? new DOMParser().parseFromString(text, "text/html") : null))
        .catch(() => null));
    }
    const other = await pages.get(address.href);
    if (!other) return null;
    const found = id ? other.getElementById(id) : other.querySelector("main h1");
    if (!found) return null;
    const copied = doc.importNode(found, true);
    for (const name of ["href", "src"]) {
      for (const node of copied.querySelectorAll("[" + name + "]")) {
        const value = node.getAttribute(name);
        if (value && !(node.namespaceURI === "http://www.w3.org/2000/svg" && value.startsWith("#"))) {
          node.setAttribute(name, new URL(value, address.href).href);
        }
      }
    }
    return copied;
  }

  // A copy fit to stand a second time on the page: ids renamed, long parts cut, no tools.
  function excerpt(target) {
    let copy;
    if (target.matches("section, h1, h2, h3, h4")) {
      copy = doc.createElement("div");
      const holder = target.matches("section") ? target : target.parentElement;
      const heading = target.matches("section") ? target.querySelector("h1, h2, h3, h4") : target;
      const first = holder && holder.querySelector(":scope > p");
      for (const part of [heading, first]) if (part) copy.append(part.cloneNode(true));
    } else if (target.matches("li")) {
      copy = doc.createElement("div");
      copy.append(...target.cloneNode(true).childNodes);
    } else copy = target.cloneNode(true);
    for (const gone of copy.querySelectorAll("script, .anchor, .footnote-back, .figure-tools, .figure-data, details, button, .code-copy-button")) gone.remove();
    const rows = copy.querySelectorAll("tbody tr");
    rows.forEach((row, n) => { if (n > 5) row.remove(); });
    rename(copy);
    for (const stop of copy.querySelectorAll("[tabindex]")) stop.removeAttribute("tabindex");
    return copy;
  }
  function rename(copy) {
    const names = new Map();
    for (const node of [copy, ...copy.querySelectorAll("[id]")]) {
      if (!node.id) continue;
      names.set(node.id, "preview-" + node.id);
      node.id = "preview-" + node.id;
    }
    for (const node of copy.querySelectorAll("*")) {
      for (const attribute of [...node.attributes]) {
        let value = attribute.value.replace(/url\(["']?#([^)"']+)["']?\)/g, (all, id) => (names.has(id) ? "url(#" + names.get(id) + ")" : all));
        if (/^(aria-labelledby|aria-describedby)$/.test(attribute.name)) {
          value = value.split(/\s+/).map((id) => names.get(id) || id).join(" ");
        }
        if (/href$/.test(attribute.name) && node.namespaceURI === "http://www.w3.org/2000/svg" && value.startsWith("#") && names.has(value.slice(1))) {
          value = "#" + names.get(value.slice(1));
        }
        if (value !== attribute.value) attribute.value = value;
      }
    }
  }

  async function show(link, how) {
    clearTimeout(timer);
    if (shownFor === link) return;
    const target = await targetOf(link);
    if (!target || (how !== "tap" && !link.matches(":hover, :focus"))) return;
    hide();
    const body = doc.createElement("div");
    body.className = "preview-body";
    body.append(excerpt(target));
    box.replaceChildren(body);
    box.classList.toggle("sheet-like", how === "tap");
    if (how === "tap") {
      const tools = doc.createElement("p");
      tools.className = "preview-tools";
      const go = doc.createElement("a");
      go.href = link.href;
      const what = link.matches(".footnote-ref") ? words.footnote : link.matches(".quarto-xref") ? link.textContent.trim() : words.reference;
      go.textContent = words.go_to.replace("{what}", what);
      go.addEventListener("click", hide);
      const close = doc.createElement("button");
      close.type = "button";
      close.className = "button";
      close.textContent = words.close;
      close.addEventListener("click", hide);
      tools.append(go, close);
      box.append(tools);
      box.setAttribute("role", "dialog");
      box.setAttribute("aria-label", words.preview);
    } else {
      // A tip, not a stop: its links are for the mouse; the keyboard follows the link itself.
      for (const inner of box.querySelectorAll("a[href]")) inner.tabIndex = -1;
      box.setAttribute("role", "tooltip");
      box.removeAttribute("aria-label");
      link.setAttribute("aria-describedby", "preview");
    }
    box.hidden = false;
    shownFor = link;
    if (how !== "tap") place(link);
  }
  function place(link) {
    const at = link.getClientRects()[0] || link.getBoundingClientRect();
    const size = box.getBoundingClientRect();
    const left = Math.min(Math.max(8, at.left - 16), innerWidth - size.width - 8);
    const below = at.bottom + 8 + size.height < innerHeight || at.top < size.height + 70;
    box.style.left = left + "px";
    box.style.top = (below ? Math.min(at.bottom + 8, innerHeight - size.height - 8) : at.top - size.height - 8) + "px";
  }
  function hide() {
    clearTimeout(timer);
    if (shownFor) shownFor.removeAttribute("aria-describedby");
    shownFor = null;
    box.hidden = true;
    box.removeAttribute("style");
  }
  function hideSoon() {
    clearTimeout(timer);
    timer = setTimeout(function () {
      if (!box.matches(":hover, :focus-within") && !(shownFor && shownFor.matches(":hover, :focus-visible"))) hide();
    }, 250);
  }

  main.addEventListener("pointerdown", (event) => { touched = event.pointerType === "touch"; });
  main.addEventListener("mouseover", function (event) {
    const link = event.target.closest(KINDS);
    if (!link || touched) return;
    clearTimeout(timer);
    timer = setTimeout(() => show(link, "hover"), 180);
  });
  main.addEventListener("mouseout", (event) => { if (event.target.closest(KINDS) && !box.classList.contains("sheet-like")) hideSoon(); });
  box.addEventListener("mouseleave", function () { if (!box.classList.contains("sheet-like")) hideSoon(); });
  main.addEventListener("focusin", function (event) {
    const link = event.target.closest(KINDS);
    if (link && link.matches(":focus-visible") && !touched) show(link, "focus");
  });
  main.addEventListener("focusout", hideSoon);
  main.addEventListener("click", function (event) {
    const link = event.target.closest(KINDS);
    if (!link) return;
    if (!touched || shownFor === link || event.ctrlKey || event.metaKey) {
      hide();
      return;
    }
    event.preventDefault(); // the first tap shows; its "Go to" follows, and so does a second tap
    const follow = link.href;
    show(link, "tap").then(function () { if (shownFor !== link) location.href = follow; });
  });
  doc.addEventListener("pointerdown", (event) => { if (shownFor && !box.contains(event.target) && !event.target.closest(KINDS)) hide(); });
  doc.addEventListener("keydown", (event) => { if (event.key === "Escape") hide(); });
  addEventListener("scroll", function () { if (shownFor && !box.classList.contains("sheet-like")) hide(); }, { passive: true });
})();
