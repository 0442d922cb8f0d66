import type { KnownUserAnswer } from "@/components/user/user-search";
import { db, findUsers, parseQuestion, user } from "@/lib/query";

/** Longer ids are cut to this when they are stored. */
const LONGEST_ID = 256;

/**
 * What is known of the user that a search names.
 * @throws TailfillError `bad_request` when it names none, or something else in it is bad.
 */
export async function readUserAnswer(search: string): Promise<KnownUserAnswer> {
  const { id, ...question } = parseQuestion("userById", new URLSearchParams(search));
  const answer = await user(db(), { ...question, user: id }, Date.now());
  const known = answer.nothing === null || (await isKnown(id.slice(0, LONGEST_ID), question.service));
  return { ...answer, known };
}

/** The first of all ids that begin with this one is the id itself, if there is one. Cleaning an id keeps its length. */
async function isKnown(id: string, service = ""): Promise<boolean> {
  const { users } = await findUsers(
    db(),
    parseQuestion("userSearch", new URLSearchParams({ search: id, limit: "1", service })),
  );
  return users[0]?.user.length === id.length;
}
