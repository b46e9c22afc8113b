// Pictures that the user gives: by the button, dropped, or pasted.

// Calls `use` with each file that is given.
export function receive(input, use) {
  input.onchange = () => { if (input.files[0]) use(input.files[0]); input.value = ""; };
  document.addEventListener("paste", (event) => {
    const file = [...event.clipboardData.files][0];
    if (file) { event.preventDefault(); use(file); }
  });
  const over = (is) => document.body.classList.toggle("dropping", is);
  document.addEventListener("dragover", (event) => {
    if (![...event.dataTransfer.types].includes("Files")) return;
    event.preventDefault();
    over(true);
  });
  document.addEventListener("dragleave", (event) => { if (!event.relatedTarget) over(false); });
  document.addEventListener("drop", (event) => {
    over(false);
    const file = event.dataTransfer.files[0];
    if (file) { event.preventDefault(); use(file); }
  });
}

// The file itself, or, if it is larger than the server takes and this browser can read it, a smaller copy.
export async function fitted(file, pixels, { side, bytes }) {
  const image = await createImageBitmap(file).catch(() => undefined);
  const known = image ? [image.width, image.height] : undefined;
  const scale = known ? Math.min(1, Math.sqrt(pixels / (known[0] * known[1])), side / Math.max(...known)) : 1;
  if (scale === 1 && file.size <= bytes) return { picture: file };
  if (!known) throw new Error(`A picture may have ${bytes >> 20} MB: make this one smaller.`);
  const size = known.map((each) => Math.max(1, Math.floor(each * scale)));
  const canvas = new OffscreenCanvas(...size), context = canvas.getContext("2d");
  context.imageSmoothingQuality = "high";
  context.drawImage(image, 0, 0, ...size);
  const [from, to] = [known, size].map((each) => each.map((n) => n.toLocaleString("en")).join("×"));
  return {
    picture: await canvas.convertToBlob(),
    remark: scale < 1 && `Scaled down from ${from} to ${to} pixels: gan_tf.translate takes any size.`,
  };
}

// Sends a picture, and returns the one that the server makes of it, as a Blob.
export async function send(address, picture) {
  const response = await fetch(address, { method: "POST", body: picture, headers: { "Content-Type": "application/octet-stream" } })
    .catch(() => { throw new Error("The server does not respond: is it still running?"); });
  if (response.ok) return response.blob();
  const answer = await response.json().catch(() => ({ error: `The server failed (${response.status}).` }));
  throw new Error(answer.error);
}
