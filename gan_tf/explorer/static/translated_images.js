// The page of a translation: a source that is drawn, given or an example, and its output.
import { Drawing } from "./drawing.js";
import { showHeader } from "./header.js";
import { choose, fetchJson, showProblem, walkByKeys } from "./images.js";
import { fitted, receive, send } from "./pictures.js";
import { showTraining } from "./training.js";

const byId = (id) => document.getElementById(id);
const WAIT = 100; // milliseconds between a change and the request, and between requests
const SMALL = 128; // pixels; what is not larger is shown with square pixels
const WORDS = {
  snapshots: "Held-out examples during training: source, output, target",
  baselines: ["other targets", "sources"],
  reals: "Targets of the data set",
  real: "Targets",
};

const BOTH_WAYS = {
  ...WORDS,
  snapshots: "Held-out images during training: of A, translated to B, and back; of B, translated to A, and back",
  baselines: ["other images", "untranslated"],
  reals: "Images of domain B",
  real: "Images of B",
};

const way = () => Number(byId("way").value); // 0: from A to B, 1: back
const partOf = (run) => (run.both_ways && way() ? "target" : "source");
const address = (run, back) => `/output.png${run.both_ways ? `?back=${back}` : ""}`;

function frame(element, width, height) {
  element.style.setProperty("--ratio", width / height);
  element.classList.toggle("small", Math.max(width, height) <= SMALL);
}

const loaded = async (source) => {
  const image = new Image();
  image.src = source;
  await image.decode().catch(() => { throw new Error("A picture of this page cannot be loaded: is the server still running?"); });
  return image;
};

// Translates what is on the canvas: one request at a time, always of the newest state.
function bindOutput(run, drawing) {
  const output = byId("output"), beneath = byId("beneath"), save = byId("save"), box = byId("compare");
  let due = false, running = false, failed = false;

  async function translate() {
    running = true;
    while (due) {
      await new Promise((resume) => setTimeout(resume, WAIT));
      due = false;
      const { scene, canvas } = drawing, { width, height } = canvas;
      const source = new OffscreenCanvas(width, height);
      source.getContext("2d").drawImage(canvas, 0, 0);
      try {
        const from = way(), made = await send(address(run, from), await source.convertToBlob());
        if (scene === drawing.scene) await show(made, source);
        if (run.both_ways) showRestored(await send(address(run, 1 - from), made));
        if (failed) showProblem(""); // not what is said of a file
        failed = false;
      } catch (error) {
        if (due) continue;
        failed = true;
        showProblem(error.message);
      }
    }
    running = false;
    box.ariaBusy = "false";
  }
  async function show(made, source) {
    const old = output.src, next = URL.createObjectURL(made);
    await loaded(next);
    output.src = save.href = next;
    if (old) URL.revokeObjectURL(old);
    frame(box, source.width, source.height);
    box.classList.toggle("small", Math.max(source.width, source.height) * run.scale <= SMALL);
    output.alt = `Output, ${source.width * run.scale}×${source.height * run.scale} pixels`;
    Object.assign(beneath, { width: source.width, height: source.height });
    beneath.getContext("2d").drawImage(source, 0, 0);
    save.download = `${run.name}-output.png`;
    save.hidden = false;
  }
  return () => {
    due = true;
    box.ariaBusy = "true";
    if (!running) translate();
  };
}

function showRestored(picture) {
  const figure = byId("restored"), image = figure.querySelector("img"), old = image.src;
  image.onload = () => frame(image.parentElement, image.naturalWidth, image.naturalHeight);
  image.src = URL.createObjectURL(picture);
  if (old) URL.revokeObjectURL(old);
  figure.hidden = false;
}

function bindCompare() {
  const box = byId("compare"), share = byId("share");
  const show = () => box.style.setProperty("--share", `${share.value}%`);
  const follow = (event) => {
    const { left, width } = box.getBoundingClientRect();
    share.value = (100 * (event.clientX - left)) / width;
    show();
  };
  share.oninput = show;
  box.addEventListener("pointerdown", (event) => { box.setPointerCapture(event.pointerId); follow(event); });
  box.addEventListener("pointermove", (event) => { if (box.hasPointerCapture(event.pointerId)) follow(event); });
  show();
}

const NAMES = { "#000000": "black", "#ffffff": "white" };

function bindTools(run, drawing, forget) {
  const brushes = byId("brushes"), size = byId("size"), color = byId("color");
  const brush = (value, name) => {
    const label = document.createElement("label"), input = document.createElement("input");
    Object.assign(input, { type: "radio", name: "brush", value, ariaLabel: name });
    label.className = "brush";
    label.title = name;
    label.style.setProperty("--ink", value);
    input.onchange = () => { drawing.ink = value; };
    label.append(input);
    brushes.append(label);
    return label;
  };
  for (const pen of run.pens) brush(pen, `Pen, ${NAMES[pen] ?? pen}`);
  const eraser = brush(run.paper, "Eraser");
  eraser.classList.add("eraser");
  eraser.append("Eraser");
  brushes.querySelector("input").checked = true;
  drawing.ink = run.pens[0];
  byId("color-control").hidden = run.source.channels === 1;
  color.value = run.pens[0];
  color.oninput = () => {
    drawing.ink = color.value;
    for (const each of brushes.querySelectorAll("input")) each.checked = false;
  };
  const side = Math.max(run.source.width, run.source.height);
  size.max = Math.max(8, Math.round(side / 8));
  size.value = 1 + Math.max(1, Math.round(side / 100));
  const sized = () => { drawing.size = size.value / side; };
  size.oninput = sized;
  sized();
  const undo = () => { if (drawing.undo()) forget(); };
  byId("undo").onclick = undo;
  document.addEventListener("keydown", (event) => {
    if ((event.ctrlKey || event.metaKey) && !event.shiftKey && event.key.toLowerCase() === "z") {
      event.preventDefault();
      undo();
    }
  });
}

