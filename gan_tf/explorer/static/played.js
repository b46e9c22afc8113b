// Samples that play, by seed or between two: what the pages of sound and of videos share.
import { fetchJson, later, showProblem } from "./images.js";
import { showTraining } from "./training.js";

export const byId = (id) => document.getElementById(id);
export const random = () => Math.floor(Math.random() * 1e6);
const MAX_SEED = 2147483500;

// Says why an image cannot be loaded, which its element does not know.
export function sayWhyItFails(image) {
  image.onerror = () => fetchJson(image.getAttribute("src")).catch((error) => showProblem(error.message));
}

function bindSamples(list, player, run) {
  const seed = byId("seed"), to = byId("to"), count = byId("count"), label = byId("label");
  const show = () => {
    if (!seed.reportValidity() || !to.reportValidity()) return;
    showProblem("");
    const number = Number(count.value), first = Number(seed.value);
    const requests = Array.from({ length: number }, (_, i) => {
      const place = to.value === "" ? { seed: first + i } : { seed: first, to: to.value, share: (i / (number - 1)).toFixed(4) };
      return label.value === "" ? place : { ...place, label: label.value };
    });
    list.replaceChildren(...requests.map((each) => player(each, run)));
  };
  const go = (place) => { seed.value = Math.min(MAX_SEED, Math.max(0, place)); show(); };
  byId("previous").onclick = () => go(Number(seed.value) - Number(count.value));
  byId("next").onclick = () => go(Number(seed.value) + Number(count.value));
  byId("shuffle").onclick = () => go(random());
  seed.oninput = to.oninput = later(show);
  count.onchange = label.onchange = show;
  return show;
}

async function start(list, player, words, showMore) {
  const run = await fetchJson("/api/run");
  document.title = `${run.name} – gan_tf`;
  byId("name").textContent = run.name;
  byId("about").textContent = `${run.arch} on ${run.dataset}, ${run.about}, step ${run.step.toLocaleString("en")}`;
  byId("label-control").hidden = !run.labels.length;
  run.labels.forEach((name, i) => byId("label").append(new Option(name, i)));
  for (const form of document.querySelectorAll("form.controls")) form.onsubmit = (event) => event.preventDefault();
  bindSamples(list, player, run)();
  showMore(run);
  showTraining(await fetchJson("/api/training"), run, words);
}

// Shows the run: fills a list with the items that `player` makes of requests, and binds the controls.
export function showPage(list, player, words, showMore = () => {}) {
  start(list, player, words, showMore).catch((error) => showProblem(error.message));
}
