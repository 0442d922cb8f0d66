// Documents are tested: links and cited paths exist, settings and commands are real.
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("..", import.meta.url));
const scripts = JSON.parse(readFileSync(join(root, "package.json"), "utf8")).scripts;
const problems = [];

function* documents() {
  for (const name of readdirSync(root)) if (name.endsWith(".md")) yield join(root, name);
  for (const folder of ["docs", "docs/decisions", "bench", "lib/sdk"])
    if (existsSync(join(root, folder)))
      for (const name of readdirSync(join(root, folder))) if (name.endsWith(".md")) yield join(root, folder, name);
}

const anchorOf = (heading) =>
  heading
    .trim()
    .toLowerCase()
    .replace(/[^\p{L}\p{N}\s-]/gu, "")
    .replace(/\s/g, "-");

function checkLink(file, link) {
  if (/^[a-z]+:/.test(link)) return;
  const [path, anchor] = link.split("#");
  const target = path === "" ? file : join(dirname(file), path);
  if (!existsSync(target)) return problems.push(`${relative(root, file)}: the link ${link} leads nowhere`);
  if (anchor === undefined || !target.endsWith(".md")) return;
  const headings = [...readFileSync(target, "utf8").matchAll(/^#+\s+(.*)$/gm)].map((m) => anchorOf(m[1]));
  if (!headings.includes(anchor)) problems.push(`${relative(root, file)}: ${link} names a heading that is not there`);
}

/** `lib/store/db.ts` in running text: a path of this repository must exist. */
const CITED = /`((?:app|bench|components|docs|lib|prisma|scripts|test)\/[\w./()[\]-]+)`/g;
const GENERATED = /^(lib\/store\/generated|lib\/sdk\/dist|bench\/out|test\/out)/;

for (const file of documents()) {
  const text = readFileSync(file, "utf8");
  for (const [, link] of text.matchAll(/\]\(([^)\s]+)\)/g)) checkLink(file, link);
  for (const [, path] of text.matchAll(CITED))
    if (!GENERATED.test(path) && !existsSync(join(root, path)))
      problems.push(`${relative(root, file)}: \`${path}\` is not there`);
  for (const [, script] of text.matchAll(/npm (?:run )?([a-z]+)\b/g))
    if (
      !["ci", "install", "i", "pack", "run"].includes(script) &&
      !(script in scripts) &&
      text.includes(`npm run ${script}`)
    )
      problems.push(`${relative(root, file)}: \`npm run ${script}\` is no script of package.json`);
}

if (problems.length > 0) {
  console.error(problems.join("\n"));
  process.exit(1);
}
console.log("documents: ok");
