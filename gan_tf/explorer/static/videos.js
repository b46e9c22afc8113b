// The page of videos: those that play, their frames, content and motion.
import { address, describe, later, showProblem } from "./images.js";
import { byId, random, sayWhyItFails, showPage } from "./played.js";

const GRID = 6;
const WORDS = {
  snapshots: "The same latents during training",
  baselines: ["real videos", "noise"],
  reals: "Real videos from the data set",
  real: "Real videos",
};

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
  sayWhyItFails(image);
  name.textContent = title ?? describe(request, run);
  name.href = moving(request);
  name.download = "";
  button.append(image);
  item.append(button, name);
  show();
  return item;
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

showPage(byId("videos"), player, WORDS, (run) => {
  byId("motion").hidden = byId("motion-link").hidden = !run.moving;
  if (run.moving) bindMotion(run)();
});
