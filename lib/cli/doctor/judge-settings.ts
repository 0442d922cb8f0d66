import { isLoopback, type Config } from "../../config.ts";
import { fail, type Finding, ok, orOk, warn } from "./finding.ts";

/** Every problem of the settings, as `readConfig` lists them. */
export function judgeProblems(problems: readonly string[]): Finding[] {
  return problems.map((problem) => fail("settings", problem, "Correct it as docs/operating.md says."));
}

/** What is no problem of a setting by itself. `names`: all that the environment sets for tailfill. */
export function judgeSettings(config: Config, names: readonly string[], known: ReadonlySet<string>): Finding[] {
  const unknown = names
    .filter((name) => !known.has(name))
    .map((name) => warn("settings", `${name} is no setting.`, "Look for a mistake in its name."));
  return [...orOk(unknown, "settings", "All settings can be used."), judgePublicUrl(config)];
}

function judgePublicUrl({ host, publicUrl }: Config): Finding {
  const url = new URL(publicUrl);
  if (!isLoopback(host) && isLoopback(url.hostname))
    return warn(
      "public URL",
      `tailfill listens on ${host}, and links lead to ${publicUrl}.`,
      "Set TAILFILL_PUBLIC_URL to the address that people use.",
    );
  if (url.protocol === "http:" && !isLoopback(url.hostname))
    return warn("public URL", `${publicUrl} is not encrypted: passwords travel in the clear.`, "Put TLS in front.");
  return ok("public URL", publicUrl);
}
