// Follows links of ours inside the session, copies, and brings the marked words into view.
// Texts arrive in attributes and leave as plain text; nothing is ever parsed as markup.

const SHOWN_MS = 1600;

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

function showMarkedWords() {
  const words = document.getElementById("kb-here");
  if (!words || words.dataset.shown) return;
  words.dataset.shown = "yes";
  setTimeout(() => {
    words.scrollIntoView({ block: "center" });
    words.focus({ preventScroll: true });
  }, 60);
}

export default function ({ setTriggerValue }) {
  const clicked = (event) => {
    const origin = event.target instanceof Element ? event.target : null;
    const button = origin?.closest("button.kb-copy");
    if (button) return void copy(button);
    const link = origin?.closest("a.kb-link");
    const elsewhere = event.ctrlKey || event.metaKey || event.shiftKey || event.button !== 0;
    if (!link || elsewhere) return;
    event.preventDefault();
    setTriggerValue("go", link.getAttribute("href"));
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
