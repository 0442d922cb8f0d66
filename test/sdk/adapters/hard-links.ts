import { existsSync } from "node:fs";
import { cp, link, mkdir, readdir, rename, rm } from "node:fs/promises";
import { dirname, join } from "node:path";

/** Copies an installed package by hard links, which cost neither room nor much time; does nothing when it is there. */
export async function linkPackage(from: string, to: string): Promise<void> {
  if (existsSync(to)) return;
  const half = `${to}.${process.pid}`;
  await linkFolder(from, half);
  await mkdir(dirname(to), { recursive: true });
  await rename(half, to).catch(() => rm(half, { recursive: true, force: true }));
}

async function linkFolder(from: string, to: string): Promise<void> {
  await mkdir(to, { recursive: true });
  for (const entry of await readdir(from, { withFileTypes: true })) {
    const [source, target] = [join(from, entry.name), join(to, entry.name)];
    if (entry.isDirectory()) await linkFolder(source, target);
    else await link(source, target).catch(() => cp(source, target));
  }
}
