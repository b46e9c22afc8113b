// Images of the generator: addresses, tiles, loading states.

export const address = (wanted) => {
  const given = Object.entries(wanted).filter(([, value]) => value !== "" && value !== undefined);
  return `/image.png?${new URLSearchParams(given)}`;
};

export const describe = (wanted, run) => {
  const parts = [`seed ${wanted.seed}`];
  if (wanted.to !== undefined) parts[0] += ` to ${wanted.to}, ${Math.round(100 * wanted.share)}% of the way`;
  if (wanted.label !== undefined && wanted.label !== "") parts.push(`class ${run.labels[wanted.label]}`);
  if (wanted.truncation) parts.push(`truncation ${wanted.truncation}`);
  if (wanted.move) parts.push(`moved ${wanted.move.replaceAll(",", ", ")}`);
  return parts.join(", ");
};

export async function ask(path) {
  const response = await fetch(path).catch(() => { throw new Error("The server does not answer: is it still running?"); });
  if (response.ok) return response.json();
  const told = await response.json().catch(() => ({ error: `The server failed (${response.status}).` }));
  throw new Error(told.error);
}

export function tell(text) {
  const problem = document.getElementById("problem");
  problem.textContent = text;
  problem.hidden = !text;
}

// Loads an image into a tile: the one before stays, faded, until the new one is there.
export function paint(tile, wanted, run) {
  const image = tile.querySelector("img"), source = address(wanted);
  tile.wanted = wanted;
  if (image.getAttribute("src") === source && !tile.classList.contains("failed")) return;
  tile.ariaBusy = "true";
  tile.classList.remove("failed");
  image.alt = describe(wanted, run);
  image.onload = () => { tile.ariaBusy = "false"; tell(""); };
  image.onerror = () => {
    tile.ariaBusy = "false";
    tile.classList.add("failed");
    ask(source).catch((error) => tell(error.message)); // why, the image itself cannot say
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

// Fills a grid with as many tiles as there are images, of which one is in the tab order.
export function fill(grid, all, run, open) {
  while (grid.children.length < all.length) grid.append(makeTile(open));
  while (grid.children.length > all.length) grid.lastChild.remove();
  all.forEach((wanted, i) => paint(grid.children[i], wanted, run));
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
