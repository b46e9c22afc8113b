// The page of videos: loads the facts about the run, and binds the controls.
import { address, describe, fetchJson, later, showProblem } from "./images.js";
import { showTraining } from "./training.js";

const byId = (id) => document.getElementById(id);
const MAX_SEED = 2147483500, GRID = 6;
const WORDS = {
  snapshots: "The same latents during training",
  baselines: ["real videos", "noise"],
  reals: "Real videos from the data set",
  real: "Real videos",
};

const random = () => Math.floor(Math.random() * 1e6);
const moving = (request) => address(request).replace("/image.png", "/video.webp");

// A video; a click exchanges it for its frames, and back.
function player(request, run, title) {
  const item = document.createElement("li"), button = document.createElement("button");
  const image = document.createElement("img"), name = document.createElement("a");
  const show = () => {
    const still = item.classList.contains("frames");
    image.src = still ? address(request) : moving(request);
    image.alt = `${describe(request, run)}: ${still ? "frames" : "video"}`;
    button.ariaPressed = String(still);
  };
  button.type = "button";
  button.onclick = () => { item.classList.toggle("frames"); show(); };
  image.onerror = () => fetchJson(image.getAttribute("src")).catch((error) => showProblem(error.message)); // for the reason
  name.textContent = title ?? describe(request, run);
  name.href = moving(request);
  name.download = "";
  button.append(image);
  item.append(button, name);
  show();
  return item;
}

function bindSamples(run) {
  const seed = byId("seed"), to = byId("to"), count = byId("count"), label = byId("label");
  const show = () => {
    if (!seed.reportValidity() || !to.reportValidity()) return;
    showProblem("");
    const number = Number(count.value), first = Number(seed.value);
    const requests = Array.from({ length: number }, (_, i) => {
      const place = to.value === "" ? { seed: first + i } : { seed: first, to: to.value, share: (i / (number - 1)).toFixed(4) };
      return label.value === "" ? place : { ...place, label: label.value };
    });
    byId("videos").replaceChildren(...requests.map((each) => player(each, run)));
  };
  const go = (place) => { seed.value = Math.min(MAX_SEED, Math.max(0, place)); show(); };
  byId("previous").onclick = () => go(Number(seed.value) - Number(count.value));
  byId("next").onclick = () => go(Number(seed.value) + Number(count.value));
  byId("shuffle").onclick = () => go(random());
  seed.oninput = to.oninput = later(show);
  count.onchange = label.onchange = show;
  return show;
}

function bindMotion(run) {
  const content = byId("content-seed"), motion = byId("motion-seed");
  const show = () => {
    if (!content.reportValidity() || !motion.reportValidity()) return;
    showProblem("");
    const players = Array.from({ length: GRID * GRID }, (_, i) => {
      const request = { seed: Number(content.value) + Math.floor(i / GRID), motion: Number(motion.value) + (i % GRID) };
      return player(request, run, `${request.seed} × ${request.motion}`);
    });
    byId("grid").replaceChildren(...players);
  };
  byId("shuffle-motion").onclick = () => { content.value = random(); motion.value = random(); show(); };
  content.oninput = motion.oninput = later(show);
  return show;
}

async function start() {
  const run = await fetchJson("/api/run");
  document.title = `${run.name} – gan_tf`;
  byId("name").textContent = run.name;
  byId("about").textContent = `${run.arch} on ${run.dataset}, ${run.about}, step ${run.step.toLocaleString("en")}`;
  byId("label-control").hidden = !run.labels.length;
  run.labels.forEach((name, i) => byId("label").append(new Option(name, i)));
  for (const form of document.querySelectorAll("form.controls")) form.onsubmit = (event) => event.preventDefault();
  bindSamples(run)();
  byId("motion").hidden = byId("motion-link").hidden = !run.moving;
  if (run.moving) bindMotion(run)();
  showTraining(await fetchJson("/api/training"), run, WORDS);
}

start().catch((error) => showProblem(error.message));
