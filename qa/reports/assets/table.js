// The table of calls: filtered by the address, sorted by its heads, and only the rows in view are drawn.
// Everything that comes from a call is set as text; addresses are built from page names, never taken from data.
(function () {
  "use strict";
  const frame = document.querySelector(".calls");
  if (!frame) return;
  const block = document.getElementById("calls-data");
  const data = block ? JSON.parse(block.textContent) : window.qaCalls;
  const pane = document.getElementById("window");
  const table = document.getElementById("calls");
  const body = table.tBodies[0];
  const input = document.getElementById("query");
  const withAgents = frame.dataset.agents === "yes";
  const root = frame.dataset.root;
  const DRAWN_WHOLE = 150; // rows; more than that are drawn through a window
  const MARGIN = 12; // rows drawn above and below the window
  const SIGNS = { m: ["✓", "met"], p: ["◐", "partly"], x: ["✕", "missed"], n: ["–", "not applicable"], u: ["?", "unsure"], ".": ["", "not asked"] };
  const CLASSES = { m: "met", p: "partly", x: "missed", n: "not_applicable", u: "unsure", ".": "not_asked" };
  const bands = new Map(data.bands);
  const calls = data.rows.map(read);
  const criterionIds = data.criteria.map((c) => c[0]);
  let shown = calls;
  let order = { key: "", down: false };
  let rowHeight = 0;

  function read(row, place) {
    const [id, page, agent, started, duration, language, queue, team, score, band, autoFail, verdicts, promises] = row;
    const [agentId, agentName, agentPage] = data.agents[agent];
    const bandTitle = band === null ? "" : bands.get(band) || band;
    const text = [id, agentId, agentName, queue, team, language, bandTitle].join(" ");
    return { place, id, page, agent: agentId, agentName, agentPage, started, duration, language, queue, team, score, band, bandTitle, autoFail: autoFail === 1, verdicts, promises, text };
  }

  function make(name, className, text) {
    const node = document.createElement(name);
    if (className) node.className = className;
    if (text !== undefined && text !== null) node.textContent = text;
    return node;
  }
  function link(address, text) {
    const node = make("a", "", text);
    node.href = address;
    return node;
  }
  function clock(seconds) {
    const whole = Math.floor(seconds);
    const parts = [Math.floor(whole / 60) % 60, whole % 60].map((n) => String(n).padStart(2, "0"));
    return whole >= 3600 ? Math.floor(whole / 3600) + ":" + parts.join(":") : Number(parts[0]) + ":" + parts[1];
  }
  const when = (iso) => (iso ? iso.slice(0, 10) + " " + iso.slice(11, 16) : "–");
  const nothingLast = (value) => (value === null ? -1 : value);

  function scoreCell(call) {
    const cell = make("td", "score-cell");
    cell.append(make("strong", "num", call.score === null ? "–" : call.score + "%"));
    if (call.autoFail) cell.append(make("span", "tag v-missed", "✕ auto-fail"));
    else if (call.bandTitle) cell.append(make("span", "tag", call.bandTitle));
    return cell;
  }
  function verdictCell(call) {
    const cell = make("td", "strip");
    const told = [...call.verdicts].map((letter, i) => data.criteria[i][1] + ": " + SIGNS[letter][1]);
    const signs = make("span", "signs");
    signs.setAttribute("role", "img");
    signs.setAttribute("aria-label", told.join("; "));
    [...call.verdicts].forEach(function (letter, i) {
      const sign = make("span", "sign v-" + CLASSES[letter], SIGNS[letter][0]);
      sign.title = told[i];
      signs.append(sign);
    });
    cell.append(signs);
    return cell;
  }
  function cellWith(className, node) {
    const cell = make("td", className);
    cell.append(node);
    return cell;
  }

  const COLUMNS = [
    { key: "call", title: "Call", value: (c) => c.id, draw: (c) => cellWith("id", link(root + "calls/" + c.page + ".html", c.id)) },
    { key: "agent", title: "Agent", value: (c) => c.agentName, draw: (c) => cellWith("agent", link(root + "agents/" + c.agentPage + ".html", c.agentName)) },
    { key: "score", title: "Score", value: (c) => nothingLast(c.score), draw: scoreCell },
    { key: "verdicts", title: "Verdicts", value: (c) => [...c.verdicts].filter((v) => v === "x").length, draw: verdictCell },
    { key: "started", title: "Started", value: (c) => c.started || "", draw: (c) => make("td", "num late", when(c.started)) },
    { key: "length", title: "Length", value: (c) => c.duration, draw: (c) => make("td", "num right late", clock(c.duration)) },
    { key: "queue", title: "Queue", value: (c) => c.queue || "", draw: (c) => make("td", "last", c.queue || "–") },
    { key: "lang", title: "Lang.", value: (c) => c.language, draw: (c) => make("td", "last", c.language) },
    { key: "promises", title: "Promises", value: (c) => c.promises, draw: (c) => make("td", "last", c.promises.replaceAll(" ", ", ") || "–") },
  ].filter((column) => withAgents || column.key !== "agent");

  function drawHead() {
    const row = make("tr");
    for (const column of COLUMNS) {
      const head = make("th");
      head.scope = "col";
      head.className = { started: "late", length: "late", queue: "last", lang: "last", promises: "last" }[column.key] || "";
      const button = make("button", "sorter", column.title);
      button.type = "button";
      button.dataset.key = column.key;
      button.addEventListener("click", () => sortBy(column.key));
      head.append(button);
      row.append(head);
    }
    table.tHead.replaceChildren(row);
  }
  function markHead() {
    for (const button of table.tHead.querySelectorAll(".sorter")) {
      const ours = button.dataset.key === order.key;
      if (ours) button.parentElement.setAttribute("aria-sort", order.down ? "descending" : "ascending");
      else button.parentElement.removeAttribute("aria-sort");
    }
  }

  function spacer(height) {
    const row = make("tr", "spacer");
    const cell = make("td");
    cell.colSpan = COLUMNS.length;
    cell.style.height = height + "px";
    row.setAttribute("aria-hidden", "true");
    row.append(cell);
    return row;
  }
  function drawRow(call, at) {
    const row = make("tr");
    row.setAttribute("aria-rowindex", String(at + 2));
    for (const column of COLUMNS) row.append(column.draw(call));
    return row;
  }
  function draw(everything) {
    const whole = everything || shown.length <= DRAWN_WHOLE;
    pane.classList.toggle("windowed", !whole);
    table.setAttribute("aria-rowcount", String(shown.length + 1));
    let first = 0;
    let last = shown.length;
    if (!whole) {
      const tall = rowHeight || 40;
      first = Math.max(0, Math.floor(pane.scrollTop / tall) - MARGIN);
      last = Math.min(shown.length, Math.ceil((pane.scrollTop + pane.clientHeight) / tall) + MARGIN);
      first = Math.max(0, Math.min(first, last - 1));
    }
    const rows = shown.slice(first, last).map((call, i) => drawRow(call, first + i));
    if (first > 0) rows.unshift(spacer(first * (rowHeight || 40)));
    if (last < shown.length) rows.push(spacer((shown.length - last) * (rowHeight || 40)));
    body.replaceChildren(...rows);
    if (!rowHeight && shown.length) {
      rowHeight = body.querySelector("tr:not(.spacer)").getBoundingClientRect().height;
      if (!whole) draw(everything); // the space below was a guess until a row could be measured
    }
  }

  // The address holds the filter and the order, so that both survive reload, going back and being sent to somebody.
  function fromAddress() {
    const hash = location.hash;
    if (hash && !hash.startsWith("#?")) return null;
    const asked = new URLSearchParams(hash.slice(2).replaceAll("+", "%2B"));
    return { query: asked.get("q") || "", sort: asked.get("s") || "" };
  }
  function address(query, sort) {
    const parts = [];
    if (query) parts.push("q=" + encodeURIComponent(query).replaceAll("%3A", ":"));
    if (sort) parts.push("s=" + encodeURIComponent(sort));
    return "#?" + parts.join("&");
  }
  const sortText = () => (order.key ? (order.down ? "-" : "") + order.key : "");
  function go(query, sort, silently) {
    const target = address(query, sort);
    if (target === location.hash) return;
    if (silently) location.replace(target);
    else location.hash = target;
  }
  function sortBy(key) {
    const numbers = ["score", "verdicts", "length"].includes(key);
    const again = order.key === key;
    order = { key, down: again ? !order.down : numbers && key !== "score" };
    go(input.value.trim(), sortText(), true);
    apply();
  }

  function apply() {
    const passes = qaFilter.matcher(input.value, criterionIds);
    shown = calls.filter(passes);
    const column = COLUMNS.find((c) => c.key === order.key);
    if (column) {
      const way = order.down ? -1 : 1;
      const text = new Intl.Collator(undefined, { numeric: true });
      shown.sort(function (a, b) {
        const [x, y] = [column.value(a), column.value(b)];
        return way * (typeof x === "number" ? x - y : text.compare(x, y)) || a.place - b.place;
      });
    }
    const count = shown.length === calls.length ? calls.length + " calls" : shown.length + " of " + calls.length + " calls";
    document.getElementById("shown").textContent = count;
    pane.scrollTop = 0;
    markHead();
    markChips();
    draw(false);
  }
  function follow(scroll) {
    const asked = fromAddress();
    if (!asked) return;
    if (document.activeElement !== input || input.value.trim() !== asked.query) input.value = asked.query;
    order = { key: asked.sort.replace(/^-/, ""), down: asked.sort.startsWith("-") };
    apply();
    if (scroll && location.hash.length > 2) document.getElementById("table").scrollIntoView();
  }

  const chips = document.getElementById("chips");
  function chip(text, kind, value) {
    const button = make("button", "chip", text);
    button.type = "button";
    button.dataset.token = qaFilter.write(kind, value);
    button.dataset.kind = kind;
    button.addEventListener("click", (event) => toggle(button.dataset.token, kind, event.ctrlKey || event.metaKey));
    chips.append(button);
  }
  // A click replaces the tokens of its kind, with Ctrl it adds one; a second click takes it away.
  function toggle(token, kind, adds) {
    const tokens = qaFilter.parse(input.value);
    const present = tokens.some((t) => t.raw === token);
    const kept = tokens.filter((t) => t.raw !== token && (adds || t.kind !== kind)).map((t) => t.raw);
    input.value = (present ? kept : [...kept, token]).join(" ");
    go(input.value, sortText());
    apply();
  }
  function markChips() {
    const active = new Set(qaFilter.parse(input.value).map((t) => t.raw));
    for (const button of chips.querySelectorAll(".chip")) button.setAttribute("aria-pressed", String(active.has(button.dataset.token)));
  }
  function chooser(label, kind, options) {
    const select = make("select", "chooser");
    select.setAttribute("aria-label", label);
    select.append(new Option(label, ""));
    for (const [value, text] of options) select.append(new Option(text, value));
    select.addEventListener("change", function () {
      if (select.value) toggle(qaFilter.write(kind, select.value), kind, false);
      select.value = "";
    });
    chips.append(select);
  }

  chip("Auto-fail", "is", "auto-fail");
  chip("Needs a person", "is", "review");
  chip("Missed", "v", "missed");
  chip("Unsure", "v", "unsure");
  for (const [id, title] of data.bands) if (calls.some((c) => c.band === id && id !== "auto_fail")) chip(title, "band", id);
  chooser("Criterion…", "c", data.criteria);
  if (withAgents) chooser("Agent…", "agent", data.agents.map((a) => [a[0], a[1]]));

  let waiting = 0;
  input.addEventListener("input", function () {
    clearTimeout(waiting);
    waiting = setTimeout(function () { go(input.value.trim(), sortText(), true); apply(); }, 80);
  });
  input.form.addEventListener("submit", (event) => event.preventDefault());
  pane.addEventListener("scroll", () => { if (pane.classList.contains("windowed")) requestAnimationFrame(() => draw(false)); }, { passive: true });
  addEventListener("hashchange", () => follow(true));
  addEventListener("resize", () => { rowHeight = 0; draw(false); });
  addEventListener("beforeprint", () => draw(shown.length <= 2000));
  addEventListener("afterprint", () => draw(false));
  drawHead();
  follow(true);
  if (!fromAddress()) apply();
})();
