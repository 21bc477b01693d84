// A canvas as far as Plotly uses one: rectangles of colour and pixels set one by one (heat maps, images). Its address
// is a mark; the pixels themselves are handed over beside the drawing.
(function (global) {
  "use strict";
  const drawn = [];

  function colour(text) {
    const said = String(text).trim();
    const hex = said.match(/^#([0-9a-f]{3,8})$/i);
    if (hex) {
      const digits = hex[1].length < 6 ? [...hex[1]].map((d) => d + d).join("") : hex[1];
      return [0, 2, 4, 6].map((at) => (at < digits.length ? parseInt(digits.slice(at, at + 2), 16) : 255));
    }
    const parts = (said.match(/[\d.]+/g) || []).map(Number);
    return /^rgb/.test(said) ? [parts[0], parts[1], parts[2], parts.length > 3 ? parts[3] * 255 : 255] : [0, 0, 0, 0];
  }

  class Context {
    constructor(canvas) {
      this.canvas = canvas;
      this.fillStyle = "#000";
    }
    fillRect(x, y, width, height) {
      const [r, g, b, a] = colour(this.fillStyle);
      const { width: wide, height: high, pixels } = this.canvas;
      const [left, right] = [Math.max(0, Math.round(Math.min(x, x + width))), Math.min(wide, Math.round(Math.max(x, x + width)))];
      const [top, bottom] = [Math.max(0, Math.round(Math.min(y, y + height))), Math.min(high, Math.round(Math.max(y, y + height)))];
      for (let row = top; row < bottom; row++) {
        for (let at = 4 * (row * wide + left); at < 4 * (row * wide + right); at += 4) {
          pixels[at] = r;
          pixels[at + 1] = g;
          pixels[at + 2] = b;
          pixels[at + 3] = a;
        }
      }
    }
    clearRect(x, y, width, height) {
      this.fillStyle = "rgba(0,0,0,0)";
      this.fillRect(x, y, width, height);
    }
    drawImage() {} // its pixels are asked for by pointers alone
    createImageData(width, height) { return { width, height, data: new Uint8ClampedArray(4 * width * height) }; }
    getImageData(x, y, width, height) {
      const part = this.createImageData(width, height);
      for (let row = 0; row < height; row++) {
        const from = 4 * ((y + row) * this.canvas.width + x);
        part.data.set(this.canvas.pixels.subarray(from, from + 4 * width), 4 * row * width);
      }
      return part;
    }
    putImageData(part, x, y) {
      for (let row = 0; row < part.height; row++) {
        this.canvas.pixels.set(part.data.subarray(4 * row * part.width, 4 * (row + 1) * part.width), 4 * ((y + row) * this.canvas.width + x));
      }
    }
  }

  class Canvas extends Element {
    constructor() {
      super("http://www.w3.org/1999/xhtml", "canvas");
      this.sides = [300, 150];
      this.clear();
    }
    clear() { this.pixels = new Uint8ClampedArray(4 * this.sides[0] * this.sides[1]); }
    get width() { return this.sides[0]; }
    set width(value) {
      this.sides[0] = Math.max(1, Math.round(value));
      this.clear();
    }
    get height() { return this.sides[1]; }
    set height(value) {
      this.sides[1] = Math.max(1, Math.round(value));
      this.clear();
    }
    // Without WebGL, Plotly says in the drawing that it has none.
    getContext(kind) { return kind === "2d" ? (this.context = this.context || new Context(this)) : null; }
    toDataURL() {
      drawn.push(this);
      return "canvas:" + (drawn.length - 1);
    }
  }

  // A picture given as data is there at once; any other stays away, as nothing is fetched.
  global.Image = class extends Element {
    constructor() { super("http://www.w3.org/1999/xhtml", "img"); }
    get src() { return this.getAttribute("src"); }
    set src(address) { this.setAttribute("src", address); }
    setAttribute(name, value) {
      super.setAttribute(name, value);
      if (name === "src") setTimeout(() => (/^data:/.test(value) ? this.onload : this.onerror)?.call(this), 0);
    }
  };
  global.Canvas = Canvas;
  // The canvases whose addresses were asked for: sides and pixels, row by row.
  global.takeCanvases = () => drawn.splice(0).map((canvas) => ({ width: canvas.width, height: canvas.height, rgba: btoa(bytes(canvas.pixels)) }));
  function bytes(array) {
    let text = "";
    for (let at = 0; at < array.length; at += 8192) text += String.fromCharCode(...array.subarray(at, at + 8192));
    return text;
  }
})(globalThis);
