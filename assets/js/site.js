// What every page does at run time: mathematics, colours, the section in view, links to places, notes at the
// margin, the citation dialog. Without it the page is complete to read; nothing here is needed for content.
(function () {
  "use strict";
  const doc = document;
  const main = doc.querySelector("main") || doc.body;
  const wordsAt = doc.getElementById("site-words");
  const words = wordsAt ? JSON.parse(wordsAt.textContent) : {};
  const said = doc.getElementById("said");

  function say(text) {
    if (said) said.textContent = text;
  }

  // MathML was made at build time; the TeX that it stands for is what a reader without scripts sees.
  for (const span of main.querySelectorAll("span.math[data-mathml]")) {
    const parsed = new DOMParser().parseFromString(span.dataset.mathml, "text/html").querySelector("math");
    if (parsed) span.replaceChildren(doc.importNode(parsed, true));
  }

  // Only what really scrolls takes a tab stop.
  function tabStops() {
    for (const box of doc.querySelectorAll(".table-scroll, main pre")) {
      const scrolls = box.scrollWidth > box.clientWidth + 1;
      if (scrolls) box.tabIndex = 0;
      else box.removeAttribute("tabindex");
      if (box.matches(".table-scroll")) {
        if (scrolls) box.setAttribute("role", "region");
        else box.removeAttribute("role");
      }
    }
  }
  const labels = new WeakMap();
  for (const box of doc.querySelectorAll(".table-scroll")) labels.set(box, box.getAttribute("aria-label"));
  function nameRegions() {
    for (const box of doc.querySelectorAll(".table-scroll")) {
      if (box.hasAttribute("role") && labels.get(box)) box.setAttribute("aria-label", labels.get(box));
      else box.removeAttribute("aria-label");
    }
  }

  // Colours: as the system, light, dark.
  const themeButton = doc.getElementById("theme-button");
  if (themeButton && window.paperTheme) {
    const order = ["auto", "light", "dark"];
    const show = function (choice) {
      themeButton.setAttribute("aria-label", words["theme_" + choice]);
      themeButton.title = words["theme_" + choice];
    };
    show(window.paperTheme.read());
    themeButton.addEventListener("click", function () {
      const next = order[(order.indexOf(window.paperTheme.read()) + 1) % order.length];
      window.paperTheme.set(next);
      show(next);
      say(words["theme_" + next]);
    });
  }

  // The section in view is marked in the contents.
  const tocLinks = new Map();
  for (const link of doc.querySelectorAll("#TOC a[href*='#']")) {
    tocLinks.set(decodeURIComponent(link.hash.slice(1)), link);
  }
  const sections = [...tocLinks.keys()].map((id) => doc.getElementById(id)).filter(Boolean);
  let here = null;
  function markHere() {
    const line = 140;
    let found = null;
    for (const section of sections) {
      if (section.getBoundingClientRect().top <= line) found = section;
    }
    if (innerHeight + scrollY >= doc.documentElement.scrollHeight - 4 && sections.length) {
      found = sections[sections.length - 1];
    }
    if (found === here) return;
    if (here) {
      tocLinks.get(here.id).classList.remove("here");
      tocLinks.get(here.id).removeAttribute("aria-current");
    }
    here = found;
    if (here) {
      tocLinks.get(here.id).classList.add("here");
      tocLinks.get(here.id).setAttribute("aria-current", "location");
    }
  }
  if (sections.length) {
    let waiting = false;
    addEventListener("scroll", function () {
      if (waiting) return;
      waiting = true;
      requestAnimationFrame(function () { waiting = false; markHere(); });
    }, { passive: true });
    markHere();
  }
  // Following a link in the drawer closes it.
  const contents = doc.getElementById("contents");
  if (contents && contents.hidePopover) {
    contents.addEventListener("click", function (event) {
      if (event.target.closest("a") && contents.matches(":popover-open")) contents.hidePopover();
    });
  }

  // Links to headings, figures, tables and paragraphs.
  function anchor(id, label, where, mark) {
    const link = doc.createElement("a");
    link.className = "anchor";
    link.href = "#" + encodeURIComponent(id);
    link.setAttribute("aria-label", label);
    link.textContent = mark;
    link.addEventListener("click", function () {
      const address = location.href.split("#")[0] + "#" + id;
      if (navigator.clipboard && isSecureContext) {
        navigator.clipboard.writeText(address).then(() => say(words.link_copied), () => {});
      }
    });
    where.append(link);
    return link;
  }
  if (words.link_section) {
    for (const heading of main.querySelectorAll("h2, h3, h4, section > h1")) {
      const holder = heading.id ? heading : heading.closest("section[id]");
      if (!holder || heading.closest(".callout, .footnotes") || holder.querySelector("h1, h2, h3, h4") !== heading && holder !== heading) continue;
      anchor(holder.id, words.link_section + ": " + heading.textContent.trim(), heading, "#");
    }
    for (const caption of main.querySelectorAll("figcaption")) {
      const holder = caption.closest("[id^='fig-'], [id^='tbl-']");
      if (!holder) continue;
      const kind = holder.id.startsWith("tbl-") ? words.link_table : words.link_figure;
      anchor(holder.id, kind + ": " + caption.textContent.trim().split(":")[0], caption, "#");
    }
    // A paragraph's link appears under the mouse; from the keyboard, "Cite" gives the place that is being read.
    for (const paragraph of main.querySelectorAll("p[id^='p-']")) {
      paragraph.addEventListener("pointerenter", function () {
        if (paragraph.closest("td, li, .callout, blockquote") || paragraph.querySelector(".anchor")) return;
        anchor(paragraph.id, words.link_paragraph, paragraph, "¶").tabIndex = -1;
      }, { once: true });
    }
  }

  // Footnotes stand beside the text where there is room; the list at the end stays.
  const roomForNotes = matchMedia("(min-width: 86rem)");
  let margin = null;
  function placeNotes() {
    if (margin) margin.remove();
    margin = null;
    if (!roomForNotes.matches || !main.id) return;
    const refs = [...main.querySelectorAll("a.footnote-ref")];
    if (!refs.length) return;
    margin = doc.createElement("div");
    margin.className = "margin-notes";
    margin.setAttribute("aria-hidden", "true");
    const from = main.getBoundingClientRect().top;
    const textRight = main.getBoundingClientRect().right - parseFloat(getComputedStyle(main).paddingRight);
    const walls = [...main.querySelectorAll(".table-scroll, .column-margin, [class*='column-page'], [class*='column-screen'], [class*='column-body-outset']")]
      .map((block) => block.getBoundingClientRect())
      .filter((box) => box.right > textRight + 2)
      .map((box) => [box.top - from, box.bottom - from]);
    main.append(margin);
    let free = 0;
    for (const ref of refs) {
      const note = doc.getElementById(decodeURIComponent(ref.hash.slice(1)));
      if (!note) continue;
      const box = doc.createElement("div");
      const number = doc.createElement("b");
      number.textContent = ref.textContent;
      box.append(number);
      for (const part of note.cloneNode(true).childNodes) {
        if (part.nodeType === 1) {
          for (const back of part.querySelectorAll(".footnote-back, .anchor")) back.remove();
          for (const named of part.querySelectorAll("[id]")) named.removeAttribute("id");
          for (const link of part.querySelectorAll("a, [tabindex]")) link.tabIndex = -1;
          box.append(...part.cloneNode(true).childNodes, " ");
        } else box.append(part.cloneNode(true));
      }
      margin.append(box);
      const height = box.offsetHeight;
      let top = Math.max(free, ref.getBoundingClientRect().top - from - 4);
      for (const [start, end] of walls) if (top < end + 8 && top + height > start - 8) top = end + 12;
      box.style.top = top + "px";
      free = top + height + 14;
    }
  }

  // "Cite this".
  const cite = doc.getElementById("cite");
  const citeButton = doc.getElementById("cite-button");
  if (cite && citeButton && cite.showModal) {
    citeButton.addEventListener("click", function () {
      const place = doc.getElementById("cite-place");
      if (place) place.textContent = location.href.split("#")[0] + placeRead();
      cite.showModal();
    });
    cite.addEventListener("click", function (event) {
      if (event.target === cite) cite.close();
      const button = event.target.closest("[data-copy]");
      if (button) copy(button, doc.getElementById(button.dataset.copy));
    });
  } else if (citeButton) citeButton.hidden = true;

  function placeRead() {
    let found = "";
    for (const place of main.querySelectorAll("section[id], p[id^='p-'], [id^='fig-'], [id^='tbl-']")) {
      if (place.getBoundingClientRect().top > innerHeight * 0.4) break;
      if (!place.closest(".footnotes")) found = "#" + place.id;
    }
    return scrollY > 80 ? found : "";
  }
  function copy(button, from) {
    const done = function (text) {
      button.textContent = text;
      say(text);
      setTimeout(() => { button.textContent = words.copy; }, 2000);
    };
    const select = function () { // no clipboard (http, a file): the text is selected, ready for the keyboard
      getSelection().selectAllChildren(from);
      done(words.copy_failed);
    };
    if (navigator.clipboard && isSecureContext) navigator.clipboard.writeText(from.textContent).then(() => done(words.copied), select);
    else select();
  }

  // A closed <details> that holds the target of a link opens.
  function reveal() {
    const target = location.hash && doc.getElementById(decodeURIComponent(location.hash.slice(1)));
    for (let box = target && target.closest("details"); box; box = box.parentElement && box.parentElement.closest("details")) box.open = true;
  }
  addEventListener("hashchange", reveal);
  reveal();

  function measure() {
    tabStops();
    nameRegions();
    placeNotes();
  }
  let timer = 0;
  addEventListener("resize", function () {
    clearTimeout(timer);
    timer = setTimeout(measure, 150);
  });
  measure();
  addEventListener("load", measure);
})();
