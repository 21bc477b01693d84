// Previews of citations, cross-references and footnotes: on hover, on focus and on tap. Escape closes.
// A preview repeats what its link leads to; where that can't be read (another page, opened from a folder),
// the link simply works as a link.
(function () {
  "use strict";
  const doc = document;
  const main = doc.querySelector("main");
  const words = JSON.parse(doc.getElementById("site-words").textContent);
  const KINDS = "a.footnote-ref, a.quarto-xref, .citation a[href*='#ref-']";
  const LEFT_OUT = "script, details, button, .anchor, .cited-in, .footnote-back, .figure-tools";
  const ROWS = 6; // of a table
  const pages = new Map();

  const box = doc.createElement("div");
  box.className = "preview";
  box.id = "preview";
  box.hidden = true;
  doc.body.append(box);
  let shownFor = null;
  let timer = 0;
  let touched = false;
  const byTap = () => box.classList.contains("by-tap");

  // What a link leads to, on this page or another of the site; null where it can't be had.
  async function targetOf(link) {
    const id = decodeURIComponent(link.hash.slice(1));
    const address = link.href.split("#")[0];
    if (address === location.href.split("#")[0]) return doc.getElementById(id);
    if (location.protocol === "file:" || link.origin !== location.origin) return null;
    if (!pages.has(address)) pages.set(address, fetched(address));
    const page = await pages.get(address);
    if (!page) return null;
    return id ? page.getElementById(id) : page.querySelector("main h1");
  }
  async function fetched(address) {
    try {
      const answer = await fetch(address);
      if (!answer.ok) return null;
      const page = new DOMParser().parseFromString(await answer.text(), "text/html");
      for (const link of page.querySelectorAll("main a[href]")) link.setAttribute("href", new URL(link.getAttribute("href"), address).href); // links within drawings, too
      for (const image of page.querySelectorAll("main img[src]")) image.src = new URL(image.getAttribute("src"), address).href;
      return page;
    } catch {
      return null;
    }
  }

  // A copy fit to stand a second time on the page: of a section its heading and first paragraph, of a table its
  // first rows, no tools.
  function excerpt(target) {
    const copy = doc.createElement("div");
    copy.className = "preview-body";
    if (target.matches("section, h1")) {
      const section = target.closest("section, main");
      for (const part of [section.querySelector("h1, h2, h3, h4"), section.querySelector(":scope > p")]) {
        if (part) copy.append(doc.importNode(part, true));
      }
    } else if (target.matches("li")) copy.append(...doc.importNode(target, true).childNodes);
    else copy.append(doc.importNode(target, true));
    for (const gone of copy.querySelectorAll(LEFT_OUT)) gone.remove();
    for (const row of [...copy.querySelectorAll("tbody tr")].slice(ROWS)) row.remove();
    for (const stop of copy.querySelectorAll("[tabindex]")) stop.removeAttribute("tabindex");
    rename(copy);
    return copy;
  }
  // New names for its ids, and for what refers to them, within drawings above all.
  function rename(copy) {
    const names = new Map();
    for (const node of copy.querySelectorAll("[id]")) {
      names.set(node.id, "preview-" + node.id);
      node.id = "preview-" + node.id;
    }
    for (const node of copy.querySelectorAll("*")) {
      for (const attribute of [...node.attributes]) {
        let value = attribute.value.replace(/url\(#([^)]+)\)/g, (all, id) => (names.has(id) ? "url(#" + names.get(id) + ")" : all));
        if (/^aria-(labelledby|describedby)$/.test(attribute.name)) {
          value = value.split(/\s+/).map((id) => names.get(id) || id).join(" ");
        }
        if (node.closest("svg") && /href$/.test(attribute.name) && names.has(value.slice(1))) value = "#" + names.get(value.slice(1));
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
    shownFor = link;
    box.replaceChildren(excerpt(target));
    box.classList.toggle("by-tap", how === "tap");
    box.hidden = false;
    if (how === "tap") offer(link);
    else {
      // A tip, not a stop: its links are for the mouse; the keyboard follows the link itself.
      for (const inner of box.querySelectorAll("a")) inner.tabIndex = -1;
      box.setAttribute("role", "tooltip");
      box.removeAttribute("aria-label");
      link.setAttribute("aria-describedby", "preview");
      place(link);
    }
  }
  // After a tap the preview is a small dialog: it leads on, or closes.
  function offer(link) {
    const tools = doc.createElement("p");
    tools.className = "preview-tools";
    const go = doc.createElement("a");
    go.href = link.href;
    const what = link.matches(".footnote-ref") ? words.footnote : link.matches(".quarto-xref") ? link.textContent.trim() : words.reference;
    go.textContent = words.go_to.replace("{what}", what);
    go.addEventListener("click", hide);
    const close = doc.createElement("button");
    close.type = "button";
    close.textContent = words.close;
    close.addEventListener("click", dismiss);
    tools.append(go, close);
    box.append(tools);
    box.setAttribute("role", "dialog");
    box.setAttribute("aria-label", words.preview);
    go.focus({ preventScroll: true });
  }
  function place(link) {
    const at = link.getClientRects()[0];
    const size = box.getBoundingClientRect();
    const left = Math.min(Math.max(8, at.left - 16), innerWidth - size.width - 8);
    const below = at.bottom + 8 + size.height < innerHeight || at.top < size.height + 70;
    box.style.left = left + "px";
    box.style.top = (below ? Math.min(at.bottom + 8, innerHeight - size.height - 8) : at.top - size.height - 8) + "px";
  }
  function hide() {
    clearTimeout(timer);
    shownFor?.removeAttribute("aria-describedby");
    shownFor = null;
    box.hidden = true;
    box.removeAttribute("style");
  }
  function dismiss() {
    const from = shownFor;
    const held = box.contains(doc.activeElement);
    hide();
    if (held) from.focus({ preventScroll: true });
  }
  function hideSoon() {
    clearTimeout(timer);
    if (!byTap()) timer = setTimeout(() => { if (!box.matches(":hover") && !shownFor?.matches(":hover, :focus-visible")) hide(); }, 250);
  }

  main.addEventListener("pointerdown", (event) => { touched = event.pointerType === "touch"; });
  main.addEventListener("mouseover", function (event) {
    const link = event.target.closest(KINDS);
    if (!link || touched) return;
    clearTimeout(timer);
    timer = setTimeout(() => show(link, "hover"), 180);
  });
  main.addEventListener("mouseout", (event) => { if (event.target.closest(KINDS)) hideSoon(); });
  box.addEventListener("mouseleave", hideSoon);
  main.addEventListener("focusin", function (event) {
    const link = event.target.closest(KINDS);
    if (link?.matches(":focus-visible") && !touched) show(link, "focus");
  });
  main.addEventListener("focusout", () => { if (!byTap() && !box.matches(":hover")) hide(); });
  main.addEventListener("click", function (event) {
    const link = event.target.closest(KINDS);
    if (!link) return;
    if (!touched || shownFor === link || event.ctrlKey || event.metaKey) {
      hide();
      return;
    }
    event.preventDefault(); // the first tap shows; its "Go to" follows, and so does a second tap
    show(link, "tap").then(() => { if (shownFor !== link) location.href = link.href; });
  });
  doc.addEventListener("pointerdown", (event) => { if (shownFor && !box.contains(event.target) && !event.target.closest(KINDS)) hide(); });
  doc.addEventListener("keydown", (event) => { if (event.key === "Escape" && shownFor) dismiss(); });
  // The page scrolls when the focus comes to a link out of sight: the preview goes along.
  addEventListener("scroll", function () {
    if (!shownFor || byTap()) return;
    if (shownFor.matches(":focus-visible")) place(shownFor);
    else hide();
  }, { passive: true });
})();
