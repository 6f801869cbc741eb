// Evidence plays, links lead to a second and a criterion, keys do both.
(function () {
  "use strict";
  const player = window.qaPlayer;
  const criteria = [...document.querySelectorAll(".criterion")];
  const quotes = [...document.querySelectorAll(".criterion .quote")];
  const moments = [...document.querySelectorAll(".moment")];
  const stage = document.getElementById("stage");
  const dialog = document.getElementById("keys");
  let criterion = -1;
  let quote = -1;

  function choose(article) {
    for (const other of criteria) other.classList.toggle("chosen", other === article);
    criterion = criteria.indexOf(article);
  }
  function playQuote(button, play) {
    const article = button.closest(".criterion");
    if (article) choose(article);
    for (const other of document.querySelectorAll(".quote.playing")) other.classList.remove("playing");
    button.classList.add("playing");
    quote = quotes.indexOf(button) >= 0 ? quotes.indexOf(button) : quote;
    player.seek(Number(button.dataset.start), play);
    window.qaMark(Number(button.dataset.start), Number(button.dataset.end), button.dataset.role);
  }
  document.addEventListener("click", function (event) {
    const button = event.target.closest("button[data-start]");
    if (!button) return;
    // Pressed while it plays, a quote pauses: Space does so too while the quote has the focus.
    if (button.classList.contains("playing") && player.audio && !player.audio.paused) player.toggle();
    else if (button.classList.contains("quote")) playQuote(button, true);
    else player.seek(Number(button.dataset.start), true);
  });

  function step(list, at, by) {
    return Math.min(Math.max(at + by, 0), list.length - 1);
  }
  function toQuote(by) {
    if (!quotes.length) return;
    quote = step(quotes, quote, by);
    quotes[quote].focus({ preventScroll: true });
    quotes[quote].scrollIntoView({ block: "center" });
    playQuote(quotes[quote], true);
  }
  function toCriterion(by) {
    if (!criteria.length) return;
    choose(criteria[step(criteria, criterion, by)]);
    criteria[criterion].focus({ preventScroll: true });
    criteria[criterion].scrollIntoView({ block: "center" });
  }
  function toMoment() {
    const next = moments.find((m) => Number(m.dataset.start) > player.time() + 0.5) || moments[0];
    if (next) player.seek(Number(next.dataset.start), true);
  }

  // #t=62.4&c=empathy: that second, that criterion. The sound waits for a key or a click, as browsers demand.
  function fromAddress() {
    const asked = new URLSearchParams(location.hash.slice(1));
    const id = asked.get("c");
    const seconds = asked.has("t") ? Number(asked.get("t")) : NaN;
    const article = id === null ? undefined : criteria.find((a) => a.dataset.criterion === id);
    if (article) {
      choose(article);
      article.scrollIntoView({ block: "center" });
      const near = [...article.querySelectorAll(".quote")].find((b) => Math.abs(Number(b.dataset.start) - seconds) < 0.06);
      if (near) return playQuote(near, false);
    }
    if (Number.isFinite(seconds)) player.seek(seconds, false);
  }

  const KEYS = {
    " ": () => player.toggle(),
    ArrowLeft: () => player.seek(player.time() - 10, false),
    ArrowRight: () => player.seek(player.time() + 10, false),
    j: () => toQuote(1),
    k: () => toQuote(-1),
    n: () => toCriterion(1),
    p: () => toCriterion(-1),
    o: toMoment,
    l: () => history.replaceState(null, "", "#t=" + player.time().toFixed(1)),
    "?": () => dialog.showModal(),
  };
  document.addEventListener("keydown", function (event) {
    if (event.ctrlKey || event.metaKey || event.altKey || dialog.open) return;
    const on = event.target.closest("button, a, select, input, audio, summary");
    const theirs = on && (event.key === " " || (event.key.startsWith("Arrow") && on.matches("select, input, audio")));
    const act = KEYS[event.key];
    if (!act || theirs) return;
    event.preventDefault();
    act();
  });

  document.getElementById("help").addEventListener("click", () => dialog.showModal());
  const measure = () => document.documentElement.style.setProperty("--stage", stage.offsetHeight + "px");
  new ResizeObserver(measure).observe(stage);
  measure();
  addEventListener("hashchange", fromAddress);
  fromAddress();
})();
