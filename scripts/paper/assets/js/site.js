// What every page does at run time: mathematics, colours, the section in view, links to places, notes at the
// margin, the citation dialog. Without it the page is complete to read; nothing here is needed for content.
(function () {
  "use strict";
  const doc = document;
  const main = doc.querySelector("main");
  const words = JSON.parse(doc.getElementById("site-words").textContent);
  const said = doc.getElementById("said");
  const named = (hash) => doc.getElementById(decodeURIComponent(hash.slice(1)));

  // What is to be done for a part of the page: for the whole when it opens, for what a preview puts in later.
  const all = (part, kinds) => [...(part.matches(kinds) ? [part] : []), ...part.querySelectorAll(kinds)];
  function enhance(part) {
    showMathematics(part);
    anchors(part);
  }

  // MathML was made at build time; the TeX that it stands for is what a reader without scripts sees.
  function showMathematics(part) {
    for (const span of all(part, "span.math[data-mathml]")) {
      const parsed = new DOMParser().parseFromString(span.dataset.mathml, "text/html").querySelector("math");
      if (parsed) span.replaceChildren(doc.importNode(parsed, true));
    }
  }

  // Colours: as the system, light, dark.
  const themeButton = doc.getElementById("theme-button");
  const choices = ["auto", "light", "dark"];
  let choice = window.paperTheme.read();
  function nameTheme() {
    themeButton.setAttribute("aria-label", words["theme_" + choice]);
    themeButton.title = words["theme_" + choice];
  }
  nameTheme();
  themeButton.addEventListener("click", function () {
    choice = choices[(choices.indexOf(choice) + 1) % choices.length];
    window.paperTheme.set(choice);
    nameTheme();
    said.textContent = words["theme_" + choice];
  });

  // The section in view is marked in the contents.
  const tocLinks = new Map();
  function readContents() {
    tocLinks.clear();
    for (const link of doc.querySelectorAll("#TOC a")) {
      const section = named(link.hash);
      if (section) tocLinks.set(section, link);
    }
  }
  readContents();
  let here = null; // the link of the section in view
  function markHere() {
    const sections = [...tocLinks.keys()];
    const atEnd = innerHeight + scrollY >= doc.documentElement.scrollHeight - 4;
    const passed = sections.filter((section) => section.getBoundingClientRect().top <= 140);
    const found = tocLinks.get((atEnd ? sections : passed).at(-1)) || null;
    if (found === here) return;
    if (here) {
      here.classList.remove("here");
      here.removeAttribute("aria-current");
    }
    if (found) {
      found.classList.add("here");
      found.setAttribute("aria-current", "location");
    }
    here = found;
  }
  let waiting = false;
  addEventListener("scroll", function () {
    if (waiting) return;
    waiting = true;
    requestAnimationFrame(function () { waiting = false; markHere(); });
  }, { passive: true });

  // Following a link in the drawer closes it.
  const contents = doc.getElementById("contents");
  if (contents) contents.addEventListener("click", function (event) {
    if (event.target.closest("a") && contents.matches(":popover-open")) contents.hidePopover();
  });

  // Links to headings, figures, tables and paragraphs.
  function anchor(id, label, where, sign) {
    const link = doc.createElement("a");
    link.className = "anchor";
    link.href = "#" + encodeURIComponent(id);
    link.setAttribute("aria-label", label);
    link.textContent = sign;
    link.addEventListener("click", function () {
      if (isSecureContext) navigator.clipboard.writeText(link.href).then(() => { said.textContent = words.link_copied; }, () => {});
    });
    where.append(link);
    return link;
  }
  function anchors(part) {
    for (const heading of all(part, "section[id] > :is(h1, h2, h3, h4):first-child")) {
      anchor(heading.parentElement.id, words.link_section + ": " + heading.textContent.trim(), heading, "#");
    }
    for (const caption of all(part, "figcaption")) {
      const holder = caption.closest("[id^='fig-'], [id^='tbl-']");
      if (!holder) continue;
      const kind = holder.id.startsWith("tbl-") ? words.link_table : words.link_figure;
      anchor(holder.id, kind + ": " + caption.textContent.trim().split(":")[0], caption, "#");
    }
    // A paragraph's link appears under the mouse; from the keyboard, "Cite" gives the place that is being read.
    for (const paragraph of all(part, "p[id^='p-']")) {
      if (paragraph.closest("td, li, .callout")) continue;
      paragraph.addEventListener("pointerenter", function () {
        anchor(paragraph.id, words.link_paragraph, paragraph, "¶").tabIndex = -1;
      }, { once: true });
    }
  }
  enhance(main);

  // "Cite this".
  const cite = doc.getElementById("cite");
  doc.getElementById("cite-button").addEventListener("click", function () {
    doc.getElementById("cite-place").textContent = location.href.split("#")[0] + placeRead();
    cite.showModal();
  });
  cite.addEventListener("click", function (event) {
    if (event.target === cite) cite.close();
    const button = event.target.closest("[data-copy]");
    if (button) copy(button, doc.getElementById(button.dataset.copy));
  });
  function placeRead() {
    if (scrollY < 80) return "";
    const places = [...main.querySelectorAll("section[id]:not(.footnotes), p[id^='p-'], [id^='fig-'], [id^='tbl-']")];
    const read = places.filter((place) => place.getBoundingClientRect().top <= innerHeight * 0.4).at(-1);
    return read ? "#" + read.id : "";
  }
  async function copy(button, from) {
    let done = words.copied;
    try {
      await navigator.clipboard.writeText(from.textContent);
    } catch { // no clipboard (http, a file, refused): the text is selected, ready for the keyboard
      getSelection().selectAllChildren(from);
      done = words.copy_failed;
    }
    button.textContent = said.textContent = done;
    setTimeout(() => { button.textContent = words.copy; }, 2000);
  }

  // A closed <details> that holds the target of a link opens.
  function reveal() {
    for (let box = location.hash && named(location.hash)?.closest("details"); box; box = box.parentElement.closest("details")) box.open = true;
  }
  addEventListener("hashchange", reveal);
  reveal();

  // Only what really scrolls is a region and takes a tab stop.
  const labels = new WeakMap();
  function tabStops() {
    for (const box of main.querySelectorAll(".table-scroll, pre")) {
      if (!labels.has(box)) labels.set(box, box.getAttribute("aria-label"));
      const label = labels.get(box);
      const scrolls = box.scrollWidth > box.clientWidth + 1 || box.scrollHeight > box.clientHeight + 1 || box.classList.contains("folded");
      const wanted = { tabindex: scrolls && "0", role: scrolls && label && "region", "aria-label": scrolls && label };
      for (const [name, value] of Object.entries(wanted)) {
        if (value) box.setAttribute(name, value);
        else box.removeAttribute(name);
      }
    }
  }

  // Footnotes stand beside the text where the style has room for them; the list at the end stays.
  const notes = doc.createElement("div");
  notes.className = "margin-notes";
  notes.setAttribute("aria-hidden", "true");
  function placeNotes() {
    notes.remove();
    notes.replaceChildren();
    const refs = [...main.querySelectorAll("a.footnote-ref")].filter((ref) => named(ref.hash)?.closest(".footnotes"));
    if (!refs.length || !parseFloat(getComputedStyle(doc.documentElement).getPropertyValue("--margin"))) return;
    main.append(notes);
    const text = main.getBoundingClientRect();
    const inTheWay = [...main.querySelectorAll(".table-scroll")]
      .map((box) => box.getBoundingClientRect())
      .filter((box) => box.right > text.right + 2);
    let free = 0;
    for (const ref of refs) {
      const box = noteBeside(ref);
      notes.append(box);
      let top = Math.max(free, ref.getBoundingClientRect().top - text.top - 4);
      for (const wall of inTheWay) {
        if (top < wall.bottom - text.top + 8 && top + box.offsetHeight > wall.top - text.top - 8) top = wall.bottom - text.top + 12;
      }
      box.style.top = top + "px";
      free = top + box.offsetHeight + 14;
    }
  }
  function noteBeside(ref) {
    const box = doc.createElement("div");
    const number = doc.createElement("b");
    number.textContent = ref.textContent;
    box.append(number);
    const note = named(ref.hash).cloneNode(true);
    for (const back of note.querySelectorAll(".footnote-back")) back.remove();
    for (const part of note.querySelectorAll("[id]")) part.removeAttribute("id");
    for (const link of note.querySelectorAll("a")) link.tabIndex = -1;
    for (const part of [...note.children]) box.append(...part.childNodes, " ");
    return box;
  }

  function measure() {
    tabStops();
    placeNotes();
    markHere();
  }
  let timer = 0;
  addEventListener("resize", function () {
    clearTimeout(timer);
    timer = setTimeout(measure, 150);
  });
  doc.addEventListener("toggle", measure, true);
  doc.addEventListener("paper:inserted", function (event) {
    if (main.contains(event.target)) enhance(event.target);
    readContents();
  });
  addEventListener("load", measure);
  measure();
})();
