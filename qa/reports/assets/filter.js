// The grammar of the filter, shared by every table of calls: agent:4711 v:missed c:empathy band:poor -is:review words
(function () {
  "use strict";
  const VERDICTS = { met: "m", partly: "p", missed: "x", not_applicable: "n", na: "n", unsure: "u" };
  const KINDS = ["agent", "v", "c", "band", "promise", "queue", "team", "lang", "is", "call"];

  // Tokens of a query; a value may be quoted, with \" and \\ inside.
  function parse(query) {
    const tokens = [];
    const form = /(-?)(?:([a-z]+):)?(?:"((?:[^"\\]|\\.)*)"|(\S+))/gi;
    for (const found of query.matchAll(form)) {
      let kind = (found[2] || "").toLowerCase();
      let value = found[3] !== undefined ? found[3].replace(/\\(.)/g, "$1") : found[4];
      if (kind && !KINDS.includes(kind)) { value = kind + ":" + value; kind = ""; }
      tokens.push({ not: found[1] === "-", kind, value, raw: found[0] });
    }
    return tokens;
  }

  function write(kind, value) {
    const plain = value && !/[\s"'\\]/.test(value);
    return kind + ":" + (plain ? value : '"' + value.replace(/\\/g, "\\\\").replace(/"/g, '\\"') + '"');
  }

  const same = (a, b) => String(a ?? "").toLowerCase() === b.toLowerCase();
  const has = (a, b) => String(a ?? "").toLowerCase().includes(b.toLowerCase());

  const TESTS = {
    agent: (call, value) => same(call.agent, value) || same(call.agentName, value),
    band: (call, value) => same(call.band, value) || same(call.bandTitle, value),
    promise: (call, value) => call.promises.split(" ").some((state) => same(state, value)),
    queue: (call, value) => has(call.queue, value),
    team: (call, value) => same(call.team, value),
    lang: (call, value) => same(call.language, value),
    call: (call, value) => same(call.id, value),
    is: (call, value) => (same(value, "auto-fail") ? call.autoFail : same(value, "review") && call.verdicts.includes("u")),
    "": (call, value) => has(call.text, value),
  };

  // Whether any of the named criteria (all, where none is named) has any of the named verdicts (any, where none is).
  function judged(call, criteria, places, letters) {
    const at = criteria.length ? places : [...call.verdicts].map((_, i) => i);
    return at.some((i) => i >= 0 && (letters.length ? letters.includes(call.verdicts[i]) : !".n".includes(call.verdicts[i])));
  }

  // A function that says whether a call passes; tokens of one kind are alternatives, kinds add up.
  function matcher(query, criterionIds) {
    const tokens = parse(query);
    const ids = criterionIds.map((id) => id.toLowerCase());
    const wanted = tokens.filter((t) => !t.not);
    const values = (kind) => wanted.filter((t) => t.kind === kind).map((t) => t.value);
    const criteria = values("c");
    const verdicts = values("v");
    const places = criteria.map((id) => ids.indexOf(id.toLowerCase()));
    const letters = verdicts.map((v) => VERDICTS[v.toLowerCase()] || "?");
    const kinds = [...new Set(wanted.map((t) => t.kind))].filter((kind) => TESTS[kind]);
    const refused = tokens.filter((t) => t.not);
    return function (call) {
      if ((criteria.length || verdicts.length) && !judged(call, criteria, places, letters)) return false;
      for (const kind of kinds) {
        const asked = values(kind);
        const test = TESTS[kind];
        if (kind === "" ? !asked.every((v) => test(call, v)) : !asked.some((v) => test(call, v))) return false;
      }
      return !refused.some((t) => {
        if (t.kind === "v") return judged(call, [], [], [VERDICTS[t.value.toLowerCase()] || "?"]);
        if (t.kind === "c") return judged(call, [t.value], [ids.indexOf(t.value.toLowerCase())], []);
        return TESTS[t.kind](call, t.value);
      });
    };
  }

  window.qaFilter = { parse, write, matcher };
})();
