// Doubtful rows of a roll by keyboard alone: every button and link that has a data-key is pressed by that key.

const ARROWS = { ArrowRight: "j", ArrowDown: "j", ArrowLeft: "k", ArrowUp: "k" };

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || event.repeat) return;
  if (event.target instanceof Element && event.target.closest("input:not([type=hidden]), select, textarea")) return;
  const key = ARROWS[event.key] ?? event.key.toLowerCase();
  if (!/^[0-9jku]$/.test(key)) return;
  const wanted = document.querySelector(`[data-key="${key}"]`);
  if (!(wanted instanceof HTMLElement)) return;
  event.preventDefault();
  wanted.click();
});
