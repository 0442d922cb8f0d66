import { systemClock } from "../clock.ts";
import { config } from "../config.ts";
import { restoreBackup } from "../store/backup/restore-backup.ts";
import { answerOnce } from "./answer-once.ts";

// A process of its own, as prepare.ts.
const [file = "", replace] = process.argv.slice(2);
const { databaseUrl: url = "" } = config();
await answerOnce(() => restoreBackup({ url, file, replace: replace === "replace", clock: systemClock }));
