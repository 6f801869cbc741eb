// One clock for the page: the recording's where there is sound, else a hand that can be set.
(function () {
  "use strict";
  const audio = document.getElementById("audio");
  const drawing = document.getElementById("lanes");
  const head = document.getElementById("head");
  const whole = Number(drawing.dataset.seconds);
  const listeners = [];
  let hand = 0;

  const player = (window.qaPlayer = {
    audio,
    whole,
    time: () => (audio ? audio.currentTime : hand),
    onTime: (listener) => listeners.push(listener),
    // Go to a second; `play` also starts the sound, which browsers allow only after a click or a key.
    seek(seconds, play) {
      hand = Math.min(Math.max(seconds, 0), whole);
      if (audio) {
        audio.currentTime = hand;
        if (play) audio.play().catch(() => undefined);
      }
      tell(true);
    },
    toggle() {
      if (!audio) return;
      if (audio.paused) audio.play().catch(() => undefined);
      else audio.pause();
    },
  });

  function tell(jumped) {
    const now = jumped ? hand : player.time();
    head.setAttribute("x", (100 * Math.min(now, whole)) / whole + "%");
    for (const listener of listeners) listener(now, jumped);
  }

  if (audio) {
    const step = () => { tell(false); if (!audio.paused) requestAnimationFrame(step); };
    audio.addEventListener("play", () => requestAnimationFrame(step));
    audio.addEventListener("timeupdate", () => tell(false));
    audio.addEventListener("seeked", () => tell(false));
    audio.addEventListener("error", () => { document.getElementById("trouble").hidden = false; });
    if (audio.error) document.getElementById("trouble").hidden = false;
    const speed = document.getElementById("speed");
    speed.addEventListener("change", () => { audio.playbackRate = Number(speed.value); });
  }

  drawing.addEventListener("click", function (event) {
    const box = drawing.getBoundingClientRect();
    player.seek((whole * (event.clientX - box.left)) / box.width, true);
  });
  const zoom = document.getElementById("zoom");
  zoom.addEventListener("change", function () {
    const times = Number(zoom.value);
    drawing.setAttribute("width", 100 * times + "%");
    const scroll = document.getElementById("lanes-scroll");
    scroll.scrollLeft = (player.time() / whole) * scroll.scrollWidth - scroll.clientWidth / 2;
  });
})();
