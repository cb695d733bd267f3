// Files may be dropped anywhere on the upload page. Without JavaScript the field of files does the same.

import { element, one, whenPresent } from "../core/dom.js";
import { _ } from "../core/i18n.js";

/** @param {HTMLElement} box */
function start(box) {
  const field = /** @type {HTMLInputElement} */ (one("input[type=file]", box));
  const list = /** @type {HTMLElement} */ (one("[data-dropped]", box));
  const hint = /** @type {HTMLElement} */ (one("[data-drop-hint]", box));
  hint.textContent = _("Drop one or several files here, or choose them.");
  field.addEventListener("change", tell);
  for (const name of ["dragenter", "dragover"]) addEventListener(name, (event) => over(event, true));
  for (const name of ["dragleave", "drop"]) addEventListener(name, (event) => over(event, false));
  addEventListener("drop", (event) => {
    const files = /** @type {DragEvent} */ (event).dataTransfer?.files;
    if (!files?.length) return;
    field.files = files;
    tell();
  });

  /** @param {Event} event @param {boolean} isOver */
  function over(event, isOver) {
    if (!(/** @type {DragEvent} */ (event).dataTransfer?.types.includes("Files"))) return;
    event.preventDefault();
    box.classList.toggle("over", isOver);
  }

  function tell() {
    list.replaceChildren(
      ...[...(field.files ?? [])].map((file) =>
        element("li", { class: "file-name" }, `${file.name} (${(file.size / 1024 / 1024).toFixed(1)} MB)`),
      ),
    );
  }
}

whenPresent("[data-drop]", start);
