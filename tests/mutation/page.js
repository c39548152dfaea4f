// Stands in for a page that has loaded these scripts: `node page.js SCRIPT…` answers each line {script, given} of stdin
// with the result of `(given) => { script }`, or the error. Numbers that JSON lacks are written as {"number": "NaN"}.
const fs = require("node:fs");
const vm = require("node:vm");
globalThis.window = globalThis;
for (const file of process.argv.slice(2)) vm.runInThisContext(fs.readFileSync(file, "utf8"), file);

const plain = (key, value) =>
  typeof value === "number" && (!Number.isFinite(value) || Object.is(value, -0)) ? { number: Object.is(value, -0) ? "-0" : String(value) } : value;
async function main() {
  for await (const line of require("node:readline").createInterface({ input: process.stdin })) {
    let said;
    try {
      const { script, given } = vm.runInThisContext(`(${line})`); // Python's NaN is none of JSON
      said = { result: (await vm.runInThisContext(`(given) => { ${script} }`)(given)) ?? null };
    } catch (error) {
      said = { error: String(error) };
    }
    process.stdout.write(`${JSON.stringify(said, plain)}\n`);
  }
}
main();
