  // ---- tables
  const columns = [
    ["route", "Route"], ["count", "Requests"], ["errors", "Errors"], ["in_flight", "In flight"],
    ["p50_ms", "p50 ms"], ["p95_ms", "p95 ms"], ["p99_ms", "p99 ms"], ["max_ms", "max ms"],
  ];
  let sortedBy = "p95_ms", latest = null;
  $("routes").tHead.append(make("tr", {}, ...columns.map(([key, title]) => {
    const button = make("button", { type: "button" }, title);
    button.addEventListener("click", () => { sortedBy = key; if (latest) showRoutes(latest.requests.routes); });
    return make("th", { scope: "col", className: key === "route" ? "" : "number", "data-key": key }, button);
  })));
  function showRoutes(routes) {
    const slowest = Math.max(1e-9, ...routes.map((route) => route.p95_ms));
    for (const head of $("routes").tHead.rows[0].cells) {
      if (head.dataset.key === sortedBy) head.setAttribute("aria-sort", sortedBy === "route" ? "ascending" : "descending");
      else head.removeAttribute("aria-sort");
    }
    const sorted = [...routes].sort((a, b) => sortedBy === "route"
      ? a.route.localeCompare(b.route) || a.method.localeCompare(b.method)
      : b[sortedBy] - a[sortedBy]);
    const rows = sorted.map((route) => make("tr", {}, ...columns.map(([key]) => {
      if (key === "route") {
        return make("td", { className: "route" }, make("span", { className: "method" }, route.method), route.route);
      }
      const text = key.endsWith("_ms") ? digits(route[key]) : whole.format(route[key]);
      const cell = make("td", { className: "number" });
      if (key === "errors" && route.errors) cell.classList.add(route.server_errors ? "bad" : "warn");
      if (key === "p95_ms") {
        const fill = make("i");
        fill.style.width = `${100 * route.p95_ms / slowest}%`;
        cell.append(make("span", { className: "meter", "aria-hidden": "true" }, fill));
      }
      cell.append(key === "p95_ms" ? make("span", { className: "beside" }, text) : text);
      return cell;
    })));
    fill($("routes"), rows, "No requests yet.");
  }
  function fill(table, rows, nothing) {
    const width = table.tHead.rows[0].cells.length;
    table.tBodies[0].replaceChildren(...(rows.length ? rows
      : [make("tr", {}, make("td", { colSpan: width, className: "quiet" }, nothing))]));
  }

  const opened = new Set();
  function showExceptions(groups) {
    if (!groups.length) {
      $("exceptions").replaceChildren(make("p", { className: "empty" }, "None so far."));
      return;
    }
    const focused = document.activeElement?.closest?.("details")?.dataset.key;
    $("exceptions").replaceChildren(...groups.map((group) => {
      const key = `${group.type} ${group.place}`;
      const lines = [...group.example.traceback ?? []];
      lines.push(group.type + (group.example.message ? `: ${group.example.message}` : ""));
      const item = make("details", { open: opened.has(key), "data-key": key },
        make("summary", {}, make("b", {}, `${whole.format(group.count)} ×`), make("strong", { className: "bad" }, group.type),
          make("code", {}, group.place),
          make("span", { className: "quiet" }, `first ${when(group.first_seen)}, last ${when(group.last_seen)}`)),
        make("pre", { tabIndex: 0 }, make("code", {}, lines.join("\n"))));
      item.addEventListener("toggle", () => { if (item.open) opened.add(key); else opened.delete(key); });
      return item;
    }));
    if (focused) $("exceptions").querySelector(`[data-key="${CSS.escape(focused)}"] summary`)?.focus();
  }
  const when = (iso) => clock(Date.parse(iso) / 1000);

  const accessHeads = ["Operation", "Collection", "Reads", "Writes", "Errors", "Mean ms", "Max ms"];
  $("access").tHead.append(make("tr", {}, ...accessHeads.map((title, index) =>
    make("th", { scope: "col", className: index > 1 ? "number" : "" }, title))));
  function showAccess(access) {
    const rows = Object.entries(access).flatMap(([operation, collections]) =>
      Object.entries(collections).map(([collection, n]) => make("tr", {},
        make("td", { className: "route" }, operation), make("td", { className: "route" }, collection),
        ...[whole.format(n.reads), whole.format(n.writes), whole.format(n.errors),
          digits(n.total_ms / Math.max(1, n.reads + n.writes)), digits(n.max_ms)]
          .map((text) => make("td", { className: "number" }, text)))));
    $("access-section").hidden = !rows.length;
    fill($("access"), rows, "");
  }

  // ---- events
  let events = [], paused = false;
  function wanted(event) {
    const text = $("search").value.trim().toLowerCase();
    return levels[event.level] >= levels[$("level").value]
      && (!text || `${event.event_type} ${event.module} ${event.message}`.toLowerCase().includes(text));
  }
  function cause(event) {
    const { type, place, errors } = event.error_details;
    if (place) return [" ", make("span", { className: "quiet" }, `${type} at ${place}`)];
    const kinds = [...new Set(errors?.map((error) => [error.in, error.field, error.type].filter(Boolean).join(" ")) ?? [])];
    return kinds.length ? [" ", make("span", { className: "quiet" }, kinds.join(", "))] : [];
  }
  function showEvents(fresh = 0) {
    const found = events.filter(wanted);
    fill($("events"), found.map((event) => make("tr", { className: events.indexOf(event) < fresh ? "new" : "" },
      make("td", { className: "quiet" }, when(event.timestamp)),
      make("td", { className: tone[event.level] }, event.level),
      make("td", { className: "route" }, event.event_type),
      make("td", { className: "wrap", title: JSON.stringify(event.metadata) }, event.message, ...cause(event)),
      make("td", { className: "number" }, event.duration_ms === null ? "" : whole.format(event.duration_ms)),
    )), events.length ? "No event fits." : "No events yet.");
    $("event-count").textContent = events.length ? `${found.length} of the last ${events.length}` : "";
  }
  let queue = [], scheduled = false;
  function arrived(event) {
    queue.unshift(event);
    if (scheduled || paused) return;
    scheduled = true;
    setTimeout(() => {
      scheduled = false;
      merge(events);
    }, 250);
  }
  // What arrived goes before what is known, once: a reload and the stream may bring the same event.
  function merge(known) {
    const key = (event) => `${event.timestamp} ${event.message}`;
    const have = new Set(known.map(key));
    const fresh = queue.filter((event) => !have.has(key(event)));
    queue = [];
    events = [...fresh, ...known].slice(0, MOST_EVENTS);
    showEvents(fresh.length);
  }
  $("level").addEventListener("change", () => showEvents());
  $("search").addEventListener("input", () => showEvents());

  // ---- data
  let before = null;
  function showStats(stats) {
    latest = stats;
    const { total, now } = stats.requests;
    const points = showHistory(stats.requests);
    const recent = points.slice(-12);
    const sum = (key) => recent.reduce((all, point) => all + point[key], 0);
    const rate = before && now > before.now && total.count >= before.count
      ? (total.count - before.count) / (now - before.now) : sum("rate") / recent.length;
    before = { count: total.count, now };
    const share = sum("rate") ? 100 * sum("server") / sum("rate") : 0;
    show("tile-rate", digits(rate));
    show("tile-errors", digits(share), "%", share > 0);
    show("tile-p50", digits(total.p50_ms), "ms");
    show("tile-p95", digits(total.p95_ms), "ms");
    show("tile-flight", whole.format(total.in_flight));
    show("tile-total", short.format(total.count));
    showRoutes(stats.requests.routes);
    showExceptions(stats.exceptions);
    showAccess(stats.data_access);
  }
  function state(name, text) {
    $("state").dataset.state = name;
    if ($("state-text").textContent !== text) $("state-text").textContent = text;
  }
  async function get(path) {
    const response = await fetch(path, { headers: { accept: "application/json" } });
    if (!response.ok) throw new Error(`the server answered ${response.status}`);
    return response.json();
  }
  async function poll() {
    if (!paused && !document.hidden) {
      try {
        showStats(await get("stats"));
        state("live", "live");
      } catch (error) {
        state("lost", `no answer (${error.message}); trying again`);
      }
    }
    setTimeout(poll, POLL_MS);
  }
  $("pause").addEventListener("click", () => {
    paused = !paused;
    $("pause").setAttribute("aria-pressed", paused);
    if (paused) state("paused", "paused"); else { state("live", "live"); if (queue.length) arrived(queue.shift()); }
  });
  function listen() {
    const stream = new EventSource("events/stream");
    stream.onopen = load;  // also after a break, for what was missed
    stream.onmessage = (message) => arrived(JSON.parse(message.data));
    stream.onerror = () => { if (stream.readyState === EventSource.CLOSED) setTimeout(listen, 5000); };
  }
  function load() {
    if (!paused) get("events?limit=" + MOST_EVENTS).then(merge, () => showEvents());
  }
  load();
  listen();
  poll();
