// The training record of the run: health, snapshots, curves.
import { drawChart } from "./charts.js";

const count = (number) => number.toLocaleString("en");

function element(name, text, kind) {
  const made = document.createElement(name);
  if (text !== undefined) made.textContent = text;
  if (kind) made.className = kind;
  return made;
}

const WORDS = {
  snapshots: "The same latents during training",
  baselines: ["real images", "noise"],
  reals: "Real images from the data set",
  real: "Real images",
};

// `words` are what this page calls things, such as those above.
export function showTraining({ health, scores, charts, snapshots }, run, words = WORDS) {
  showHealth(health);
  document.getElementById("scores").replaceChildren(...scores.map((each) => scoreTable(each, words)));
  showSnapshots(snapshots, run, words);
  const box = document.getElementById("charts");
  box.replaceChildren(...charts.map(drawChart));
  if (!charts.length) box.replaceChildren(element("p", "No values have been logged yet.", "quiet"));
}

function showHealth(health) {
  const box = document.getElementById("health"), badge = document.getElementById("verdict");
  if (!health) {
    box.replaceChildren(element("p", "The health of this run has not been recorded.", "quiet"));
    return;
  }
  const words = { healthy: "✓ healthy", unhealthy: "! unhealthy", "not judged": "health not judged" };
  const kind = { healthy: "good", unhealthy: "bad" }[health.state] ?? "quiet";
  badge.textContent = words[health.state] ?? health.state;
  badge.classList.add(kind);
  badge.hidden = false;
  box.replaceChildren(element("p", `Health at step ${count(health.step)}: ${health.verdict}.`, kind));
  const list = element("ul");
  for (const each of health.findings) {
    const until = each.until === null ? "" : ` until ${count(each.until)}`;
    list.append(element("li", `${each.name} since step ${count(each.since)}${until} (${each.evidence}). ${each.advice}`));
  }
  if (health.findings.length) box.append(list);
}

function scoreTable({ title, rows }, words) {
  const table = element("table"), head = element("tr");
  head.append(...["score", "value", ...words.baselines, "better"].map((each) => element("th", each)));
  table.append(element("caption", title), head);
  for (const row of rows) {
    const line = element("tr");
    const cell = (each) => (typeof each === "number" ? String(Number(each.toPrecision(4))) : each ?? "");
    line.append(...row.map((each) => element("td", cell(each))));
    table.append(line);
  }
  return table;
}

// An element for a snapshot, an image, with sound below, or text, and a function that loads one from an address
// without its ending.
function picture(run) {
  if (run.heard) {
    const box = element("div"), image = element("img"), sound = element("audio");
    Object.assign(sound, { controls: true, preload: "none" });
    box.append(image, sound);
    const load = (path, alt) => {
      Object.assign(image, { src: `${path}.png`, alt });
      Object.assign(sound, { src: `${path}.wav`, ariaLabel: alt });
    };
    return { element: box, load };
  }
  if (!run.length) {
    const image = element("img"), ending = run.snapshots ?? "png";
    return { element: image, load: (path, alt) => Object.assign(image, { src: `${path}.${ending}`, alt }) };
  }
  const text = element("pre", undefined, "text");
  const load = async (path, alt) => {
    text.ariaLabel = alt;
    const answer = await fetch(`${path}.txt`).catch(() => undefined);
    if (answer?.ok) text.textContent = await answer.text();
  };
  return { element: text, load };
}

function showSnapshots(steps, run, words) {
  const box = document.getElementById("snapshots");
  if (!steps.length) {
    box.replaceChildren(element("p", "There are no snapshots yet.", "quiet"));
    return;
  }
  const figure = element("figure"), image = picture(run), bar = element("figcaption");
  const slider = element("input"), shown = element("output"), play = element("button", "Play");
  Object.assign(slider, { type: "range", min: 0, max: steps.length - 1, value: steps.length - 1, ariaLabel: "Snapshot" });
  play.type = "button";
  let timer;
  const show = () => {
    const step = steps[slider.value];
    image.load(`/snapshots/${step}`, `Samples at step ${count(step)}`);
    shown.textContent = `step ${count(step)}`;
    slider.setAttribute("aria-valuetext", shown.textContent);
  };
  const stop = () => { clearInterval(timer); timer = undefined; play.textContent = "Play"; };
  slider.oninput = () => { stop(); show(); };
  const last = () => Number(slider.value) === steps.length - 1;
  const go = (at) => { slider.value = at; show(); if (last()) stop(); };
  play.onclick = () => {
    if (timer) return stop();
    go(last() ? 0 : Number(slider.value));
    play.textContent = "Stop";
    timer = setInterval(() => go(Number(slider.value) + 1), Math.min(600, Math.max(80, 8000 / steps.length)));
  };
  show();
  bar.append(...(steps.length > 1 ? [play, slider] : []), shown);
  figure.append(element("h3", words.snapshots), image.element, bar);
  const side = element("div", undefined, "snapshots");
  side.append(figure);
  if (run.reals || run.real_texts) {
    const reals = element("figure"), real = picture(run);
    real.load("/reals", words.reals);
    reals.append(element("h3", words.real), real.element);
    side.append(reals);
  }
  box.replaceChildren(side);
}
