"use strict";
(() => {
  const nodes = JSON.parse(document.getElementById("data").textContent);
  const stage = document.getElementById("stage");
  const panel = document.getElementById("details");
  const search = document.getElementById("search");
  const count = document.getElementById("count");
  const legend = document.getElementById("legend");
  const views = [...stage.querySelectorAll("svg")];
  const buttons = [...document.querySelectorAll("[data-view]")];
  const name = (view) => view.id.slice("view-".length);
  const WORDS = {
    lineage: [["reads", "┄ reads"], ["creates", "─ creates"], ["updates", "─ updates"]],
    flows: [["depends", "─ runs before; what stands above one another runs at the same time"]],
    models: [["one", "─ links to one, thick: to many"]],
  };
  let current = views[0];
  let box = [0, 0, 1, 1];
  let picked = null;
  let hits = [];
  let hit = -1;

  // Moving and zooming: the view box is what is seen.
  const whole = () => current.dataset.box.split(" ").map(Number);
  function see(next) {
    box = next;
    current.setAttribute("viewBox", box.map((value) => value.toFixed(2)).join(" "));
  }
  function fit() {
    const [x, y, width, height] = whole();
    // Small drawings stay at their own size.
    const scale = Math.max(width / stage.clientWidth, height / stage.clientHeight, 0.85);
    const seen = [stage.clientWidth * scale, stage.clientHeight * scale];
    see([x + (width - seen[0]) / 2, y + (height - seen[1]) / 2, ...seen]);
  }
  function zoom(factor, clientX, clientY) {
    const frame = stage.getBoundingClientRect();
    const atX = ((clientX ?? frame.left + frame.width / 2) - frame.left) / frame.width;
    const atY = ((clientY ?? frame.top + frame.height / 2) - frame.top) / frame.height;
    const width = Math.min(Math.max(box[2] * factor, 120), whole()[2] * 6 + 2000);
    const height = (box[3] * width) / box[2];
    see([box[0] + (box[2] - width) * atX, box[1] + (box[3] - height) * atY, width, height]);
  }
  const pan = (x, y) => see([box[0] + x * box[2], box[1] + y * box[3], box[2], box[3]]);
  function centre(element) {
    const own = element.getBBox();
    const at = element.transform.baseVal.numberOfItems ? element.transform.baseVal.getItem(0).matrix : { e: 0, f: 0 };
    const width = Math.min(box[2], Math.max(stage.clientWidth * 1.1, own.width * 1.6));
    const height = (box[3] * width) / box[2];
    see([own.x + at.e + own.width / 2 - width / 2, own.y + at.f + own.height / 2 - height / 2, width, height]);
  }

  function show(key) {
    current = views.find((view) => name(view) === key) ?? views[0];
    for (const view of views) view.hidden = view !== current;
    for (const view of views) view.toggleAttribute("hidden", view !== current);
    for (const button of buttons) button.setAttribute("aria-pressed", String(button.dataset.view === name(current)));
    legend.replaceChildren(...WORDS[name(current)].map(([style, words]) => {
      const part = document.createElement("span");
      part.style.color = `var(--${style})`;
      part.textContent = `${words}  `;
      return part;
    }));
    current.classList.toggle("busy", current.querySelectorAll(".line").length > 120);
    fit();
    mark();
    find();
  }

  // Choosing a node marks what it is joined to.
  function element(number) {
    return current.querySelector(`[data-n="${number}"]`);
  }
  function mark() {
    for (const one of current.querySelectorAll(".near, .picked")) one.classList.remove("near", "picked");
    current.classList.remove("chosen");
    const own = picked === null ? null : element(picked);
    if (!own) return;
    const near = new Set([String(picked)]);
    if (nodes[picked].kind === "flow") inside(picked).forEach((number) => near.add(String(number)));
    const core = new Set(near);
    for (const line of current.querySelectorAll(".line")) {
      const { a, b } = line.dataset;
      if (core.has(a) || core.has(b)) {
        line.classList.add("near");
        near.add(a).add(b);
      }
    }
    for (const one of current.querySelectorAll("[data-n]")) one.classList.toggle("near", near.has(one.dataset.n));
    own.classList.add("picked");
    current.classList.add("chosen");
  }
  function inside(number) {
    const found = [];
    const pending = [number];
    while (pending.length) {
      for (const [verb, other] of nodes[pending.pop()].out) {
        if (verb === "contains") { found.push(other); pending.push(other); }
      }
    }
    return found;
  }
  function pick(number, { move = false } = {}) {
    picked = number;
    mark();
    describe();
    try { history.replaceState(null, "", number === null ? "#" : `#${encodeURIComponent(`${nodes[number].kind}:${nodes[number].name}`)}`); } catch { /* a page without an address */ }
    if (number === null) return;
    if (!element(number)) {
      const other = views.find((view) => view.querySelector(`[data-n="${number}"]`));
      if (other) show(name(other));
      move = true;
    }
    const own = element(number);
    if (own && move) centre(own);
  }

  // The panel: text only, never markup.
  function make(tag, text, kind) {
    const made = document.createElement(tag);
    if (text !== undefined) made.textContent = text;
    if (kind) made.className = kind;
    return made;
  }
  function describe() {
    panel.replaceChildren();
    panel.hidden = picked === null;
    if (picked === null) return;
    const node = nodes[picked];
    const close = make("button", "×", "close");
    close.title = "Close (Esc)";
    close.addEventListener("click", () => pick(null));
    panel.append(close, make("h2", node.name), make("p", node.at ? `${node.kind} · ${node.at}` : node.kind, "place"));
    if (node.doc) panel.append(make("p", node.doc, "doc"));
    if (node.facts?.length) {
      const list = make("dl");
      for (const [key, value] of node.facts) list.append(make("dt", key), make("dd", value));
      panel.append(list);
    }
    if (node.fields?.length) {
      panel.append(make("h3", node.kind === "model" ? "Fields" : node.kind === "flow" ? "Parameters" : "Input"));
      const list = make("ul");
      for (const [key, type, rules, words] of node.fields) {
        const item = make("li", key);
        item.append(make("small", `  ${type}${rules ? ` · ${rules}` : ""}${words ? ` – ${words}` : ""}`));
        list.append(item);
      }
      panel.append(list);
    }
    links("To", node.out, (verb) => verb);
    links("From", node.in, (verb) => `${verb} this`);
  }
  function links(title, edges, say) {
    if (!edges.length) return;
    const list = make("ul");
    for (const [verb, other, reason] of edges) {
      const item = make("li");
      const link = make("a", nodes[other].name);
      link.href = "#";
      link.addEventListener("click", (event) => { event.preventDefault(); pick(other, { move: true }); });
      const words = make("small", title === "To" ? `${say(verb)} ` : "");
      item.append(words, link, make("small", `${title === "To" ? "" : ` ${say(verb)}`}${reason ? ` · ${reason}` : ""}`));
      list.append(item);
    }
    panel.append(make("h3", title), list);
  }

  // Searching names and docs; Enter goes from hit to hit.
  function find() {
    const words = search.value.trim().toLowerCase();
    hits = [];
    hit = -1;
    for (const one of current.querySelectorAll(".node")) {
      const node = nodes[Number(one.dataset.n)];
      const found = words !== "" && (node.name.toLowerCase().includes(words) || (node.doc ?? "").toLowerCase().includes(words) || (node.fields ?? []).some(([key]) => key.toLowerCase().includes(words)));
      one.classList.toggle("hit", found);
      if (found) hits.push(Number(one.dataset.n));
    }
    current.classList.toggle("found", words !== "");
    count.textContent = words === "" ? "" : `${hits.length} found`;
  }
  function next() {
    if (!hits.length) return;
    hit = (hit + 1) % hits.length;
    pick(hits[hit], { move: true });
    count.textContent = `${hit + 1} of ${hits.length}`;
  }
  function clear() {
    search.value = "";
    find();
    pick(null);
  }

  // Pointer.
  let drag = null;
  stage.addEventListener("pointerdown", (event) => {
    if (event.button !== 0) return;
    drag = { x: event.clientX, y: event.clientY, box: [...box], moved: false };
  });
  window.addEventListener("pointermove", (event) => {
    if (!drag) return;
    const x = event.clientX - drag.x;
    const y = event.clientY - drag.y;
    if (!drag.moved && Math.hypot(x, y) < 4) return;
    drag.moved = true;
    current.classList.add("moving");
    const scale = box[2] / stage.clientWidth;
    see([drag.box[0] - x * scale, drag.box[1] - y * scale, box[2], box[3]]);
  });
  window.addEventListener("pointerup", (event) => {
    if (!drag) return;
    const { moved } = drag;
    drag = null;
    current.classList.remove("moving");
    if (moved || !stage.contains(event.target)) return;
    const own = event.target.closest("[data-n]");
    pick(own ? Number(own.dataset.n) : null);
  });
  stage.addEventListener("wheel", (event) => {
    event.preventDefault();
    zoom(Math.exp(Math.max(-60, Math.min(60, event.deltaY)) * 0.004), event.clientX, event.clientY);
  }, { passive: false });

  // Keyboard.
  const KEYS = {
    "/": () => { search.focus(); search.select(); },
    1: () => show("lineage"), 2: () => show("flows"), 3: () => show("models"),
    0: fit, "+": () => zoom(0.8), "=": () => zoom(0.8), "-": () => zoom(1.25),
    ArrowLeft: () => pan(-0.1, 0), ArrowRight: () => pan(0.1, 0),
    ArrowUp: () => pan(0, -0.1), ArrowDown: () => pan(0, 0.1),
    Escape: clear,
  };
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.target === search) {
      if (event.key === "Enter") next();
      if (event.key === "Escape") { clear(); search.blur(); }
      return;
    }
    const own = event.target.closest?.("[data-n]");
    if (own && (event.key === "Enter" || event.key === " ")) {
      event.preventDefault();
      pick(Number(own.dataset.n));
    } else if (Object.hasOwn(KEYS, event.key)) {
      event.preventDefault();
      KEYS[event.key]();
    }
  });
  stage.addEventListener("focusin", (event) => {
    const own = event.target.closest("[data-n]");
    if (own?.matches(":focus-visible")) {
      const seen = own.getBoundingClientRect();
      const frame = stage.getBoundingClientRect();
      if (seen.left < frame.left || seen.right > frame.right || seen.top < frame.top || seen.bottom > frame.bottom) centre(own);
    }
  });
  search.addEventListener("input", find);
  for (const button of buttons) button.addEventListener("click", () => show(button.dataset.view));
  document.getElementById("fit").addEventListener("click", fit);
  const dark = matchMedia("(prefers-color-scheme: dark)");
  const theme = (value) => { document.documentElement.dataset.theme = value; };
  theme(dark.matches ? "dark" : "light");
  dark.addEventListener("change", () => theme(dark.matches ? "dark" : "light"));
  document.getElementById("theme").addEventListener("click", () => theme(document.documentElement.dataset.theme === "dark" ? "light" : "dark"));
  window.addEventListener("resize", fit);

  show(document.body.dataset.start);
  const wanted = decodeURIComponent(location.hash.slice(1));
  const start = nodes.findIndex((node) => `${node.kind}:${node.name}` === wanted);
  if (start >= 0) pick(start, { move: true });
})();
