// What a person would trip over, found by measuring. Evaluates to a list of sentences, empty when all is well.
(width) => {
  const faults = [];
  const name = (node) =>
    `<${node.tagName.toLowerCase()}${node.id ? "#" + node.id : ""} class="${node.getAttribute("class") ?? ""}"> ${(node.textContent ?? "").trim().slice(0, 40)}`;
  const visible = (node) => {
    const box = node.getBoundingClientRect();
    const style = getComputedStyle(node);
    return (
      box.width > 1 &&
      box.height > 1 &&
      style.visibility !== "hidden" &&
      style.clipPath === "none" &&
      node.checkVisibility()
    );
  };
  const scrolls = document.documentElement.scrollWidth;
  if (scrolls > width) faults.push(`the page is ${scrolls} px wide on a screen of ${width}`);
  const LEAST = 47.5;
  for (const node of document.querySelectorAll("button, summary, select, textarea, input, a, label.option")) {
    if (!visible(node)) continue;
    const box = node.getBoundingClientRect();
    const style = getComputedStyle(node);
    const isInline = node.tagName === "A" && style.display === "inline";
    const isInLabel = node.tagName === "INPUT" && ["checkbox", "radio"].includes(node.type);
    if (!isInline && !isInLabel && box.height < LEAST)
      faults.push(`only ${box.height.toFixed(1)} px high: ${name(node)}`);
    if (!isInline && !isInLabel && box.width < LEAST)
      faults.push(`only ${box.width.toFixed(1)} px wide: ${name(node)}`);
    if (node.disabled) continue;
    node.scrollIntoView({ block: "center", inline: "nearest" });
    const seen = node.getBoundingClientRect();
    const [x, y] = [seen.x + seen.width / 2, seen.y + seen.height / 2];
    if (x < 0 || y < 0 || x >= innerWidth || y >= innerHeight) continue;
    const hit = document.elementFromPoint(x, y);
    const isOwn = hit && (node.contains(hit) || hit.contains(node) || hit.closest("label")?.control === node);
    if (!isOwn && !isInline) faults.push(`covered by ${hit ? name(hit) : "nothing"}: ${name(node)}`);
  }
  scrollTo(0, 0);
  return faults;
};
