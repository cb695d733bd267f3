// The sun theme: black on white for reading outdoors. A cookie remembers it on this device, so that the server can
// set <html data-theme> before the first paint; the page of a phone without signal reads the cookie itself.

import { all } from "../core/dom.js";
import { announce } from "../core/events.js";

const A_YEAR_SECONDS = 31_536_000;

/** @returns {"plain" | "sun"} */
export function rememberedTheme() {
  return /(^|;\s*)theme=sun(;|$)/.test(document.cookie) ? "sun" : "plain";
}

/** @param {"plain" | "sun"} theme */
export function applyTheme(theme) {
  if (theme === "sun") document.documentElement.dataset.theme = "sun";
  else delete document.documentElement.dataset.theme;
  for (const button of all("[data-theme-toggle]")) button.setAttribute("aria-pressed", String(theme === "sun"));
}

export function startTheme() {
  applyTheme(rememberedTheme());
  document.addEventListener("click", (event) => {
    if (!(event.target instanceof Element) || !event.target.closest("[data-theme-toggle]")) return;
    const theme = rememberedTheme() === "sun" ? "plain" : "sun";
    document.cookie = `theme=${theme}; path=/; max-age=${A_YEAR_SECONDS}; samesite=lax`;
    applyTheme(theme);
    announce("theme:changed", { theme });
  });
}
