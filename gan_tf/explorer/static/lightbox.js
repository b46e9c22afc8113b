// One image, large: to save, to go on from, to step to its neighbours.
import { address, describe } from "./images.js";

export function makeLightbox(run, picks) {
  const byId = (id) => document.getElementById(id);
  const dialog = byId("lightbox"), image = byId("enlarged");
  let tile;

  function show(next) {
    tile = next;
    image.src = address(tile.wanted);
    image.alt = describe(tile.wanted, run);
    byId("caption").textContent = describe(tile.wanted, run);
    byId("save").href = `${address(tile.wanted)}&download=1`;
    const plain = tile.wanted.to === undefined && !tile.wanted.move;
    byId("picks").hidden = !plain;
    byId("back").disabled = !neighbour(-1);
    byId("forth").disabled = !neighbour(1);
  }
  function neighbour(way) {
    return tile.parentElement.classList.contains("grid") && (way < 0 ? tile.previousElementSibling : tile.nextElementSibling);
  }
  function step(way) {
    const next = neighbour(way);
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
    byId(id).onclick = () => { const { seed } = tile.wanted; dialog.close(); pick(seed); };
  }
  return (opened) => { show(opened); dialog.showModal(); };
}
