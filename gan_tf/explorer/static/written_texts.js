// The page of texts: a line in each style, and one between two styles.
import { showHeader } from "./header.js";
import { fetchJson, later, showProblem } from "./images.js";
import { showTraining } from "./training.js";

const byId = (id) => document.getElementById(id);
const WORDS = {
  snapshots: "Held-out characters during training: source, output, true character",
  baselines: ["other characters", "source font"],
  reals: "True characters of the styles",
  real: "True characters",
};

const address = (request) => `/text.png?${new URLSearchParams(request)}`;

// A line of text with a name above it, and a link to save it.
function addLine(box, name, saves) {
  const figure = document.createElement("figure"), caption = document.createElement("figcaption");
  const line = document.createElement("div"), title = document.createElement("b"), save = document.createElement("a");
  title.textContent = name;
  caption.append(title);
  if (saves) {
    save.textContent = "Save PNG";
    save.ariaLabel = `Save ${name} as PNG`;
    caption.append(save);
  }
  line.className = "line";
  line.tabIndex = 0; // so that arrow keys scroll a long text
  line.append(document.createElement("img"));
  figure.append(caption, line);
  box.append(figure);
  return { line, save, title };
}

// Shows a text; the previous one stays, faded, until this one is loaded.
function show({ line, save }, request, alt, file) {
  const image = line.querySelector("img"), source = address(request);
  line.ariaBusy = "true";
  line.role = "group";
  line.ariaLabel = alt;
  image.onload = () => { line.ariaBusy = "false"; line.classList.remove("failed"); showProblem(""); };
  image.onerror = () => {
    line.ariaBusy = "false";
    line.classList.add("failed");
    // To get the reason, which the image element does not have.
    fetchJson(source).catch((error) => { if (image.getAttribute("src") === source) showProblem(error.message); });
  };
  image.alt = alt;
  image.src = save.href = source;
  save.download = file;
}

function bindTexts(run) {
  const text = byId("text"), names = run.styles.length ? run.styles : ["Output"];
  const lines = [addLine(byId("styles"), "Source font", false), ...names.map((name) => addLine(byId("styles"), name, true))];
  text.maxLength = run.most;
  text.value = run.text;
  return () => {
    if (!text.reportValidity()) return false;
    lines.forEach((line, i) => {
      const request = { text: text.value, ...(i ? { style: i - 1 } : {}) };
      const name = i ? names[i - 1] : "the source font";
      show(line, request, `${text.value} in ${name}`, `${run.name}-${name}.png`);
    });
    return true;
  };
}

function bindBetween(run) {
  const from = byId("from"), to = byId("to"), share = byId("share"), shown = byId("share-value");
  const line = addLine(byId("blend"), "", true);
  for (const select of [from, to]) run.styles.forEach((name, i) => select.append(new Option(name, i)));
  to.value = String(run.styles.length - 1);
  const blend = () => {
    const [first, second] = [from, to].map((each) => run.styles[each.value]);
    shown.textContent = `${share.value}%`;
    share.setAttribute("aria-valuetext", `${100 - share.value}% ${first}, ${share.value}% ${second}`);
    line.title.textContent = share.getAttribute("aria-valuetext");
    const request = { text: byId("text").value, style: from.value, to: to.value, share: share.value / 100 };
    show(line, request, `${request.text}: ${line.title.textContent}`, `${run.name}-between.png`);
  };
  const redraw = later(blend, 60);
  share.oninput = () => { shown.textContent = `${share.value}%`; redraw(); };
  from.onchange = to.onchange = blend;
  byId("swap").onclick = () => { [from.value, to.value] = [to.value, from.value]; blend(); };
  return blend;
}

async function start() {
  const run = await fetchJson("/api/run");
  showHeader(run);
  for (const form of document.querySelectorAll("form.controls")) form.onsubmit = (event) => event.preventDefault();
  const write = bindTexts(run), several = run.styles.length > 1;
  byId("between").hidden = byId("between-link").hidden = !several;
  const blend = several ? bindBetween(run) : () => {};
  const redraw = later(() => { if (write()) blend(); }, 300);
  byId("text").oninput = redraw;
  write();
  blend();
  showTraining(await fetchJson("/api/training"), run, WORDS);
}

start().catch((error) => showProblem(error.message));
