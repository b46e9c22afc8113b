// Generated images: addresses, tiles, loading states.

export const address = (request) => {
  const given = Object.entries(request).filter(([, value]) => value !== "" && value !== undefined);
  return `/image.png?${new URLSearchParams(given)}`;
};

export const describe = (request, run) => {
  const parts = [`seed ${request.seed}`];
  if (request.to !== undefined) parts[0] += ` to ${request.to}, ${Math.round(100 * request.share)}% of the way`;
  if (request.motion !== undefined) parts.push(`motion of seed ${request.motion}`);
  if (request.label !== undefined && request.label !== "") parts.push(`class ${run.labels[request.label]}`);
  if (request.space === "z") parts.push("through latents");
  if (request.psi) parts.push(`psi ${request.psi}`);
  if (request.truncation) parts.push(`truncation ${request.truncation}`);
  if (request.move) parts.push(`moved ${request.move.replaceAll(",", ", ")}`);
  return parts.join(", ");
};

export async function fetchJson(path) {
  const response = await fetch(path).catch(() => { throw new Error("The server does not respond: is it still running?"); });
  if (response.ok) return response.json();
  const answer = await response.json().catch(() => ({ error: `The server failed (${response.status}).` }));
  throw new Error(answer.error);
}

// Returns a function that acts once it has not been called for some milliseconds.
export function later(act, wait = 250) {
  let timer;
  return () => { clearTimeout(timer); timer = setTimeout(act, wait); };
}

export function showProblem(text) {
  const problem = document.getElementById("problem");
  problem.textContent = text;
  problem.hidden = !text;
}

// Loads an image into a tile; the previous one stays, faded, until the new one is loaded.
export function paint(tile, request, run) {
  const image = tile.querySelector("img"), source = address(request);
  tile.request = request;
  if (image.getAttribute("src") === source && !tile.classList.contains("failed")) return;
  tile.ariaBusy = "true";
  tile.classList.remove("failed");
  image.alt = describe(request, run);
  image.onload = () => { tile.ariaBusy = "false"; showProblem(""); };
  image.onerror = () => {
    tile.ariaBusy = "false";
    tile.classList.add("failed");
    fetchJson(source).catch((error) => showProblem(error.message)); // to get the reason, which the image element does not have
  };
  image.src = source;
}

export function makeTile(open) {
  const tile = document.createElement("button"), image = document.createElement("img");
  tile.type = "button";
  tile.className = "tile";
  tile.append(image);
  tile.addEventListener("click", () => open(tile));
  return tile;
}

// Fills a grid with a tile per image, one of which is in the tab order.
export function fill(grid, all, run, open) {
  while (grid.children.length < all.length) grid.append(makeTile(open));
  while (grid.children.length > all.length) grid.lastChild.remove();
  all.forEach((request, i) => paint(grid.children[i], request, run));
  const tiles = [...grid.children];
  if (!tiles.some((tile) => tile.tabIndex === 0 && tile.dataset.chosen)) choose(grid, tiles[0], false);
}

export function choose(grid, tile, focus = true) {
  for (const each of grid.children) { each.tabIndex = -1; delete each.dataset.chosen; }
  tile.tabIndex = 0;
  tile.dataset.chosen = "yes";
  if (focus) tile.focus();
}

export function walkByKeys(grid) {
  grid.addEventListener("focusin", (event) => choose(grid, event.target.closest(".tile"), false));
  grid.addEventListener("keydown", (event) => {
    const tiles = [...grid.children], at = tiles.indexOf(document.activeElement);
    const columns = getComputedStyle(grid).gridTemplateColumns.split(" ").length;
    const steps = { ArrowLeft: -1, ArrowRight: 1, ArrowUp: -columns, ArrowDown: columns, Home: -at, End: tiles.length - 1 - at };
    if (at < 0 || !(event.key in steps)) return;
    event.preventDefault();
    const next = tiles[at + steps[event.key]];
    if (next) choose(grid, next);
  });
}
