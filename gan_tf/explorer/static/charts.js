// Curves as SVG.
const WIDTH = 340, HEIGHT = 180, LEFT = 44, RIGHT = 8, TOP = 8, BOTTOM = 22;
const short = (value) => (Math.abs(value) >= 1e4 ? value.toExponential(0) : String(Number(value.toPrecision(3))));
const inWords = (name) => name.replaceAll("_", " ");

function make(name, attributes, text) {
  const element = document.createElementNS("http://www.w3.org/2000/svg", name);
  for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value);
  if (text !== undefined) element.textContent = text;
  return element;
}

// Round tick values that cover a range.
export function ticks(low, high, count = 4) {
  const rough = (high - low || Math.abs(high) || 1) / count, power = 10 ** Math.floor(Math.log10(rough));
  const step = [1, 2, 5, 10].map((each) => each * power).find((each) => each >= rough);
  const first = Math.floor(low / step), last = Math.ceil(high / step);
  return Array.from({ length: last - first + 1 }, (_, i) => Number(((first + i) * step).toPrecision(12)));
}

export function drawChart({ title, lines }) {
  const all = lines.flatMap((line) => line.points);
  const values = all.map((point) => point[1]), steps = all.map((point) => point[0]);
  const marks = ticks(Math.min(...values), Math.max(...values)), [low, high] = [marks[0], marks.at(-1)];
  const first = Math.min(...steps), last = Math.max(...steps);
  const x = (step) => LEFT + (WIDTH - LEFT - RIGHT) * ((step - first) / (last - first || 1));
  const y = (value) => HEIGHT - BOTTOM - (HEIGHT - TOP - BOTTOM) * ((value - low) / (high - low || 1));

  const svg = make("svg", { viewBox: `0 0 ${WIDTH} ${HEIGHT}`, role: "img", "aria-label": summary(title, lines) });
  for (const mark of marks) {
    svg.append(make("path", { class: "axis", d: `M${LEFT} ${y(mark)}H${WIDTH - RIGHT}` }));
    svg.append(make("text", { x: LEFT - 5, y: y(mark) + 4, "text-anchor": "end" }, short(mark)));
  }
  for (const [step, anchor] of [[first, "start"], [last, "end"]]) {
    if (step === last && last === first && anchor === "end") continue;
    svg.append(make("text", { x: x(step), y: HEIGHT - 5, "text-anchor": anchor }, `${anchor === "end" ? "step " : ""}${step.toLocaleString("en")}`));
  }
  lines.forEach((line, i) => {
    const path = line.points.map(([step, value], k) => `${k ? "L" : "M"}${x(step).toFixed(1)} ${y(value).toFixed(1)}`).join("");
    svg.append(line.points.length > 1 ? make("path", { class: `curve line-${i % 4}`, d: path })
      : make("circle", { class: `curve line-${i % 4}`, cx: x(line.points[0][0]), cy: y(line.points[0][1]), r: 2.5 }));
  });
  const cursor = svg.appendChild(make("path", { class: "cursor" }));

  const figure = document.createElement("figure"), heading = document.createElement("h3"), legend = document.createElement("ul");
  heading.textContent = inWords(title)[0].toUpperCase() + inWords(title).slice(1);
  legend.className = "legend";
  const shown = lines.map((line, i) => {
    const item = document.createElement("li"), sign = make("svg", { viewBox: "0 0 20 8", "aria-hidden": "true" }), value = document.createElement("b");
    sign.append(make("path", { class: `curve line-${i % 4}`, d: "M0 4H20" }));
    item.append(sign, inWords(line.name), value);
    legend.append(item);
    return value;
  });
  // Shows the values at a step, or the last ones.
  function read(at) {
    lines.forEach((line, i) => {
      const near = at === undefined ? line.points.at(-1)
        : line.points.reduce((best, point) => (Math.abs(point[0] - at) < Math.abs(best[0] - at) ? point : best));
      shown[i].textContent = short(near[1]);
    });
    cursor.setAttribute("d", at === undefined ? "" : `M${x(at)} ${TOP}V${HEIGHT - BOTTOM}`);
  }
  svg.addEventListener("pointermove", (event) => {
    const box = svg.getBoundingClientRect(), at = ((event.clientX - box.left) / box.width) * WIDTH;
    const step = first + ((at - LEFT) / (WIDTH - LEFT - RIGHT)) * (last - first);
    read(Math.min(last, Math.max(first, step)));
  });
  svg.addEventListener("pointerleave", () => read());
  read();
  figure.append(heading, svg, legend);
  return figure;
}

function summary(title, lines) {
  const texts = lines.map((line) => `${inWords(line.name)} ${short(line.points[0][1])} at the start, ${short(line.points.at(-1)[1])} at the end`);
  return `${inWords(title)}: ${texts.join("; ")}`;
}
