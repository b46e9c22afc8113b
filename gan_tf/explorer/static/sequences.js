// The page of sequences: loads the facts about the run, and binds the controls.
import { fetchJson, later, showProblem } from "./images.js";
import { showTraining } from "./training.js";

const byId = (id) => document.getElementById(id);
const MAX_SEED = 2147483500;
const WORDS = {
  snapshots: "The same latents during training",
  baselines: ["real sequences", "noise"],
  reals: "Real sequences from the data set",
  real: "Real sequences",
};

function line(seed, text) {
  const item = document.createElement("li"), number = document.createElement("b"), words = document.createElement("span");
  number.textContent = seed;
  words.textContent = text;
  item.append(number, words);
  return item;
}

function bindSamples(run) {
  const seed = byId("seed"), count = byId("count"), list = byId("sequences");
  const temperature = byId("temperature"), prompt = byId("prompt"), label = byId("label");
  const to = byId("to");
  let asked = 0;
  const show = async () => {
    if (!seed.reportValidity() || !to.reportValidity()) return;
    const request = { first: seed.value, count: count.value };
    if (to.value !== "") request.to = to.value;
    if (label.value !== "") request.label = label.value;
    if (run.steers.includes("temperature") && temperature.value !== "1") request.temperature = temperature.value;
    if (run.steers.includes("prompt") && prompt.value) request.prompt = prompt.value;
    const mine = ++asked; // answers to older requests are left out
    list.ariaBusy = "true";
    try {
      const { first, sequences } = await fetchJson(`/api/sequences?${new URLSearchParams(request)}`);
      if (mine !== asked) return;
      list.replaceChildren(...sequences.map((text, i) => line(to.value === "" ? first + i : `${i + 1}/${count.value}`, text)));
      showProblem("");
    } catch (error) {
      if (mine === asked) showProblem(error.message);
    }
    if (mine === asked) list.ariaBusy = "false";
  };
  const go = (to) => { seed.value = Math.min(MAX_SEED, Math.max(0, to)); show(); };
  byId("previous").onclick = () => go(Number(seed.value) - Number(count.value));
  byId("next").onclick = () => go(Number(seed.value) + Number(count.value));
  byId("shuffle").onclick = () => go(Math.floor(Math.random() * 1e6));
  const redraw = later(show);
  seed.oninput = to.oninput = prompt.oninput = redraw;
  count.onchange = label.onchange = show;
  temperature.oninput = () => { byId("temperature-value").textContent = temperature.value; redraw(); };
  return show;
}

async function start() {
  const run = await fetchJson("/api/run");
  document.title = `${run.name} – gan_tf`;
  byId("name").textContent = run.name;
  byId("about").textContent = `${run.arch} on ${run.dataset}, up to ${run.length} of ${run.vocabulary.toLocaleString("en")} tokens, step ${run.step.toLocaleString("en")}`;
  byId("to-control").hidden = !run.smooth;
  byId("label-control").hidden = !run.labels.length;
  run.labels.forEach((name, i) => byId("label").append(new Option(name, i)));
  for (const name of ["temperature", "prompt"]) byId(`${name}-control`).hidden = !run.steers.includes(name);
  for (const form of document.querySelectorAll("form.controls")) form.onsubmit = (event) => event.preventDefault();
  await bindSamples(run)();
  showTraining(await fetchJson("/api/training"), run, WORDS);
}

start().catch((error) => showProblem(error.message));
