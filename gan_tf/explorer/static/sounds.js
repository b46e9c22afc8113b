// The page of sound: clips to hear and to see.
import { address, describe, showProblem } from "./images.js";
import { byId, sayWhyItFails, showPage } from "./played.js";

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
  sayWhyItFails(image);
  image.src = address(request);
  image.alt = `${describe(request, run)}: play`;
  sound.src = address(request).replace("/image.png", "/clip.wav");
  sound.controls = true;
  sound.preload = "none";
  button.onclick = () => { sound.currentTime = 0; sound.play().catch((error) => showProblem(error.message)); };
  name.textContent = describe(request, run);
  button.append(image);
  item.append(button, name, sound);
  return item;
}

showPage(byId("sounds"), player, WORDS);
