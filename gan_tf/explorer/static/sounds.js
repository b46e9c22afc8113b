// The page of sound: loads the facts about the run, and binds the controls.
import { address, describe, fetchJson, later, showProblem } from "./images.js";
import { showTraining } from "./training.js";

const byId = (id) => document.getElementById(id);
const MAX_SEED = 2147483500;
const WORDS = {
  snapshots: "The same latents during training",
  baselines: ["real clips", "noise"],
  reals: "Spectrograms of real clips from the data set",
  real: "Real clips",
};

function player(request, run) {
  const item = document.createElement("li"), button = document.createElement("button");
  const image = document.createElement("img"), sound = document.createElement("audio");
  const name = document.createElement("span");
  button.type = "button";
  image.src = address(request);
  image.alt = `${describe(request, run)}: play`;
  image.onerror = () => fetchJson(image.getAttribute("src")).catch((error) => showProblem(error.message)); // for the reason
  sound.src = address(request).replace("/image.png", "/clip.wav");
  sound.controls = true;
  sound.preload = "none";
  button.onclick = () => { sound.currentTime = 0; sound.play().catch((error) => showProblem(error.message)); };
  name.textContent = describe(request, run);
  button.append(image);
  item.append(button, name, sound);
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
    byId("sounds").replaceChildren(...requests.map((each) => player(each, run)));
  };
  const go = (place) => { seed.value = Math.min(MAX_SEED, Math.max(0, place)); show(); };
  byId("previous").onclick = () => go(Number(seed.value) - Number(count.value));
  byId("next").onclick = () => go(Number(seed.value) + Number(count.value));
  byId("shuffle").onclick = () => go(Math.floor(Math.random() * 1e6));
  seed.oninput = to.oninput = later(show);
  count.onchange = label.onchange = show;
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
  showTraining(await fetchJson("/api/training"), run, WORDS);
}

start().catch((error) => showProblem(error.message));
