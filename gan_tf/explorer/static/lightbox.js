// One enlarged image: to save it, start from it, or step to its neighbors.
import { address, describe } from "./images.js";

export function makeLightbox(run, picks) {
  const byId = (id) => document.getElementById(id);
  const dialog = byId("lightbox"), image = byId("enlarged");
  let tile;

  function show(next) {
    tile = next;
    image.src = address(tile.request);
    image.alt = describe(tile.request, run);
    byId("caption").textContent = describe(tile.request, run);
    byId("save").href = `${address(tile.request)}&download=1`;
    const plain = tile.request.to === undefined && !tile.request.move;
    byId("picks").hidden = !plain;
    byId("back").disabled = !neighbor(-1);
    byId("forth").disabled = !neighbor(1);
  }
  function neighbor(way) {
    return tile.parentElement.classList.contains("grid") && (way < 0 ? tile.previousElementSibling : tile.nextElementSibling);
  }
  function step(way) {
    const next = neighbor(way);
    if (next) show(next);
  }
  byId("back").onclick = () => step(-1);
  byId("forth").onclick = () => step(1);
  dialog.addEventListener("keydown", (event) => {
    if (event.key === "ArrowLeft") step(-1);
    if (event.key === "ArrowRight") step(1);
  });
  dialog.addEventListener("click", (event) => { if (event.target === dialog) dialog.close(); });
  dialog.addEventListener("close", () => tile.focus());
  for (const [id, pick] of Object.entries(picks)) {
    byId(id).onclick = () => { const { seed } = tile.request; dialog.close(); pick(seed); };
  }
  return (opened) => { show(opened); dialog.showModal(); };
}
