// What every page shows of its run at the top.
const byId = (id) => document.getElementById(id);

export function showHeader(run) {
  document.title = `${run.name} – gan_tf`;
  byId("name").textContent = run.name;
  byId("about").textContent = `${run.arch} on ${run.dataset}, ${run.width}×${run.height} pixels, step ${run.step.toLocaleString("en")}`;
  document.documentElement.style.setProperty("--aspect", `${run.width} / ${run.height}`);
  document.documentElement.style.setProperty("--tile", `${Math.min(128, Math.max(80, run.width))}px`);
  document.body.classList.toggle("pixelated", Math.max(run.width, run.height) <= 64);
}
