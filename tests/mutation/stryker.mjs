// The mutants of scripts: `node stryker.mjs FOLDER FILE…` prints [{file, start, end, before, after, kind}, …], ends in
// letters of the file. What is changed is Stryker's to say; it leaves numbers alone, so one more than a number is added.
// FOLDER holds node_modules with its instrumenter.
import fs from "node:fs";
import { createRequire } from "node:module";
import { pathToFileURL } from "node:url";

const [folder, ...files] = process.argv.slice(2);
const { resolve } = createRequire(`${folder}/`);
const load = (name) => import(pathToFileURL(resolve(name)));
const { Instrumenter } = await load("@stryker-mutator/instrumenter");
const { parse } = await load("@babel/parser");
const { types } = await load("@babel/core").then(({ default: babel }) => babel);

const silent = new Proxy({}, { get: () => () => false });
const options = { excludedMutations: [], ignorers: [], plugins: null, noHeader: true };
const found = [];
for (const file of files) {
  const content = fs.readFileSync(file, "utf8"), lines = content.split("\n");
  const starts = lines.map((_, i) => lines.slice(0, i).reduce((sum, line) => sum + line.length + 1, 0));
  const { mutants } = await new Instrumenter(silent).instrument([{ name: file, mutate: true, content }], options);
  for (const { location: { start, end }, replacement, mutatorName, status } of mutants) {
    if (status === "Ignored") continue;
    found.push({ file, start: starts[start.line] + start.column, end: starts[end.line] + end.column, after: replacement, kind: mutatorName });
  }
  types.traverseFast(parse(content), (node) => {
    if (node.type === "NumericLiteral") found.push({ file, start: node.start, end: node.end, after: `${node.value + 1}`, kind: "Number" });
  });
  for (const mutant of found) if (mutant.file === file) mutant.before = content.slice(mutant.start, mutant.end);
}
process.stdout.write(JSON.stringify(found));
