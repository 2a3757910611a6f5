// Single keys for hands that stay on the keyboard. Every key presses something that is on the page, so nothing is
// lost without them. They can be turned off (WCAG 2.2, 2.1.4), and stay off in this browser.

const OFF = "penholder.keys.off";
const LIST = "[data-item]";
const help = document.getElementById("keys");
const palette = document.getElementById("palette");

const all = (selector, within = document) => [...within.querySelectorAll(selector)];
const isShown = (element) => element.getClientRects().length > 0;
const areOff = () => localStorage.getItem(OFF) === "yes";
const isTyping = (target) =>
  target.closest("textarea, select, [contenteditable], input:not([type=checkbox]):not([type=radio])") !== null;

// --- the item at hand ------------------------------------------------------------------------------------------------

const items = () => all(LIST).filter(isShown);

function atHand() {
  return document.activeElement?.closest(LIST) ?? document.querySelector(`${LIST}.at-hand`);
}

export function takeUp(item) {
  for (const other of all(`${LIST}.at-hand`)) other.classList.remove("at-hand");
  item.classList.add("at-hand");
  item.tabIndex = -1;
  item.focus({ preventScroll: true });
  item.scrollIntoView({ block: "nearest" });
}

function move(step) {
  const shown = items();
  const place = shown.indexOf(atHand());
  const next = place < 0 ? (step > 0 ? 0 : shown.length - 1) : place + step;
  if (shown[next]) takeUp(shown[next]);
}

// --- what a key presses ------------------------------------------------------------------------------------------------

function findControl(key) {
  const fits = (element) => element.dataset.key === key && isShown(element) && !element.disabled;
  const item = atHand();
  const near = item && all("[data-key]", item).find(fits);
  return near ?? all("[data-key]").find((element) => fits(element) && !element.closest(LIST));
}

function press(control) {
  if (control.dataset.bulk !== undefined) selectAtHand();
  if (control.matches("select")) choose(control);
  else if (control.matches("input:not([type=checkbox]), textarea")) control.select();
  else control.click();
}

function selectAtHand() {
  const boxes = all(`${LIST} input[type=checkbox][data-key=x]`);
  const near = atHand()?.querySelector("input[type=checkbox][data-key=x]");
  if (near && !boxes.some((box) => box.checked)) near.checked = true;
}

// --- ranges: Shift takes everything from the last box to this one ------------------------------------------------------

let lastBox = null;
document.addEventListener("click", (event) => {
  const box = event.target.closest?.("input[type=checkbox][data-key=x]");
  if (!box) return;
  if (event.shiftKey && lastBox) {
    const boxes = all("input[type=checkbox][data-key=x]");
    const [from, to] = [boxes.indexOf(lastBox), boxes.indexOf(box)].sort((a, b) => a - b);
    for (const between of boxes.slice(from, to + 1)) between.checked = box.checked;
  }
  lastBox = box;
});

// --- a list to choose from: digits and letters pick at once, words narrow it -------------------------------------------

function list(rows, pick) {
  const found = palette.querySelector("ul");
  found.replaceChildren(
    ...rows.map((row, place) => {
      const entry = document.createElement("li");
      const button = document.createElement("button");
      button.type = "button";
      button.textContent = row.label;
      if (row.key) button.prepend(Object.assign(document.createElement("kbd"), { textContent: row.key }));
      button.addEventListener("click", () => pick(row));
      if (place === 0) button.classList.add("first");
      entry.append(button);
      return entry;
    }),
  );
}

function open(label, rows, pick, { pickByKey }) {
  const field = palette.querySelector("input");
  const choosePick = (row) => {
    palette.close();
    pick(row);
  };
  const narrow = () => {
    const words = field.value.toLowerCase().split(/\s+/);
    const shown = rows.filter((row) => words.every((word) => row.label.toLowerCase().includes(word)));
    list(shown.slice(0, 30), choosePick);
    return shown;
  };
  palette.querySelector("h2").textContent = label;
  field.value = "";
  field.oninput = narrow;
  field.onkeydown = (event) => {
    const byKey = pickByKey && field.value === "" && rows.find((row) => row.key === event.key);
    if (byKey || event.key === "Enter") {
      event.preventDefault();
      const row = byKey || narrow()[0];
      if (row) choosePick(row);
    }
  };
  narrow();
  palette.showModal();
  field.focus();
}

function choose(select) {
  const rows = [...select.options].map((option, place) => ({
    label: option.textContent.trim(),
    key: place < 9 ? String(place + 1) : "",
    value: option.value,
  }));
  const label = select.labels[0]?.textContent ?? "";
  open(label, rows, (row) => {
    select.value = row.value;
    select.form.querySelector("button.primary")?.click();
  }, { pickByKey: true });
}

async function showPalette() {
  const answer = await fetch(palette.dataset.source, { headers: { Accept: "application/json" } });
  const places = (await answer.json()).places;
  const keys = all("[data-key]").filter(isShown).map((element) => ({ label: nameOf(element), press: element }));
  const pages = all("nav a").map((link) => ({ label: link.textContent.trim(), url: link.href }));
  open(palette.dataset.label, [...keys, ...pages, ...places], (row) => (row.press ? press(row.press) : location.assign(row.url)), {
    pickByKey: false,
  });
}

// --- the keys of this page ---------------------------------------------------------------------------------------------

function nameOf(element) {
  return (element.getAttribute("aria-label") ?? element.labels?.[0]?.textContent ?? element.textContent).trim();
}

function showHelp() {
  const named = new Map();
  for (const element of all("[data-key]").filter(isShown)) {
    if (!named.has(element.dataset.key)) named.set(element.dataset.key, nameOf(element));
  }
  const rows = [...named].map(([key, name]) => {
    const row = document.createElement("li");
    row.append(Object.assign(document.createElement("kbd"), { textContent: key }), ` ${name}`);
    return row;
  });
  help.querySelector("[data-here]").replaceChildren(...rows);
  help.querySelector("input").checked = !areOff();
  help.showModal();
}

help?.querySelector("input").addEventListener("change", (event) => {
  if (event.target.checked) localStorage.removeItem(OFF);
  else localStorage.setItem(OFF, "yes");
  showState();
});

function showState() {
  document.documentElement.classList.toggle("with-keys", !areOff());
}

const GENERAL = {
  j: () => move(1),
  k: () => move(-1),
  "?": showHelp,
};

document.addEventListener("keydown", (event) => {
  if (!help) return;
  if ((event.ctrlKey || event.metaKey) && event.key === "k") {
    event.preventDefault();
    showPalette();
    return;
  }
  if (document.querySelector("dialog[open]")) return;
  if (event.key === "Escape") document.activeElement?.blur();
  if (areOff() || event.ctrlKey || event.metaKey || event.altKey || isTyping(event.target)) return;
  const control = GENERAL[event.key] ? null : findControl(event.key.length === 1 ? event.key.toLowerCase() : "");
  if (!GENERAL[event.key] && !control) return;
  event.preventDefault();
  if (control && event.shiftKey && control.dataset.key === "x") {
    control.dispatchEvent(new MouseEvent("click", { bubbles: true, cancelable: true, shiftKey: true }));
  } else if (control) press(control);
  else GENERAL[event.key]();
});

for (const button of all("[data-opens=keys]")) button.addEventListener("click", showHelp);
for (const button of all("[data-opens=palette]")) button.addEventListener("click", showPalette);
for (const button of all("dialog [data-closes]")) button.addEventListener("click", () => button.closest("dialog").close());

showState();
