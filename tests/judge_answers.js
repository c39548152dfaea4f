// Reads {exercises, cases: [[name, answers, language], …]} from stdin; writes what the page says of each.
const fs = require("node:fs");
const vm = require("node:vm");
vm.runInThisContext(fs.readFileSync(process.argv[2], "utf8"));
const { exercises, cases } = JSON.parse(fs.readFileSync(0, "utf8"));
const said = cases.map(([name, answers, language]) => {
  const { mark, text } = winitJudge(exercises[name], answers, language);
  return [mark, text];
});
process.stdout.write(JSON.stringify(said));
