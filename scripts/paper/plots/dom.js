// A document for plotly.js where there is no browser: the tree, its styles and its selectors, as far as D3 and
// Plotly ask for them. What a drawing measures (boxes, lengths) is in geometry.js, pixels are in canvas.js.
(function (global) {
  "use strict";
  const SVG = "http://www.w3.org/2000/svg";
  const HTML = "http://www.w3.org/1999/xhtml";
  const kebab = (name) => name.replace(/[A-Z]/g, (letter) => "-" + letter.toLowerCase());

  class EventTarget {
    addEventListener() {}
    removeEventListener() {}
    dispatchEvent() { return true; }
  }

  class Node extends EventTarget {
    constructor(type, name) {
      super();
      this.nodeType = type;
      this.nodeName = name;
      this.parentNode = null;
      this.childNodes = [];
    }
    get ownerDocument() { return document; }
    get parentElement() { return this.parentNode instanceof Element ? this.parentNode : null; }
    get firstChild() { return this.childNodes[0] || null; }
    get lastChild() { return this.childNodes[this.childNodes.length - 1] || null; }
    get nextSibling() { return this.sibling(1); }
    get previousSibling() { return this.sibling(-1); }
    get isConnected() { return document.contains(this); }
    sibling(step) {
      const all = this.parentNode ? this.parentNode.childNodes : [];
      return all[all.indexOf(this) + step] || null;
    }
    hasChildNodes() { return this.childNodes.length > 0; }
    appendChild(node) { return this.insertBefore(node, null); }
    append(...nodes) { for (const node of nodes) this.appendChild(typeof node === "string" ? new Text(node) : node); }
    insertBefore(node, before) {
      if (node.nodeType === 11) {
        for (const child of [...node.childNodes]) this.insertBefore(child, before);
        return node;
      }
      if (node === before) return node;
      node.remove();
      const at = before ? this.childNodes.indexOf(before) : -1;
      if (at < 0) this.childNodes.push(node);
      else this.childNodes.splice(at, 0, node);
      node.parentNode = this;
      return node;
    }
    replaceChild(node, old) {
      this.insertBefore(node, old);
      return this.removeChild(old);
    }
    removeChild(node) {
      const at = this.childNodes.indexOf(node);
      if (at >= 0) this.childNodes.splice(at, 1);
      node.parentNode = null;
      return node;
    }
    remove() { if (this.parentNode) this.parentNode.removeChild(this); }
    contains(node) {
      for (; node; node = node.parentNode) if (node === this) return true;
      return false;
    }
    // Only "does this one come before that one", as D3 asks when it sorts.
    compareDocumentPosition(other) {
      const path = (node) => (node ? [...path(node.parentNode), node] : []);
      const [mine, its] = [path(this), path(other)];
      let depth = 0;
      while (depth < mine.length && mine[depth] === its[depth]) depth++;
      if (depth === mine.length) return 20;
      if (depth === its.length) return 10;
      const all = mine[depth - 1] ? mine[depth - 1].childNodes : [];
      return all.indexOf(mine[depth]) < all.indexOf(its[depth]) ? 4 : 2;
    }
    get textContent() { return this.childNodes.map((node) => node.textContent).join(""); }
    set textContent(text) {
      for (const node of [...this.childNodes]) this.removeChild(node);
      if (text !== "" && text != null) this.appendChild(new Text(String(text)));
    }
    querySelector(selector) { return this.querySelectorAll(selector)[0] || null; }
    querySelectorAll(selector) {
      const given = parsed(selector);
      return [...elements(this)].filter((element) => given.some((steps) => fits(element, steps, this)));
    }
    getElementsByTagName(name) { return this.querySelectorAll(name); }
    getElementsByClassName(names) { return this.querySelectorAll(names.trim().split(/\s+/).map((name) => "." + name).join("")); }
  }

  class Text extends Node {
    constructor(text) { super(3, "#text"); this.data = text; }
    get nodeValue() { return this.data; }
    set nodeValue(text) { this.data = text; }
    get textContent() { return this.data; }
    set textContent(text) { this.data = String(text); }
    cloneNode() { return new Text(this.data); }
  }

  class DocumentFragment extends Node {
    constructor() { super(11, "#document-fragment"); }
  }

  class CSSStyleDeclaration {
    constructor() { this.values = new Map(); }
    setProperty(name, value, priority) {
      if (value == null || value === "") this.values.delete(name);
      else this.values.set(name, String(value) + (priority ? " !" + priority : ""));
    }
    getPropertyValue(name) { return (this.values.get(name) || "").replace(/ !important$/, ""); }
    getPropertyPriority(name) { return / !important$/.test(this.values.get(name) || "") ? "important" : ""; }
    removeProperty(name) { this.values.delete(name); }
    get cssText() { return [...this.values].map(([name, value]) => name + ": " + value + ";").join(" "); }
    set cssText(text) {
      this.values.clear();
      // A semicolon within brackets or quotes (an address of data) ends nothing.
      for (const part of String(text).match(/(?:[^;("']|\([^)]*\)|"[^"]*"|'[^']*')+/g) || []) {
        const at = part.indexOf(":");
        if (at > 0) this.setProperty(part.slice(0, at).trim(), part.slice(at + 1).trim());
      }
    }
  }
  const styleHandler = {
    get(target, name) {
      if (typeof name !== "string" || name in target) {
        const value = target[name];
        return typeof value === "function" ? value.bind(target) : value;
      }
      return target.getPropertyValue(kebab(name));
    },
    set(target, name, value) {
      if (name in target) target[name] = value;
      else target.setProperty(kebab(name), value);
      return true;
    },
  };

  class Element extends Node {
    constructor(namespace, name) {
      super(1, namespace === HTML ? name.toUpperCase() : name);
      this.namespaceURI = namespace;
      this.localName = name;
      this.given = new Map();
      this.rules = new CSSStyleDeclaration();
      this.style = new Proxy(this.rules, styleHandler);
      const element = this;
      this.classList = {
        get all() { return (element.getAttribute("class") || "").split(/\s+/).filter(Boolean); },
        contains(name) { return this.all.includes(name); },
        add(...names) { element.setAttribute("class", [...new Set([...this.all, ...names])].join(" ")); },
        remove(...names) { element.setAttribute("class", this.all.filter((name) => !names.includes(name)).join(" ")); },
        toggle(name, on) { (on === undefined ? !this.contains(name) : on) ? this.add(name) : this.remove(name); },
      };
    }
    get tagName() { return this.nodeName; }
    get children() { return this.childNodes.filter((node) => node.nodeType === 1); }
    get id() { return this.getAttribute("id") || ""; }
    set id(value) { this.setAttribute("id", value); }
    get className() { return this.getAttribute("class") || ""; }
    set className(value) { this.setAttribute("class", value); }
    get attributes() {
      return [...this.names()].map((name) => ({ name, value: this.getAttribute(name) }));
    }
    names() { return this.rules.values.size ? [...this.given.keys(), "style"] : [...this.given.keys()]; }
    getAttribute(name) {
      if (name === "style") return this.rules.values.size ? this.rules.cssText : null;
      const value = this.given.get(name);
      return value === undefined ? null : value;
    }
    setAttribute(name, value) {
      if (name === "style") this.rules.cssText = value;
      else this.given.set(name, String(value));
    }
    hasAttribute(name) { return this.getAttribute(name) !== null; }
    removeAttribute(name) {
      if (name === "style") this.rules.values.clear();
      else this.given.delete(name);
    }
    getAttributeNS(_, name) { return this.getAttribute(name) ?? this.getAttribute("xlink:" + name); }
    setAttributeNS(namespace, name, value) {
      const prefix = /xlink$/.test(namespace || "") && !name.includes(":") ? "xlink:" : "";
      this.setAttribute(prefix + name, value);
    }
    removeAttributeNS(_, name) { this.removeAttribute(name); this.removeAttribute("xlink:" + name); }
    matches(selector) { return parsed(selector).some((steps) => fits(this, steps, null)); }
    closest(selector) {
      for (let node = this; node instanceof Element; node = node.parentNode) if (node.matches(selector)) return node;
      return null;
    }
    cloneNode(deep) {
      const copy = create(this.namespaceURI, this.localName);
      for (const [name, value] of this.given) copy.given.set(name, value);
      for (const [name, value] of this.rules.values) copy.rules.values.set(name, value);
      if (deep) for (const node of this.childNodes) copy.appendChild(node.cloneNode(true));
      return copy;
    }
    get innerHTML() { return this.childNodes.map(written).join(""); }
    // Plotly sets HTML only to have an entity decoded.
    set innerHTML(text) { this.textContent = String(text).replace(/<[^>]*>/g, "").replace(/&(#?\w+);/g, entity); }
    get outerHTML() { return written(this); }
    get ownerSVGElement() { return this.parentNode instanceof Element ? this.parentNode.closest("svg") : null; }
    get transform() { return { baseVal: { consolidate: () => consolidated(this) } }; }
    focus() {}
    blur() {}
  }

  function consolidated(element) {
    const matrix = global.geometry.matrix(element.getAttribute("transform"));
    const [a, b, c, d, e, f] = matrix;
    return element.hasAttribute("transform") ? { matrix: { a, b, c, d, e, f } } : null;
  }

  const NAMED = { amp: "&", lt: "<", gt: ">", quot: "\"", apos: "'", nbsp: "\u00a0", mu: "μ", times: "×", plusmn: "±", deg: "°", minus: "−", ndash: "–", mdash: "—", hellip: "…", middot: "·", sup2: "²", sup3: "³", euro: "€", alpha: "α", beta: "β", gamma: "γ", delta: "δ", Delta: "Δ", sigma: "σ", Sigma: "Σ", le: "≤", ge: "≥", ne: "≠", rarr: "→", larr: "←" };
  function entity(whole, name) {
    if (name[0] !== "#") return NAMED[name] || whole;
    return String.fromCodePoint(/^#x/i.test(name) ? parseInt(name.slice(2), 16) : parseInt(name.slice(1), 10));
  }

  const escaped = (text) => text.replace(/&/g, "&amp;").replace(/</g, "&lt;").replace(/>/g, "&gt;");
  function written(node) {
    if (node.nodeType === 3) return escaped(node.data);
    const pairs = node.attributes.map(({ name, value }) => " " + name + "=\"" + escaped(value).replace(/"/g, "&quot;") + "\"");
    return "<" + node.localName + pairs.join("") + ">" + node.childNodes.map(written).join("") + "</" + node.localName + ">";
  }

  function* elements(node) {
    for (const child of node.childNodes) {
      if (child.nodeType !== 1) continue;
      yield child;
      yield* elements(child);
    }
  }

  // -- selectors: tag, #id, .class, [name], [name="value"] and its kin, :first-child, :last-child, :not(…); descendant, > and lists
  const known = new Map();
  function parsed(selector) {
    if (!known.has(selector)) known.set(selector, split(selector, /,/).map(steps));
    return known.get(selector);
  }
  function split(text, mark) {
    const parts = [""];
    let depth = 0;
    for (const sign of text) {
      if ("([".includes(sign)) depth++;
      if (")]".includes(sign)) depth--;
      if (!depth && mark.test(sign)) parts.push("");
      else parts[parts.length - 1] += sign;
    }
    return parts.map((part) => part.trim()).filter(Boolean);
  }
  function steps(selector) {
    const found = [];
    let way = " ";
    for (const part of split(selector.replace(/\s*>\s*/g, " > "), /\s/)) {
      if (part === ">") way = ">";
      else {
        found.push({ way, tests: tests(part) });
        way = " ";
      }
    }
    return found;
  }
  function tests(compound) {
    const marks = compound.match(/:not\([^)]*\)|:[\w-]+(?:\([^)]*\))?|\[[^\]]*\]|[.#]?(?:\\.|[\w-])+|\*/g) || [];
    return marks.map(function (mark) {
      const name = mark.slice(1).replace(/\\/g, "");
      if (mark === "*") return () => true;
      if (mark[0] === ".") return (e) => (e.getAttribute("class") || "").split(/\s+/).includes(name);
      if (mark[0] === "#") return (e) => e.getAttribute("id") === name;
      if (mark[0] === "[") {
        const [, key, way, , value] = mark.match(/^\[\s*([\w:-]+)\s*(?:([~^$*]?)=\s*(["']?)(.*?)\3\s*)?\]$/);
        const holds = {
          "": (given) => given === value, "~": (given) => given.split(/\s+/).includes(value),
          "^": (given) => given.startsWith(value), "$": (given) => given.endsWith(value), "*": (given) => given.includes(value),
        }[way || ""];
        return (e) => e.hasAttribute(key) && (value === undefined || holds(e.getAttribute(key)));
      }
      if (mark.startsWith(":not(")) {
        const inner = tests(mark.slice(5, -1));
        return (e) => !inner.every((test) => test(e));
      }
      if (mark === ":first-child") return (e) => e.parentNode.children[0] === e;
      if (mark === ":last-child") return (e) => e.parentNode.children.at(-1) === e;
      if (mark[0] === ":") return () => false; // what depends on a pointer is never so here
      return (e) => e.localName.toLowerCase() === mark.toLowerCase();
    });
  }
  function fits(element, steps, scope, at = steps.length - 1) {
    if (!steps[at].tests.every((test) => test(element))) return false;
    if (at === 0) return true;
    for (let up = element.parentNode; up instanceof Element; up = up.parentNode) {
      if (fits(up, steps, scope, at - 1)) return true;
      if (steps[at].way === ">") return false;
    }
    return false;
  }

  // -- the document, and the window around it
  function create(namespace, name) {
    if (name === "canvas") return new global.Canvas();
    return new Element(namespace, name);
  }
  class Document extends Node {
    constructor() { super(9, "#document"); this.readyState = "complete"; }
    get ownerDocument() { return null; }
    get defaultView() { return global; }
    createElement(name) { return create(HTML, name.toLowerCase()); }
    createElementNS(namespace, name) { return create(namespace, name); }
    createTextNode(text) { return new Text(String(text)); }
    createDocumentFragment() { return new DocumentFragment(); }
    getElementById(id) { return [...elements(this)].find((element) => element.getAttribute("id") === id) || null; }
    importNode(node, deep) { return node.cloneNode(deep); }
  }

  const timers = [];
  let ticket = 0;
  function later(work, _, ...given) {
    timers.push({ id: ++ticket, work, given });
    return ticket;
  }
  function cancel(id) {
    const at = timers.findIndex((timer) => timer.id === id);
    if (at >= 0) timers.splice(at, 1);
  }
  // Does what waits for its time, in order; time itself stands still, so that drawings are the same on each run.
  global.runTimers = function () {
    const now = timers.splice(0);
    for (const timer of now) timer.work(...timer.given);
    return now.length;
  };

  // The viewer's styles that Plotly reads back: fonts and boxes of its container.
  const INHERITED = /^(font|fill$|text-anchor$|color$)/;
  function getComputedStyle(element) {
    return new Proxy({}, {
      get(_, name) {
        if (name === "getPropertyValue") return (key) => styled(element, key);
        return typeof name === "string" ? styled(element, kebab(name)) : undefined;
      },
    });
  }
  const INITIAL = { display: "block", transform: "none", "font-size": "16px", "image-rendering": "pixelated" };
  function styled(element, name) {
    for (let node = element; node instanceof Element; node = node.parentNode) {
      const value = node.rules.getPropertyValue(name) || node.getAttribute(name);
      if (value) return value;
      if (!INHERITED.test(name)) break;
    }
    return INITIAL[name] || "";
  }

  const document = new Document();
  document.documentElement = document.appendChild(document.createElement("html"));
  document.head = document.documentElement.appendChild(document.createElement("head"));
  document.body = document.documentElement.appendChild(document.createElement("body"));
  document.activeElement = document.body;

  const base64 = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  function atob(text) {
    let bits = 0, size = 0, out = "";
    for (const sign of text.replace(/[=\s]/g, "")) {
      bits = (bits << 6) | base64.indexOf(sign);
      size += 6;
      if (size >= 8) {
        size -= 8;
        out += String.fromCharCode((bits >> size) & 255);
      }
    }
    return out;
  }
  function btoa(text) {
    let out = "";
    for (let at = 0; at < text.length; at += 3) {
      const [a, b, c] = [0, 1, 2].map((step) => text.charCodeAt(at + step) || 0);
      const bits = (a << 16) | (b << 8) | c;
      const signs = [18, 12, 6, 0].map((shift) => base64[(bits >> shift) & 63]);
      for (let gap = at + 3 - text.length; gap > 0; gap--) signs[4 - gap] = "=";
      out += signs.join("");
    }
    return out;
  }

  // Random numbers that are the same on each run: Plotly names its clip paths with them.
  let state = 1;
  global.seedRandom = (seed) => { state = seed >>> 0 || 1; };
  Math.random = function () { // xorshift32 (Marsaglia 2003, doi.org/10.18637/jss.v008.i14)
    state ^= state << 13;
    state >>>= 0;
    state ^= state >>> 17;
    state ^= state << 5;
    state >>>= 0;
    return state / 4294967296;
  };

  Object.assign(global, {
    window: global, self: global, document, EventTarget, Node, Text, Element, DocumentFragment, CSSStyleDeclaration,
    HTMLElement: Element, SVGElement: Element, Document, getComputedStyle, atob, btoa,
    navigator: { userAgent: "V8", platform: "", language: "en" },
    location: { href: "about:blank", protocol: "about:", hash: "", search: "", pathname: "blank" },
    console: { log() {}, warn() {}, error() {}, info() {}, debug() {}, trace() {} },
    URL: { createObjectURL: () => "", revokeObjectURL() {} },
    Event: class { constructor(type) { this.type = type; } }, CustomEvent: class { constructor(type) { this.type = type; } },
    XMLSerializer: class { serializeToString(node) { return written(node); } },
    // Asked for when the library is loaded, by parts that no drawing here uses (maps, texts in TeX).
    DOMParser: class {}, Blob: class {}, Worker: class {}, TextDecoder: class {}, TextEncoder: class {},
    performance: { now: () => 0 }, innerWidth: 1200, innerHeight: 900, devicePixelRatio: 1, scrollX: 0, scrollY: 0,
    setTimeout: later, setInterval: () => 0, requestAnimationFrame: later,
    clearTimeout: cancel, clearInterval: cancel, cancelAnimationFrame: cancel,
    queueMicrotask: (work) => Promise.resolve().then(work),
    matchMedia: () => ({ matches: false, addEventListener() {}, addListener() {} }),
    addEventListener() {}, removeEventListener() {}, dispatchEvent() { return true; }, getSelection: () => null,
  });
})(globalThis);
