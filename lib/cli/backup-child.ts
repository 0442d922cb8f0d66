import { systemClock } from "../clock.ts";
import { config } from "../config.ts";
import { writeBackup } from "../store/backup/write-backup.ts";
import { answerOnce } from "./answer-once.ts";

// A process of its own, as prepare.ts.
const [file = "", withSecret] = process.argv.slice(2);
const { databaseUrl: url = "", secret = null } = config();
await answerOnce(() =>
  writeBackup({ url, file, secret, withSecret: withSecret === "with-secret", clock: systemClock }),
);
