import { createPasswordLink } from "../auth/password-links.ts";
import { db } from "../store/db.ts";
import { answerOnce } from "./answer-once.ts";

// A process of its own, as prepare.ts: what starts it stays small, and knows no database.
await answerOnce(() => createPasswordLink(db(), process.argv[2] ?? ""));
