import { UserTable } from "../query/user-table.ts";
import type { Db } from "../store/db.ts";
import { type ProfileState, profileStatesOf, readMerged } from "../store/profiles.ts";
import type { Scope } from "../store/scopes.ts";
import { type Learned, learnedOf, nothingLearned } from "./learned.ts";
import type { NamedSubject } from "./subjects.ts";

/** What an outlook is made of, as it was read: whatever is assumed or asked for. */
export interface Material {
  scope: Scope;
  subjects: ReadSubject[];
  /** Numbers the users. */
  users: UserTable;
}

export interface ReadSubject {
  subject: NamedSubject;
  state: ProfileState;
  learned: Learned;
  /** Its profiles. */
  chunks: Uint8Array[];
}

/** Reads the profiles of some subjects, and what decisions taught. Subjects that have no profiles yet are left out. */
export async function readMaterial(
  db: Db,
  scope: Scope,
  { subjects, nowMs }: { subjects: readonly NamedSubject[]; nowMs: number },
): Promise<Material> {
  const ids = subjects.map(({ endpointId }) => endpointId);
  const states = new Map((await profileStatesOf(db, ids)).map((state) => [state.endpointId, state]));
  const users = new UserTable();
  const learned = await learnedOf(db, scope.id, { nowMs, users });
  const read: ReadSubject[] = [];
  for (const subject of subjects) {
    const state = states.get(subject.endpointId);
    if (state === undefined || state.madeAtMs === null) continue;
    const chunks = await readMerged(db, subject.endpointId);
    read.push({ subject, state, learned: learned.get(subject.endpointId) ?? nothingLearned(), chunks });
  }
  return { scope, subjects: read, users };
}
