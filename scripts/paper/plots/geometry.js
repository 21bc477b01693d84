// Boxes and lengths of SVG without a browser: texts by the widths of a typeface, shapes by their points.
(function (global) {
  "use strict";
  const IDENTITY = [1, 0, 0, 1, 0, 0];
  const numbers = (text) => (String(text || "").match(/[-+]?(?:\d+\.?\d*|\.\d+)(?:e[-+]?\d+)?/gi) || []).map(Number);
  let widths = {}; // of signs, in thousandths of the size; "": of any other
  let boldness = 1;

  const times = (m, n) => [
    m[0] * n[0] + m[2] * n[1], m[1] * n[0] + m[3] * n[1],
    m[0] * n[2] + m[2] * n[3], m[1] * n[2] + m[3] * n[3],
    m[0] * n[4] + m[2] * n[5] + m[4], m[1] * n[4] + m[3] * n[5] + m[5],
  ];
  const placed = (m, [x, y]) => [m[0] * x + m[2] * y + m[4], m[1] * x + m[3] * y + m[5]];

  function matrix(text) {
    let all = IDENTITY;
    for (const [, name, inner] of String(text || "").matchAll(/(\w+)\s*\(([^)]*)\)/g)) {
      const [a, b, c] = numbers(inner);
      const turn = ((a || 0) * Math.PI) / 180;
      const [cos, sin] = [Math.cos(turn), Math.sin(turn)];
      if (name === "translate") all = times(all, [1, 0, 0, 1, a || 0, b || 0]);
      if (name === "scale") all = times(all, [a, 0, 0, b === undefined ? a : b, 0, 0]);
      if (name === "matrix") all = times(all, numbers(inner));
      if (name === "skewX") all = times(all, [1, 0, Math.tan(turn), 1, 0, 0]);
      if (name === "skewY") all = times(all, [1, Math.tan(turn), 0, 1, 0, 0]);
      if (name === "rotate") {
        all = times(all, [1, 0, 0, 1, b || 0, c || 0]);
        all = times(all, [cos, sin, -sin, cos, 0, 0]);
        all = times(all, [1, 0, 0, 1, -(b || 0), -(c || 0)]);
      }
    }
    return all;
  }

  // -- texts
  function size(element) {
    const given = getComputedStyle(element).fontSize;
    const value = parseFloat(given);
    if (/%$/.test(given)) return (value / 100) * size(element.parentNode);
    if (/em$/.test(given)) return value * size(element.parentNode);
    return isNaN(value) ? 12 : value;
  }
  function bold(element) {
    const given = getComputedStyle(element).fontWeight;
    return given === "bold" || given === "bolder" || +given >= 600;
  }
  function advance(text, element) {
    let sum = 0;
    for (const sign of text) sum += sign in widths ? widths[sign] : widths[""];
    return (sum / 1000) * size(element) * (bold(element) ? boldness : 1);
  }
  const ems = (value, element) => (/em$/.test(value) ? parseFloat(value) * size(element) : parseFloat(value) || 0);

  // A text as runs on lines: each chunk that begins at a place of its own is anchored as a whole.
  function textPoints(text) {
    const chunks = [];
    const pen = { x: 0, y: 0 };
    const open = () => chunks.push({ x: pen.x, y: pen.y, width: 0, up: 0, down: 0, any: false }) && chunks.at(-1);
    let chunk = open();
    (function visit(element) {
      if (getComputedStyle(element).display === "none") return;
      const [x, y] = [element.getAttribute("x"), element.getAttribute("y")];
      const [dx, dy] = [ems(element.getAttribute("dx"), element), ems(element.getAttribute("dy"), element)];
      if (x !== null || y !== null) {
        if (x !== null) pen.x = parseFloat(x) || 0;
        if (y !== null) pen.y = parseFloat(y) || 0;
        pen.y += dy;
        pen.x += dx;
        chunk = open();
      } else {
        pen.y += dy;
        chunk.width += dx;
      }
      for (const node of element.childNodes) {
        if (node.nodeType === 1) visit(node);
        else {
          const said = node.data.replace(/[\n\t\r\u200b]/g, "");
          const wide = advance(said, element);
          const em = size(element);
          chunk.width += wide;
          if (!said) continue;
          chunk.any = true;
          chunk.up = Math.max(chunk.up, 0.93 * em + chunk.y - pen.y);
          chunk.down = Math.max(chunk.down, 0.24 * em + pen.y - chunk.y);
        }
      }
    })(text);
    const anchor = getComputedStyle(text).textAnchor;
    const part = anchor === "middle" ? 0.5 : anchor === "end" ? 1 : 0;
    return chunks.filter((one) => one.any).flatMap(function (one) {
      const left = one.x - one.width * part;
      return [[left, one.y - one.up], [left + one.width, one.y + one.down]];
    });
  }

  // -- shapes: a path as the points of straight pieces
  const PIECES = 12;
  function pathPoints(d) {
    const signs = String(d || "").match(/[a-z]|[-+]?(?:\d+\.?\d*|\.\d+)(?:e[-+]?\d+)?/gi) || [];
    const lines = [];
    let at = 0, x = 0, y = 0, startX = 0, startY = 0, order = "", handle = null;
    const next = () => Number(signs[at++]);
    const to = (a, b) => {
      [x, y] = [a, b];
      lines.at(-1)?.push([x, y]);
    };
    while (at < signs.length) {
      if (/[a-z]/i.test(signs[at])) order = signs[at++];
      else if (order === "M") order = "L";
      else if (order === "m") order = "l";
      else if (!order || /z/i.test(order)) break;
      const [ox, oy] = order === order.toLowerCase() ? [x, y] : [0, 0];
      const from = [x, y];
      const kept = handle;
      handle = null;
      switch (order.toUpperCase()) {
        case "M":
          [x, y] = [ox + next(), oy + next()];
          [startX, startY] = [x, y];
          lines.push([[x, y]]);
          break;
        case "L": to(ox + next(), oy + next()); break;
        case "H": to(ox + next(), y); break;
        case "V": to(x, oy + next()); break;
        case "Z": to(startX, startY); break;
        case "C": case "S": {
          const mirrored = kept ? [2 * x - kept[0], 2 * y - kept[1]] : from;
          const first = order.toUpperCase() === "C" ? [ox + next(), oy + next()] : mirrored;
          const second = [ox + next(), oy + next()];
          curve([from, first, second, [ox + next(), oy + next()]], to);
          handle = second;
          break;
        }
        case "Q": case "T": {
          const mirrored = kept ? [2 * x - kept[0], 2 * y - kept[1]] : from;
          const mid = order.toUpperCase() === "Q" ? [ox + next(), oy + next()] : mirrored;
          curve([from, mid, [ox + next(), oy + next()]], to);
          handle = mid;
          break;
        }
        case "A": {
          const [rx, ry, turn, large, sweep] = [next(), next(), next(), next(), next()];
          arc(from, rx, ry, turn, large, sweep, [ox + next(), oy + next()], to);
          break;
        }
        default: return lines;
      }
    }
    return lines;
  }
  function curve(points, to) {
    for (let piece = 1; piece <= PIECES; piece++) {
      let level = points;
      const t = piece / PIECES;
      while (level.length > 1) level = level.slice(1).map(([x, y], n) => [level[n][0] * (1 - t) + x * t, level[n][1] * (1 - t) + y * t]);
      to(...level[0]);
    }
  }
  // From end points to the centre: https://www.w3.org/TR/SVG11/implnote.html#ArcConversionEndpointToCenter
  function arc([x1, y1], rx, ry, turn, large, sweep, [x2, y2], to) {
    [rx, ry] = [Math.abs(rx), Math.abs(ry)];
    if (!rx || !ry) return to(x2, y2);
    const angle = (turn * Math.PI) / 180, cos = Math.cos(angle), sin = Math.sin(angle);
    const [hx, hy] = [(x1 - x2) / 2, (y1 - y2) / 2];
    const [px, py] = [cos * hx + sin * hy, cos * hy - sin * hx];
    const grow = Math.sqrt(Math.max(1, (px / rx) ** 2 + (py / ry) ** 2));
    [rx, ry] = [rx * grow, ry * grow];
    const under = (rx * py) ** 2 + (ry * px) ** 2;
    const root = (large === sweep ? -1 : 1) * Math.sqrt(Math.max(0, ((rx * ry) ** 2 - under) / (under || 1)));
    const [qx, qy] = [(root * rx * py) / ry, (-root * ry * px) / rx];
    const [cx, cy] = [cos * qx - sin * qy + (x1 + x2) / 2, sin * qx + cos * qy + (y1 + y2) / 2];
    const begin = Math.atan2((py - qy) / ry, (px - qx) / rx);
    let span = Math.atan2((-py - qy) / ry, (-px - qx) / rx) - begin;
    if (sweep && span < 0) span += 2 * Math.PI;
    if (!sweep && span > 0) span -= 2 * Math.PI;
    for (let piece = 1; piece < 2 * PIECES; piece++) {
      const t = begin + (span * piece) / (2 * PIECES);
      to(cx + rx * Math.cos(t) * cos - ry * Math.sin(t) * sin, cy + rx * Math.cos(t) * sin + ry * Math.sin(t) * cos);
    }
    to(x2, y2);
  }

  // -- boxes
  const value = (element, name) => parseFloat(element.getAttribute(name)) || 0;
  const UNDRAWN = new Set(["defs", "clipPath", "linearGradient", "radialGradient", "pattern", "marker", "mask", "style", "title"]);
  // The points that span an element, in its own coordinates.
  function points(element) {
    if (UNDRAWN.has(element.localName) || getComputedStyle(element).display === "none") return [];
    const [x, y] = [value(element, "x"), value(element, "y")];
    switch (element.localName) {
      case "text": return textPoints(element);
      case "path": return pathPoints(element.getAttribute("d")).flat();
      case "rect": case "image": case "foreignObject": case "use":
        return [[x, y], [x + value(element, "width"), y + value(element, "height")]];
      case "line": return [[value(element, "x1"), value(element, "y1")], [value(element, "x2"), value(element, "y2")]];
      case "polygon": case "polyline": {
        const all = numbers(element.getAttribute("points"));
        return all.flatMap((n, at) => (at % 2 ? [] : [[n, all[at + 1]]]));
      }
      case "circle": case "ellipse": {
        const [cx, cy] = [value(element, "cx"), value(element, "cy")];
        const rx = value(element, "r") || value(element, "rx"), ry = value(element, "r") || value(element, "ry");
        return [[cx - rx, cy - ry], [cx + rx, cy + ry]];
      }
      default:
        return element.children.flatMap(function (child) {
          const turn = matrix(child.getAttribute("transform"));
          return corners(box(points(child))).map((point) => placed(turn, point));
        });
    }
  }
  function box(all) {
    if (!all.length) return null;
    let left = Infinity, top = Infinity, right = -Infinity, bottom = -Infinity;
    for (const [x, y] of all) {
      left = Math.min(left, x);
      right = Math.max(right, x);
      top = Math.min(top, y);
      bottom = Math.max(bottom, y);
    }
    return { left, top, right, bottom };
  }
  const corners = (b) => (b ? [[b.left, b.top], [b.right, b.top], [b.right, b.bottom], [b.left, b.bottom]] : []);
  function rect(b) {
    const { left, top, right, bottom } = b || { left: 0, top: 0, right: 0, bottom: 0 };
    return { x: left, y: top, left, top, right, bottom, width: right - left, height: bottom - top };
  }
  function toScreen(element) {
    let all = IDENTITY;
    for (let node = element; node instanceof Element && node.localName !== "svg"; node = node.parentNode) all = times(matrix(node.getAttribute("transform")), all);
    return all;
  }

  const length = (a, b) => Math.hypot(b[0] - a[0], b[1] - a[1]);
  Object.assign(Element.prototype, {
    getBBox() { return rect(box(points(this))); },
    getBoundingClientRect() {
      if (this.namespaceURI !== "http://www.w3.org/2000/svg") {
        const [width, height] = [parseFloat(this.style.width) || 0, parseFloat(this.style.height) || 0];
        return rect({ left: 0, top: 0, right: width, bottom: height });
      }
      const turn = toScreen(this);
      return rect(box(corners(box(points(this))).map((point) => placed(turn, point))));
    },
    getComputedTextLength() { return advance(this.textContent, this); },
    getScreenCTM() {
      const [a, b, c, d, e, f] = toScreen(this);
      return { a, b, c, d, e, f };
    },
    getTotalLength() {
      return pathPoints(this.getAttribute("d")).reduce((sum, line) => line.slice(1).reduce((s, point, n) => s + length(line[n], point), sum), 0);
    },
    getPointAtLength(want) {
      let last = [0, 0];
      for (const line of pathPoints(this.getAttribute("d"))) {
        for (let n = 1; n < line.length; n++) {
          const step = length(line[n - 1], line[n]);
          if (step && want <= step) {
            const t = Math.max(0, want) / step;
            return { x: line[n - 1][0] * (1 - t) + line[n][0] * t, y: line[n - 1][1] * (1 - t) + line[n][1] * t };
          }
          want -= step;
        }
        last = line.at(-1) || last;
      }
      return { x: last[0], y: last[1] };
    },
  });
  for (const [name, side] of [["Width", "width"], ["Height", "height"]]) {
    for (const kind of ["client", "offset"]) {
      Object.defineProperty(Element.prototype, kind + name, { get() { return this.getBoundingClientRect()[side]; } });
    }
  }
  global.geometry = {
    matrix,
    typeface(table, bolder) {
      widths = table;
      boldness = bolder;
    },
  };
})(globalThis);
