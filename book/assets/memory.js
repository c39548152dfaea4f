/* What a reader did on this device, in one key of localStorage: {version, guesses, answers, done, reading}, each a table by
   name. What this version of the site does not know stays as it is; where nothing can be stored, it lasts as long as the
   page. */
(() => {
  "use strict";
  const KEY = "winit", VERSION = 1;
  let kept = {}, forgetful = false;

  const isTable = (value) => typeof value === "object" && value !== null && !Array.isArray(value);
  const table = (value) => (isTable(value) ? value : {});

  function read() {
    if (forgetful) return kept;
    try {
      return table(JSON.parse(localStorage.getItem(KEY)));
    } catch (error) {
      if (!(error instanceof SyntaxError)) forgetful = true; // storage is forbidden, not spoiled
      return kept;
    }
  }

  function write(all) {
    kept = all;
    try {
      localStorage.setItem(KEY, JSON.stringify(all));
    } catch {
      forgetful = true;
    }
  }

  function get(kind, name) {
    const known = table(read()[kind]);
    return Object.hasOwn(known, name) ? known[name] : undefined;
  }

  function set(kind, name, value) {
    const all = read();
    write({ ...all, version: all.version ?? VERSION, [kind]: { ...table(all[kind]), [name]: value } });
  }

  function forget() {
    kept = {};
    try {
      localStorage.removeItem(KEY);
    } catch {
      forgetful = true;
    }
  }

  window.winit.memory = { get, set, forget };
})();
