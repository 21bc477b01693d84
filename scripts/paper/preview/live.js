// In a preview only: renews what has changed of the page, where it stands, and shows what is wrong above it until it
// is mended. What is open stays open: only elements that are served otherwise than before are touched.
(function () {
  "use strict";
  const page = decodeURIComponent(location.pathname).replace(/^\//, "").replace(/(^|\/)$/, "$1index.html");
  let shown = document.currentScript.dataset.shown;
  let overlay = null;
  let wait = 250;

  // The page as it was served, and for each of its nodes the one that is shown. This script is the first that runs:
  // others add to what is shown, and are to find it as they left it.
  let served = document.body.cloneNode(true);
  const head = document.head.cloneNode(true);
  const live = new WeakMap();
  pair(served, document.body);

  function pair(source, target) {
    live.set(source, target);
    source.childNodes.forEach((child, at) => pair(child, target.childNodes[at]));
  }
  // The nodes of one tree stand for those of another that is the same.
  function carry(old, fresh) {
    live.set(fresh, live.get(old));
    fresh.childNodes.forEach((child, at) => carry(old.childNodes[at], child));
  }

  // What scripts have laid out anew is renewed as a whole.
  const WHOLE = "svg, math, iframe, .math, .table-scroll, .paper-figure";
  const BESIDE = ".table-bar, .table-fold"; // that a script puts beside a table

  function renew(old, fresh, inserted) {
    const target = live.get(old);
    live.set(fresh, target);
    for (const { name } of [...old.attributes]) if (!fresh.hasAttribute(name)) target.removeAttribute(name);
    for (const { name, value } of fresh.attributes) {
      if (old.getAttribute(name) !== value) target.setAttribute(name, value);
    }
    const before = [...old.childNodes];
    const after = [...fresh.childNodes];
    const partner = matched(before, after);
    const kept = new Set(partner.values());
    for (const node of before) if (!kept.has(node)) remove(node);
    let last = null; // the node that is shown before the next
    for (const node of after) {
      const same = partner.get(node);
      if (!same) {
        const copy = document.importNode(node, true);
        pair(node, copy);
        if (last) last.after(copy);
        else target.prepend(copy);
        if (copy.nodeType === Node.ELEMENT_NODE) inserted.push(copy);
      } else if (same.isEqualNode(node)) carry(same, node);
      else if (node.nodeType === Node.ELEMENT_NODE) renew(same, node, inserted);
      else {
        live.set(node, live.get(same));
        live.get(same).data = node.data;
      }
      last = live.get(node);
      if (last.parentNode !== target) throw new Error("a script has moved what is to be renewed");
    }
  }

  function remove(node) {
    const target = live.get(node);
    for (const beside of [target.previousElementSibling, target.nextElementSibling]) {
      if (beside && target.matches?.(".table-scroll") && beside.matches(BESIDE)) beside.remove();
    }
    target.remove();
  }

  // For each node its counterpart before: the same one, else one of the same kind between two that are the same.
  function matched(before, after) {
    const result = new Map();
    let start = 0;
    while (start < before.length && start < after.length && before[start].isEqualNode(after[start])) {
      result.set(after[start], before[start]);
      start += 1;
    }
    let ends = [before.length, after.length];
    while (ends[0] > start && ends[1] > start && before[ends[0] - 1].isEqualNode(after[ends[1] - 1])) {
      ends = [ends[0] - 1, ends[1] - 1];
      result.set(after[ends[1]], before[ends[0]]);
    }
    let at = start;
    let gap = [];
    const close = function (until) {
      for (const node of gap) {
        const found = before.slice(at, until).findIndex((other) => alike(other, node));
        if (found < 0) continue;
        result.set(node, before[at + found]);
        at += found + 1;
      }
      gap = [];
    };
    for (const node of after.slice(start, ends[1])) {
      const same = node.textContent.trim() ? before.slice(at, ends[0]).findIndex((other) => other.isEqualNode(node)) : -1;
      if (same < 0) {
        gap.push(node);
        continue;
      }
      const place = at + same;
      close(place);
      result.set(node, before[place]);
      at = place + 1;
    }
    close(ends[0]);
    return result;
  }
  function alike(one, other) {
    if (one.nodeName !== other.nodeName) return false;
    return one.nodeType !== Node.ELEMENT_NODE || (!one.matches(WHOLE) && (one.tagName === "P" || one.id === other.id));
  }

  async function update() {
    try {
      const answer = await fetch(location.pathname);
      const fresh = new DOMParser().parseFromString(await answer.text(), "text/html");
      const script = fresh.querySelector("script[data-shown]");
      if (!answer.ok || ![...asked(fresh.head)].every((address) => asked(head).has(address))) return location.reload();
      const body = document.adoptNode(fresh.body);
      const inserted = [];
      renew(served, body, inserted);
      served = body;
      shown = script.dataset.shown;
      document.title = fresh.title;
      for (const element of inserted) {
        if (element.isConnected) element.dispatchEvent(new Event("paper:inserted", { bubbles: true }));
      }
      dispatchEvent(new Event("resize")); // what stands beside the text is placed anew
    } catch (error) {
      console.warn(error);
      location.reload();
    }
  }
  // Styles, scripts and rules of safety: a page that needs another one is loaded as a whole.
  function asked(part) {
    const kinds = "link[rel=stylesheet], script[src], meta[http-equiv]";
    return new Set([...part.querySelectorAll(kinds)].map((e) => e.getAttribute("href") || e.getAttribute("src") || e.content));
  }

  function hide() {
    if (overlay) overlay.remove();
    overlay = null;
  }

  function show(problems) {
    hide();
    overlay = document.createElement("section");
    overlay.id = "preview-problems";
    overlay.setAttribute("role", "alert");
    for (const problem of problems) {
      for (const part of ["place", "message", "detail", "remedy"]) {
        if (!problem[part]) continue;
        const line = document.createElement(part === "detail" ? "pre" : "p");
        line.className = part;
        line.textContent = problem[part];
        overlay.append(line);
      }
    }
    document.body.append(overlay);
  }

  let working = Promise.resolve();
  function connect() {
    const socket = new WebSocket("ws://" + location.host + "/__paper/live");
    window.paperPreview = socket;
    socket.addEventListener("open", function () {
      wait = 250;
      socket.send(JSON.stringify({ page: page, shown: shown }));
    });
    socket.addEventListener("message", function (event) {
      const said = JSON.parse(event.data);
      if (said.problems.length) return show(said.problems);
      hide();
      if (said.look) return location.reload();
      for (const image of document.images) {
        const address = new URL(image.src);
        if (!said.changed.includes(decodeURIComponent(address.pathname).slice(1))) continue;
        address.search = Date.now();
        image.src = address;
      }
      if (said.changed.includes(page)) working = working.then(update);
    });
    socket.addEventListener("close", function () {
      setTimeout(connect, wait);
      wait = Math.min(wait * 2, 5000);
    });
  }
  connect();
})();