function showTarget(title, source) {
  const figure = byId("target"), image = figure.querySelector("img");
  figure.hidden = !source;
  if (!source) return;
  byId("target-title").textContent = title;
  image.onload = () => frame(image.parentElement, image.naturalWidth, image.naturalHeight);
  image.onerror = () => { figure.hidden = true; };
  image.src = source;
}

function remark(text) {
  byId("remark").textContent = text || "";
  byId("remark").hidden = !text;
}

// Pictures of the user: sent, decoded as an image folder's are, and put on the canvas.
function bindPictures(run, drawing) {
  const degrade = byId("degrade"), shrink = byId("shrink");
  const degrades = () => Boolean(run.degradation) && partOf(run) === "source"; // targets are as they are
  const switches = () => ({ shrink: Number(shrink.checked), degrade: Number(degrades() && degrade.checked) });
  let given, newest = 0;
  const showDegrade = () => { byId("degrade-control").hidden = !degrades(); };
  byId("way").addEventListener("change", showDegrade);
  showDegrade();
  byId("degrade-name").textContent = `Turn pictures into sources: ${run.degradation}`;
  async function use(file) {
    const turn = ++newest;
    const chosen = switches();
    try {
      const most = chosen.degrade ? run.most.pixels : Math.floor(run.most.pixels / run.scale ** 2);
      const { picture, remark: said } = await fitted(file, most, run.most);
      const url = URL.createObjectURL(await send(`/source.png?${new URLSearchParams(chosen)}`, picture));
      const image = await loaded(url);
      URL.revokeObjectURL(url);
      if (turn !== newest) return;
      drawing.put(image, image.naturalWidth, image.naturalHeight);
      if (given) URL.revokeObjectURL(given.url);
      given = { file, url: URL.createObjectURL(picture) };
      showTarget("Your picture", given.url);
      remark(chosen.shrink ? undefined : said);
      showProblem("");
    } catch (error) {
      if (turn === newest) showProblem(error.message);
    }
  }
  degrade.onchange = shrink.onchange = () => { if (given) use(given.file); };
  receive(byId("file"), use);
  return () => {
    newest += 1;
    given = undefined;
    remark();
    showTarget();
  };
}

function bindExamples(run, drawing, forget) {
  const grid = byId("examples");
  byId("examples-about").textContent = run.both_ways ? "Held-out images, which the run is not trained on. Choose one to translate it."
    : run.examples.length ? "Held-out pairs, which the run is not trained on. Choose one to translate its source."
    : "This run keeps no examples: it was trained with an earlier version. Resume it to have some.";
  async function open(index) {
    forget();
    try {
      const image = await loaded(`/examples/${partOf(run)}-${index}.png`);
      drawing.put(image, image.naturalWidth, image.naturalHeight);
      if (!run.both_ways) showTarget("Target", `/examples/target-${index}.png`);
    } catch (error) { showProblem(error.message); }
  }
  run.examples.forEach((index, i) => {
    const tile = document.createElement("button"), image = document.createElement("img");
    Object.assign(tile, { type: "button", className: "tile" });
    const show = () => { image.src = `/examples/${partOf(run)}-${index}.png`; };
    image.alt = `Example ${i + 1}`;
    byId("way").addEventListener("change", show);
    show();
    tile.append(image);
    tile.onclick = () => open(index);
    grid.append(tile);
  });
  if (grid.firstChild) choose(grid, grid.firstChild, false);
  walkByKeys(grid);
  return open;
}

async function start() {
  const run = await fetchJson("/api/run");
  showHeader(run);
  document.documentElement.style.setProperty("--aspect", `${run.source.width} / ${run.source.height}`);
  let translate = () => {};
  const drawing = new Drawing(byId("drawing"), byId("pen"), run.paper, () => {
    const { width, height } = drawing.canvas;
    frame(byId("paper"), width, height);
    byId("undo").disabled = !drawing.before.length;
    translate();
  });
  bindCompare();
  const forget = bindPictures(run, drawing);
  bindTools(run, drawing, forget);
  const open = bindExamples(run, drawing, forget);
  const blank = () => { forget(); drawing.put(undefined, run.source.width, run.source.height); };
  byId("clear").onclick = blank;
  translate = bindOutput(run, drawing);
  byId("way-control").hidden = !run.both_ways;
  byId("way").addEventListener("change", () => { if (run.examples.length) open(run.examples[0]); else translate(); });
  if (run.examples.length) await open(run.examples[0]);
  else blank();
  showTraining(await fetchJson("/api/training"), run, run.both_ways ? BOTH_WAYS : WORDS);
}

start().catch((error) => showProblem(error.message));
