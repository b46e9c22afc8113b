// A canvas to draw on, by mouse, finger or keyboard, in the pixels of the source.
const MOST_UNDONE = 50, MOST_KEPT = 64e6; // steps back, and bytes of these

export class Drawing {
  // `paper` is the color of an empty canvas; `changed` is called after each change.
  constructor(canvas, pen, paper, changed) {
    this.canvas = canvas;
    this.paper = paper;
    this.ink = "#ffffff";
    this.size = 0.05; // of the pen, as a part of the longer side
    this.changed = changed;
    this.scene = 0; // counts the pictures that were put here, as opposed to what is drawn on them
    this.context = canvas.getContext("2d", { willReadFrequently: true, alpha: false });
    this.before = [];
    this.pen = pen;
    this.bindPointer();
    this.bindKeys();
  }

  // Replaces the picture: an image, or nothing for an empty canvas of a size.
  put(image, width, height) {
    if (this.scene) this.keep(true);
    this.resize(width, height);
    if (image) this.context.drawImage(image, 0, 0, width, height);
    this.scene += 1;
    this.changed();
  }

  resize(width, height) {
    Object.assign(this.canvas, { width, height }); // also clears it
    this.context.fillStyle = this.paper;
    this.context.fillRect(0, 0, width, height);
    this.at = { x: Math.floor(width / 2) + 0.5, y: Math.floor(height / 2) + 0.5 };
    this.down = false;
    this.pen.hidden = true;
  }

  // Keeps the state for `undo`, before it is drawn on or, as a whole, replaced.
  keep(replaced = false) {
    const { width, height } = this.canvas;
    this.before.push({ pixels: this.context.getImageData(0, 0, width, height), replaced });
    const bytes = () => this.before.reduce((sum, each) => sum + each.pixels.data.length, 0);
    while (this.before.length > MOST_UNDONE || (this.before.length > 1 && bytes() > MOST_KEPT)) this.before.shift();
  }

  // Takes the last change back; returns whether that was another picture.
  undo() {
    const last = this.before.pop();
    if (!last) return false;
    const { pixels, replaced } = last;
    if (replaced) this.resize(pixels.width, pixels.height);
    this.context.putImageData(pixels, 0, 0);
    this.scene += 1;
    this.changed();
    return replaced;
  }

  // The width of the pen in pixels.
  get width() { return Math.max(1, this.size * Math.max(this.canvas.width, this.canvas.height)); }

  stroke(from, to) {
    Object.assign(this.context, { strokeStyle: this.ink, lineWidth: this.width, lineCap: "round", lineJoin: "round" });
    this.context.beginPath();
    this.context.moveTo(from.x, from.y);
    this.context.lineTo(to.x, to.y);
    this.context.stroke();
  }

  bindPointer() {
    const { canvas } = this;
    const place = (event) => {
      const box = canvas.getBoundingClientRect();
      return { x: ((event.clientX - box.left) / box.width) * canvas.width, y: ((event.clientY - box.top) / box.height) * canvas.height };
    };
    let drawn; // the pointer that draws, and where it is
    canvas.addEventListener("pointerdown", (event) => {
      if (drawn || event.button !== 0) return;
      canvas.setPointerCapture(event.pointerId);
      this.pen.hidden = true;
      this.keep();
      drawn = { id: event.pointerId, at: place(event) };
      this.stroke(drawn.at, drawn.at);
      this.changed();
    });
    canvas.addEventListener("pointermove", (event) => {
      if (drawn?.id !== event.pointerId) return;
      const passed = event.getCoalescedEvents?.() ?? [];
      for (const each of passed.length ? passed : [event]) {
        const next = place(each);
        this.stroke(drawn.at, next);
        drawn.at = next;
      }
      this.changed();
    });
    for (const end of ["pointerup", "pointercancel"]) canvas.addEventListener(end, (event) => { if (drawn?.id === event.pointerId) drawn = undefined; });
  }

  bindKeys() {
    const ways = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };
    this.canvas.addEventListener("keydown", (event) => {
      if (event.ctrlKey || event.metaKey || event.altKey) return;
      if (event.key === " ") {
        this.down = !this.down;
        if (this.down) {
          this.keep();
          this.stroke(this.at, this.at);
          this.changed();
        }
      } else if (event.key in ways) {
        const [right, down] = ways[event.key], step = Math.max(1, Math.round(this.width / 2));
        const next = {
          x: Math.min(this.canvas.width - 0.5, Math.max(0.5, this.at.x + right * step)),
          y: Math.min(this.canvas.height - 0.5, Math.max(0.5, this.at.y + down * step)),
        };
        if (this.down) {
          this.stroke(this.at, next);
          this.changed();
        }
        this.at = next;
      } else return;
      event.preventDefault();
      this.showPen();
    });
    this.canvas.addEventListener("blur", () => { this.pen.hidden = true; this.down = false; });
  }

  // Shows where the keyboard's pen is.
  showPen() {
    this.pen.hidden = false;
    this.pen.classList.toggle("down", this.down);
    this.pen.style.left = `${(100 * this.at.x) / this.canvas.width}%`;
    this.pen.style.top = `${(100 * this.at.y) / this.canvas.height}%`;
  }
}
