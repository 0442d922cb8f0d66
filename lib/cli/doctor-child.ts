import { answerOnce } from "./answer-once.ts";
import { look } from "./doctor/look.ts";

// A process of its own, as prepare.ts.
await answerOnce(() => look());
