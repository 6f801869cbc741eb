// Light or dark: the system's choice until the reader makes one, which is remembered on this machine.
(function () {
  "use strict";
  const root = document.documentElement;
  root.classList.add("js");
  let stored = null;
  try { stored = localStorage.getItem("qa-theme"); } catch { /* storage may be closed to files */ }
  if (stored === "dark" || stored === "light") root.dataset.theme = stored;

  function isDark() {
    return root.dataset.theme ? root.dataset.theme === "dark" : matchMedia("(prefers-color-scheme: dark)").matches;
  }

  document.addEventListener("DOMContentLoaded", function () {
    const button = document.getElementById("theme");
    if (!button) return;
    button.setAttribute("aria-pressed", String(isDark()));
    button.addEventListener("click", function () {
      root.dataset.theme = isDark() ? "light" : "dark";
      button.setAttribute("aria-pressed", String(isDark()));
      try { localStorage.setItem("qa-theme", root.dataset.theme); } catch { /* kept for this page only */ }
    });
  });
})();
