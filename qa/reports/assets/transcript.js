// The transcript follows the clock word by word, and any word sets it. Words are ranges of text, not elements:
// an hour's call has nine thousand of them.
(function () {
  "use strict";
  const player = window.qaPlayer;
  const words = document.getElementById("words");
  // Written as hundredths of a second from one word to the next; read as seconds from the start.
  const times = JSON.parse(document.getElementById("times").textContent).map(function (steps) {
    let at = 0;
    return steps.map((step) => (at += step) / 100);
  });
  const lines = [...words.querySelectorAll(".line")];
  const followBox = document.getElementById("follow");
  const paints = "highlights" in CSS && typeof Highlight === "function";
  let current = -1;
  let touched = 0;

  const start = (i) => times[i][0];
  const end = (i) => times[i][times[i].length - 1];
  const textOf = (i) => lines[i].querySelector(".said").firstChild;

  // The line that is spoken at a second: the last one begun that has not ended, else the last one begun.
  function lineAt(now) {
    let low = 0;
    let high = times.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (start(middle) <= now) low = middle + 1;
      else high = middle;
    }
    for (let i = low - 1; i >= Math.max(0, low - 6); i--) if (now < end(i)) return i;
    return low - 1;
  }

  // The text of words [from, to] of a line, as a range.
  function range(i, from, to) {
    const node = textOf(i);
    if (!node) return null;
    let place = 0;
    let word = 0;
    const found = document.createRange();
    found.setStart(node, 0);
    for (const text of node.data.split(" ")) {
      if (word === from) found.setStart(node, place);
      if (word === to) { found.setEnd(node, place + text.length); return found; }
      place += text.length + 1;
      word += 1;
    }
    return null;
  }
  function wordAt(i, now) {
    const list = times[i];
    let at = 0;
    while (at + 2 < list.length && list[at + 1] <= now + 0.01) at += 1;
    return at;
  }

  function bringIntoView(line, gently) {
    const room = words.getBoundingClientRect();
    const box = line.getBoundingClientRect();
    if (words.scrollHeight <= words.clientHeight + 4) return;
    if (box.top > room.top + 40 && box.bottom < room.bottom - 60) return;
    const top = words.scrollTop + box.top - room.top - room.height / 3;
    words.scrollTo({ top, behavior: gently && !matchMedia("(prefers-reduced-motion: reduce)").matches ? "smooth" : "auto" });
  }

  player.onTime(function (now, jumped) {
    const at = lineAt(now + 0.005);
    const speaking = at >= 0 && now < end(at) + 0.3;
    if (at !== current) {
      if (lines[current]) lines[current].classList.remove("now");
      if (lines[at]) lines[at].classList.add("now");
      current = at;
      if (lines[at] && followBox.checked && (jumped || Date.now() - touched > 4000)) bringIntoView(lines[at], !jumped);
    }
    if (!paints) return;
    CSS.highlights.delete("spoken");
    const spoken = speaking && range(at, wordAt(at, now), wordAt(at, now));
    if (spoken) CSS.highlights.set("spoken", new Highlight(spoken));
  });

  // Marks the words of one piece of evidence, in the lines of the one who said it.
  window.qaMark = function (from, to, role) {
    if (!paints) return;
    const ranges = [];
    lines.forEach(function (line, i) {
      if (!role || !line.classList.contains("r-" + role) || end(i) <= from || start(i) >= to) return;
      const list = times[i];
      const first = list.findIndex((t, n) => n < list.length - 1 && t >= from - 0.01);
      let last = -1;
      for (let n = 0; n < list.length - 1; n++) if (list[n] < to - 0.01) last = n;
      const found = first >= 0 && last >= first ? range(i, first, last) : null;
      if (found) ranges.push(found);
    });
    CSS.highlights.delete("evidence");
    if (ranges.length) CSS.highlights.set("evidence", new Highlight(...ranges));
  };

  // Which letter of a line was clicked; browsers know two names for it.
  function letterAt(event) {
    if (document.caretPositionFromPoint) {
      const place = document.caretPositionFromPoint(event.clientX, event.clientY);
      return place && { node: place.offsetNode, offset: place.offset };
    }
    const found = document.caretRangeFromPoint && document.caretRangeFromPoint(event.clientX, event.clientY);
    return found && { node: found.startContainer, offset: found.startOffset };
  }
  words.addEventListener("click", function (event) {
    const said = event.target.closest(".said");
    if (!said || String(getSelection())) return;
    const i = lines.indexOf(said.closest(".line"));
    const place = letterAt(event);
    const before = place && place.node === said.firstChild ? place.node.data.slice(0, place.offset) : "";
    player.seek(times[i][Math.min(before.split(" ").length - 1, times[i].length - 2)], true);
  });
  for (const kind of ["wheel", "touchmove"]) words.addEventListener(kind, () => { touched = Date.now(); }, { passive: true });
})();
