import { execFile } from "node:child_process";
import { mkdir, mkdtemp, readdir, rename, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";

export const root = fileURLToPath(new URL("../../..", import.meta.url));
export const run = promisify(execFile);

/** A folder with the SDK as `npm install` would put it there. */
export interface Project {
  folder: string;
  /** Writes a file into the project. */
  write(name: string, text: string): Promise<string>;
  remove(): Promise<void>;
}

/** A project outside of this repository: nothing but the SDK can be found from it. */
export async function blankProject(): Promise<Project> {
  return installInto(await mkdtemp(join(tmpdir(), "tailfill-blank-")));
}

/** A project below this repository's node_modules: from it, all frameworks that are installed can be found. */
export async function frameworkProject(): Promise<Project> {
  const above = join(root, "node_modules/.cache/tailfill-test");
  await mkdir(above, { recursive: true });
  return installInto(await mkdtemp(join(above, "packed-")));
}

async function installInto(folder: string): Promise<Project> {
  const write = async (name: string, text: string): Promise<string> => {
    const path = join(folder, name);
    await mkdir(dirname(path), { recursive: true });
    await writeFile(path, text);
    return path;
  };
  await write("package.json", JSON.stringify({ name: "blank", private: true, type: "module" }));
  await installSdk(folder);
  return { folder, write, remove: () => rm(folder, { recursive: true, force: true }) };
}

/** Puts the SDK into a project's node_modules by `npm pack`, so that what is tested is what would be published. */
export async function installSdk(folder: string): Promise<void> {
  const sdk = join(root, "lib/sdk");
  await run(process.execPath, [join(root, "scripts/build-sdk.mjs"), "--if-stale"]);
  await run("npm", ["pack", "--ignore-scripts", "--pack-destination", folder], { cwd: sdk });
  const tarball = (await readdir(folder)).find((name) => name.endsWith(".tgz")) ?? "";
  await run("tar", ["-xzf", join(folder, tarball), "-C", folder]);
  await mkdir(join(folder, "node_modules/@tailfill"), { recursive: true });
  await rename(join(folder, "package"), join(folder, "node_modules/@tailfill/sdk"));
  await rm(join(folder, tarball));
}
