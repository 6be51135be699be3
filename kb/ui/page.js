// Follows links of ours inside the session, copies, and brings the marked words into view.
// Texts arrive in attributes and leave as plain text; nothing is ever parsed as markup.

const SHOWN_MS = 1600;
const PICTURE_SCALE = 2; // pixels of a PNG for each of the page

function announce(button, words) {
  if (button.dataset.caption === undefined) button.dataset.caption = button.textContent;
  button.textContent = words;
  button.setAttribute("aria-live", "polite");
  setTimeout(() => { button.textContent = button.dataset.caption; }, SHOWN_MS);
}

async function copy(button) {
  const address = button.dataset.link;
  const text = address === undefined ? button.dataset.copy : new URL(address, location.href).href;
  try {
    await navigator.clipboard.writeText(text);
    announce(button, "Copied");
  } catch {
    announce(button, "Copying is not allowed here");
  }
}

// The figure as it is shown, with the colour of the page behind it.
function figure(name) {
  const shown = document.querySelector(`.st-key-${CSS.escape(name)} svg.marks`);
  if (!shown) return null;
  const copy = shown.cloneNode(true);
  copy.style.backgroundColor = getComputedStyle(shown).backgroundColor;
  copy.style.fontFamily = "Source Sans, sans-serif";
  const { width, height } = shown.getBoundingClientRect();
  return { text: new XMLSerializer().serializeToString(copy), width, height };
}

function download(content, file) {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(content);
  link.download = file;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), SHOWN_MS);
}

async function savePicture(button) {
  const { figure: name, file } = button.dataset;
  const found = figure(name);
  if (!found) return announce(button, "There is no figure");
  const drawn = new Blob([found.text], { type: "image/svg+xml" });
  if (file.endsWith(".svg")) return download(drawn, file);
  const picture = new Image();
  picture.src = `data:image/svg+xml;charset=utf-8,${encodeURIComponent(found.text)}`;
  await picture.decode();
  const canvas = document.createElement("canvas");
  canvas.width = PICTURE_SCALE * found.width;
  canvas.height = PICTURE_SCALE * found.height;
  canvas.getContext("2d").drawImage(picture, 0, 0, canvas.width, canvas.height);
  canvas.toBlob((content) => download(content, file), "image/png");
}

function showMarkedWords() {
  const words = document.getElementById("kb-here");
  if (!words || words.dataset.shown) return;
  words.dataset.shown = "yes";
  setTimeout(() => {
    words.scrollIntoView({ block: "center" });
    words.focus({ preventScroll: true });
  }, 60);
}

// As if the browser had gone there by itself: one entry of the history, which Streamlit then draws.
// It would write two itself, the first one with the new parameters under the page that is left.
function follow(link, isStep) {
  const there = new URL(link, location.href);
  if (there.origin !== location.origin) return;
  const isNew = isStep && there.href !== location.href;
  history[isNew ? "pushState" : "replaceState"]({}, "", there);
  if (isStep) document.querySelector('[data-testid="stMain"]')?.scrollTo(0, 0);
  window.dispatchEvent(new PopStateEvent("popstate", { state: {} }));
}

// Once for each drawing, however often Streamlit calls it.
function followOnce(link, container) {
  if (container.dataset.followed === link) return;
  container.dataset.followed = link;
  follow(link, true);
}

export default function ({ data, parentElement }) {
  if (data?.go) return void followOnce(data.go, parentElement.host ?? parentElement);
  const clicked = (event) => {
    const origin = event.target instanceof Element ? event.target : null;
    const button = origin?.closest("button.kb-copy");
    if (button?.dataset.figure) return void savePicture(button);
    if (button) return void copy(button);
    const link = origin?.closest("a.kb-link");
    const elsewhere = event.ctrlKey || event.metaKey || event.shiftKey || event.button !== 0;
    if (!link || elsewhere) return;
    event.preventDefault();
    follow(link.getAttribute("href"), !link.classList.contains("kb-opens"));
  };
  document.documentElement.lang = "en";
  document.addEventListener("click", clicked);
  const watcher = new MutationObserver(showMarkedWords);
  watcher.observe(document.body, { childList: true, subtree: true });
  showMarkedWords();
  return () => {
    document.removeEventListener("click", clicked);
    watcher.disconnect();
  };
}
