// The page: loads the facts about the run, and binds the controls.
import { showHeader } from "./header.js";
import { fetchJson, fill, later, paint, showProblem, walkByKeys } from "./images.js";
import { makeLightbox } from "./lightbox.js";
import { showTraining } from "./training.js";

const byId = (id) => document.getElementById(id);
const MAX_SEED = 2147483600, STEPS = 9;

function bindSamples(run, open, shared) {
  const seed = byId("seed"), count = byId("count");
  const show = () => {
    if (!seed.reportValidity()) return;
    const first = Number(seed.value);
    const all = Array.from({ length: Number(count.value) }, (_, i) => ({ seed: first + i, ...shared() }));
    fill(byId("grid"), all, run, open);
  };
  const go = (to) => { seed.value = Math.min(MAX_SEED, Math.max(0, to)); show(); };
  byId("previous").onclick = () => go(Number(seed.value) - Number(count.value));
  byId("next").onclick = () => go(Number(seed.value) + Number(count.value));
  byId("shuffle").onclick = () => go(Math.floor(Math.random() * 1e6));
  seed.oninput = later(show, 250);
  count.onchange = show;
  walkByKeys(byId("grid"));
  return show;
}

function bindDirections(run, open, shared) {
  const tile = byId("moved"), seed = byId("moved-seed"), box = byId("sliders");
  const sliders = [], chosen = []; // a slider for each direction, and, of styles, the layers that it moves
  const layers = (i) => (chosen[i]?.value ? `:${chosen[i].value}` : "");
  const show = () => {
    if (!seed.reportValidity()) return;
    const move = sliders.map(({ value }, i) => [i, Number(value)]).filter(([, far]) => far).map(([i, far]) => `${i}:${far}${layers(i)}`).join(",");
    paint(tile, { seed: Number(seed.value), ...shared(), move }, run);
  };
  tile.onclick = () => open(tile);
  seed.oninput = later(show, 250);
  byId("reset").onclick = () => { for (const each of sliders) { each.value = 0; each.dispatchEvent(new Event("input")); } show(); };
  const find = () => fetchJson("/api/directions").then(({ count }) => {
    box.replaceChildren();
    for (let i = 0; i < count; i++) {
      const label = document.createElement("label"), slider = document.createElement("input"), shown = document.createElement("output");
      Object.assign(slider, { type: "range", min: -5, max: 5, step: 0.25, value: 0, ariaLabel: `Direction ${i + 1}` });
      const draw = later(show, 60);
      slider.oninput = () => { shown.textContent = Number(slider.value).toFixed(2); draw(); };
      shown.textContent = "0.00";
      label.append(`${i + 1}`, slider, shown);
      box.append(label);
      sliders.push(slider);
      if (run.styles) {
        const some = document.createElement("select");
        some.ariaLabel = `Layers of direction ${i + 1}`;
        some.append(new Option("all layers", ""));
        for (const name of ["coarse", "middle", "fine"]) {
          const [first, behind] = run.styles[name];
          some.append(new Option(name, `${first}-${behind - 1}`));
        }
        some.onchange = show;
        label.append(some);
        chosen.push(some);
      }
    }
    if (!count) box.textContent = "No directions: this generator's images are all the same.";
  }, (error) => { box.textContent = error.message; });
  return { show, find, pick: (value) => { seed.value = value; show(); tile.focus(); tile.scrollIntoView({ block: "center" }); } };
}

function bindInterpolation(run, open, shared) {
  const from = byId("from"), to = byId("to"), strip = byId("strip"), space = byId("space");
  const show = () => {
    if (!from.reportValidity() || !to.reportValidity()) return;
    const all = Array.from({ length: STEPS }, (_, i) => {
      const ends = { seed: Number(from.value), ...shared() };
      return i ? { ...ends, to: Number(to.value), share: i / (STEPS - 1), space: space.value } : ends;
    });
    fill(strip, all, run, open);
  };
  from.oninput = to.oninput = later(show, 250);
  space.onchange = show;
  byId("swap").onclick = () => { [from.value, to.value] = [to.value, from.value]; show(); };
  walkByKeys(strip);
  return { show, pick: (input) => (value) => { input.value = value; show(); strip.children[0].focus(); strip.scrollIntoView({ block: "center" }); } };
}

async function start() {
  const run = await fetchJson("/api/run");
  showHeader(run);

  const label = byId("label"), truncation = byId("truncation"), psi = byId("psi");
  byId("label-control").hidden = !run.labels.length;
  byId("one-class").hidden = !run.labels.length;
  for (const name of ["psi", "space"]) byId(`${name}-control`).hidden = !run.styles;
  byId("truncation-control").hidden = Boolean(run.styles); // the mapping network undoes most of it
  const cut = run.styles ? "psi" : "truncation";
  byId("shared").textContent = run.labels.length ? `Class and ${cut} apply to the entire page.` : `${cut[0].toUpperCase()}${cut.slice(1)} applies to the entire page.`;
  if (run.styles) byId("of-directions").textContent = "The directions of styles along which images change most (GANSpace), in standard deviations; each moves all layers, or some.";
  run.labels.forEach((name, i) => label.append(new Option(name, i)));
  const given = ({ value, max }) => (value === max ? "" : value);
  const shared = () => ({ label: label.value, truncation: given(truncation), psi: given(psi) });

  let open;
  const lazily = (tile) => open(tile);
  const samples = bindSamples(run, lazily, shared);
  const directions = bindDirections(run, lazily, shared);
  const interpolation = bindInterpolation(run, lazily, shared);
  open = makeLightbox(run, {
    "pick-moved": directions.pick,
    "pick-from": interpolation.pick(byId("from")),
    "pick-to": interpolation.pick(byId("to")),
  });
  const all = () => { samples(); directions.show(); interpolation.show(); };
  label.onchange = all;
  const redraw = later(all, 200);
  truncation.oninput = () => { byId("truncation-value").textContent = shared().truncation || "off"; redraw(); };
  psi.oninput = () => { byId("psi-value").textContent = psi.value; redraw(); };
  for (const form of document.querySelectorAll("form.controls")) form.onsubmit = (event) => event.preventDefault();
  all();
  showTraining(await fetchJson("/api/training"), run);
  // Samples first: computing the directions blocks the model for some seconds.
  await Promise.allSettled([...document.querySelectorAll(".tile img")].map((image) => image.decode()));
  directions.find();
}

start().catch((error) => showProblem(error.message));
