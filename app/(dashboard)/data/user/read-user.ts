import { onReplica, parseQuestion, user } from "@/lib/query";
import type { UserAnswer } from "@/lib/query/answers";

/**
 * What is known of the user that a search names.
 * @throws TailfillError `bad_request` when it names none, or something else in it is bad.
 */
export async function readUserAnswer(search: string): Promise<UserAnswer> {
  const { id, ...question } = parseQuestion("userById", new URLSearchParams(search));
  return onReplica((db) => user(db, { ...question, user: id }, Date.now()));
}
