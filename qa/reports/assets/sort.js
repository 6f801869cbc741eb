// Heads of small tables sort their rows: figures by data-value, else by text.
(function () {
  "use strict";
  for (const table of document.querySelectorAll("table[data-sortable]")) {
    const heads = [...table.tHead.rows[0].cells];
    const collator = new Intl.Collator(undefined, { numeric: true });
    heads.forEach(function (head, column) {
      const button = document.createElement("button");
      button.type = "button";
      button.className = "sorter";
      button.append(...head.childNodes);
      head.append(button);
      button.addEventListener("click", function () {
        const down = head.getAttribute("aria-sort") === "ascending";
        heads.forEach((other) => other.removeAttribute("aria-sort"));
        head.setAttribute("aria-sort", down ? "descending" : "ascending");
        const value = (row) => row.cells[column].dataset.value ?? row.cells[column].textContent.trim();
        const rows = [...table.tBodies[0].rows];
        rows.sort(function (a, b) {
          const [x, y] = [value(a), value(b)];
          const by = x !== "" && y !== "" && !isNaN(x) && !isNaN(y) ? x - y : collator.compare(x, y);
          return down ? -by : by;
        });
        table.tBodies[0].append(...rows);
      });
    });
  }
})();
