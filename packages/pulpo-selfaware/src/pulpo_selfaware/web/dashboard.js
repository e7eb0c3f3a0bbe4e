"use strict";
(() => {
  const POLL_MS = 2000, SPAN = 600, MOST_EVENTS = 300;
  const SVG = "http://www.w3.org/2000/svg";
  const $ = (id) => document.getElementById(id);
  const levels = { DEBUG: 10, INFO: 20, WARN: 30, ERROR: 40, CRITICAL: 50 };
  const tone = { DEBUG: "quiet", INFO: "accent", WARN: "warn", ERROR: "bad", CRITICAL: "bad" };

  // Everything shown is set as text, never as markup: messages may say anything.
  function make(tag, properties = {}, ...children) {
    const element = document.createElement(tag);
    for (const [name, value] of Object.entries(properties)) {
      if (name in element) element[name] = value; else element.setAttribute(name, value);
    }
    element.append(...children);
    return element;
  }
  function draw(tag, attributes) {
    const element = document.createElementNS(SVG, tag);
    for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
    return element;
  }
  const whole = new Intl.NumberFormat("en", { maximumFractionDigits: 0 });
  const short = new Intl.NumberFormat("en", { notation: "compact", maximumFractionDigits: 1 });
  function digits(value) {
    if (value === 0) return "0";
    if (value >= 100) return whole.format(value);
    return value >= 10 ? value.toFixed(1) : value.toFixed(2);
  }
  function clock(seconds, parts = { timeStyle: "medium" }) {
    return new Intl.DateTimeFormat([], parts).format(new Date(seconds * 1000));
  }
  function show(id, value, unit = "", bad = false) {
    $(id).replaceChildren(value, ...(unit ? [make("small", {}, " " + unit)] : []));
    $(id).classList.toggle("bad", bad);
  }

  // ---- theme
  const theme = $("theme");
  function applyTheme() {
    if (theme.value === "auto") delete document.documentElement.dataset.theme;
    else document.documentElement.dataset.theme = theme.value;
  }
  const remembered = (() => { try { return localStorage.getItem("selfaware-theme"); } catch { return null; } })();
  if (remembered) theme.value = remembered;
  applyTheme();
  theme.addEventListener("change", () => {
    applyTheme();
    try { localStorage.setItem("selfaware-theme", theme.value); } catch { /* private window: not kept */ }
  });

  // ---- charts: one line per series, a reading under the pointer or by arrow keys
  class Chart {
    constructor(id, series) {
      this.figure = $(id);
      this.series = series;
      this.title = this.figure.querySelector("figcaption").textContent;
      for (const one of series) {
        this.figure.firstElementChild.append(
          make("span", { className: "legend" }, make("i", { className: one.tone }), one.name));
      }
      this.svg = draw("svg", { role: "img", tabindex: "0" });
      this.readout = make("div", { className: "readout", hidden: true });
      this.figure.append(this.svg, this.readout);
      this.cursor = null;
      this.svg.addEventListener("pointermove", (event) => {
        const box = this.svg.getBoundingClientRect();
        this.read(Math.round((event.clientX - box.left - this.left) / (box.width - this.left) * (this.points.length - 1)));
      });
      this.svg.addEventListener("pointerleave", () => this.read(null));
      this.svg.addEventListener("blur", () => this.read(null));
      this.svg.addEventListener("keydown", (event) => {
        const step = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
        if (event.key === "Escape") this.read(null);
        if (!step || !this.points) return;
        event.preventDefault();
        this.read((this.cursor ?? this.points.length) + step);
      });
      new ResizeObserver(() => this.render()).observe(this.svg);
    }
    set(points) { this.points = points; this.render(); }
    read(index) {
      this.cursor = index === null ? null : Math.max(0, Math.min(this.points.length - 1, index));
      this.render();
    }
    render() {
      if (!this.points) return;
      const width = this.svg.clientWidth, height = this.svg.clientHeight, bottom = height - 18;
      this.left = 38;
      const top = Math.max(0, ...this.points.flatMap((p) => this.series.map((s) => p[s.key] ?? 0)));
      const limit = nice(top);
      const x = (index) => this.left + index / (this.points.length - 1) * (width - this.left - 4);
      const y = (value) => bottom - value / limit * (bottom - 8);
      const parts = [];
      for (const share of [0, 0.5, 1]) {
        const at = y(limit * share);
        parts.push(draw("line", { class: "grid", x1: this.left, x2: width, y1: at, y2: at }));
        parts.push(label(this.left - 6, at + 4, "end", short.format(limit * share)));
      }
      const last = this.points.length - 1;
      for (const share of [0, 0.5, 1]) {
        const index = Math.round(last * share);
        parts.push(label(x(index), height - 3, ["start", "middle", "end"][share * 2],
          clock(this.points[index].time, { hour: "2-digit", minute: "2-digit" })));
      }
      for (const one of this.series) parts.push(...this.line(one, x, y, bottom));
      if (this.cursor !== null) {
        parts.push(draw("line", { class: "cursor", x1: x(this.cursor), x2: x(this.cursor), y1: 4, y2: bottom }));
      }
      this.svg.setAttribute("viewBox", `0 0 ${width} ${height}`);
      this.svg.replaceChildren(...parts);
      this.tell();
    }
    line(one, x, y, bottom) {
      const runs = [[]];
      this.points.forEach((point, index) => {
        if (point[one.key] === null) { if (runs.at(-1).length) runs.push([]); }
        else runs.at(-1).push([x(index), y(point[one.key])]);
      });
      const parts = [];
      for (const run of runs.filter((one) => one.length)) {
        const path = run.map(([a, b]) => `${a.toFixed(1)},${b.toFixed(1)}`).join("L");
        if (one.filled) {
          parts.push(draw("path", { class: `area ${one.tone}`, d: `M${run[0][0]},${bottom}L${path}L${run.at(-1)[0]},${bottom}Z` }));
        }
        if (run.length === 1) parts.push(draw("circle", { class: `point ${one.tone}`, cx: run[0][0], cy: run[0][1], r: 2.5 }));
        else parts.push(draw("path", { class: `series ${one.tone}`, d: `M${path}` }));
      }
      return parts;
    }
    tell() {
      const point = this.points[this.cursor ?? this.points.length - 1];
      const values = this.series.map((s) => `${s.name} ${point[s.key] === null ? "–" : digits(point[s.key])}`).join(", ");
      const text = `${clock(point.time)}: ${values}`;
      this.svg.setAttribute("aria-label", `${this.title}. ${text}`);
      this.readout.textContent = text;
      this.readout.hidden = this.cursor === null;
    }
  }
  function label(x, y, anchor, text) {
    const element = draw("text", { x, y, "text-anchor": anchor });
    element.textContent = text;
    return element;
  }
  function nice(value) {
    if (value <= 0) return 1;
    const power = 10 ** Math.floor(Math.log10(value));
    return [1, 2, 4, 5, 10].find((step) => step * power >= value) * power;
  }
  const charts = {
    rate: new Chart("chart-rate", [{ key: "rate", name: "all", tone: "accent", filled: true }]),
    errors: new Chart("chart-errors", [
      { key: "client", name: "4xx", tone: "warn" }, { key: "server", name: "5xx", tone: "bad", filled: true }]),
    latency: new Chart("chart-latency", [
      { key: "p50_ms", name: "p50", tone: "good" }, { key: "p95_ms", name: "p95", tone: "accent" },
      { key: "p99_ms", name: "p99", tone: "violet" }]),
  };
  function showHistory(requests) {
    const slots = new Map(requests.history.map((slot) => [slot.time, slot]));
    const width = requests.history.at(-1)?.seconds ?? 5;
    const end = Math.floor(requests.now / width) * width - width;  // the newest slot is still filling
    const points = [];
    for (let time = end - SPAN + width; time <= end; time += width) {
      const slot = slots.get(time);
      points.push({
        time,
        rate: slot ? slot.count / width : 0,
        client: slot ? slot.client_errors / width : 0,
        server: slot ? slot.server_errors / width : 0,
        p50_ms: slot?.p50_ms ?? null, p95_ms: slot?.p95_ms ?? null, p99_ms: slot?.p99_ms ?? null,
      });
    }
    for (const chart of Object.values(charts)) chart.set(points);
    return points;
  }

  /*{tables}*/
})();
