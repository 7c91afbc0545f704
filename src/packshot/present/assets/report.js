// Finding and filtering. Everything can be read without it; it fetches nothing and works from file://.
(() => {
  "use strict";
  const root = document.body.dataset.root;
  document.documentElement.classList.add("js");

  const words = (text) => text.toLocaleLowerCase().split(/\s+/).filter(Boolean);
  const holds = (text, wanted) => wanted.every((word) => text.includes(word));

  for (const input of document.querySelectorAll("input[data-filter]")) {
    const said = input.parentElement.querySelector("output");
    const rows = [...document.querySelectorAll("[data-row]")].map((row) => [row, row.textContent.toLocaleLowerCase()]);
    input.addEventListener("input", () => {
      const wanted = words(input.value);
      let shown = 0;
      for (const [row, text] of rows) {
        row.hidden = !holds(text, wanted);
        shown += row.hidden ? 0 : 1;
      }
      said.textContent = wanted.length ? `${shown} of ${rows.length}` : "";
    });
  }

  const find = document.getElementById("find");
  const hits = document.getElementById("hits");
  const listings = window.packshotListings || [];
  const show = () => {
    const wanted = words(find.value);
    hits.replaceChildren();
    hits.hidden = !wanted.length;
    if (!wanted.length) return;
    const found = listings.filter((row) => holds(`${row.t} ${row.i} ${row.s}`.toLocaleLowerCase(), wanted));
    for (const row of found.slice(0, 12)) {
      const link = document.createElement("a");
      const title = document.createElement("bdi");
      const state = document.createElement("small");
      link.href = root + row.u;
      title.textContent = row.t;
      state.textContent = row.s;
      link.append(title, state);
      hits.append(link);
    }
    const note = document.createElement("p");
    note.textContent = found.length > 12 ? `and ${found.length - 12} more` : found.length ? "" : "No listing shown here has these words.";
    if (note.textContent) hits.append(note);
  };
  find.addEventListener("input", show);
  find.addEventListener("focus", show);
  document.addEventListener("click", (event) => {
    if (!event.target.closest(".find")) hits.hidden = true;
    else if (event.target.closest("#hits a")) hits.hidden = true;
  });

  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape") hits.hidden = true;
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      const links = [...hits.querySelectorAll("a")];
      const at = links.indexOf(document.activeElement);
      if (links.length && (at >= 0 || document.activeElement === find)) {
        event.preventDefault();
        const next = at + (event.key === "ArrowDown" ? 1 : -1);
        (next < 0 ? find : links[Math.min(next, links.length - 1)]).focus();
      }
    }
    const typing = event.target.closest("input, textarea, select, summary, [contenteditable]");
    if (typing || event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.key === "/") {
      event.preventDefault();
      find.focus();
    }
    const step = { ArrowLeft: "prev", ArrowRight: "next" }[event.key];
    const link = step && !event.target.closest(".scroll") && document.querySelector(`.pager a[rel=${step}]`);
    if (link) link.click();
  });
})();
