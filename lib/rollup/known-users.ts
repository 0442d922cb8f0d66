import type { UserLabel } from "../store/user-labels.ts";
import { getOrAdd } from "./get-or-add.ts";
import { UserDirectory } from "./user-directory.ts";

/** Users remembered between folds, of all services: some 10 MB. Beyond, all are forgotten and learnt anew. */
const REMEMBERED = 200_000;

/** Remembers users of late, so that hashing an id and saving its label is done once a day and not once a batch. */
export class KnownUsers {
  private readonly directories = new Map<number, UserDirectory>();

  constructor(private readonly remembered = REMEMBERED) {}

  /** To be called before each fold: what is handed out after it stays valid until the next call. */
  tidy(): void {
    let size = 0;
    for (const directory of this.directories.values()) size += directory.size;
    if (size > this.remembered) this.directories.clear();
  }

  of(service: { id: number; name: string }): UserDirectory {
    return getOrAdd(this.directories, service.id, () => new UserDirectory(service.id, service.name));
  }

  /** The labels that have to be saved. They are offered again until `saved` is called. */
  labels(): UserLabel[] {
    return [...this.directories.values()].flatMap((directory) => directory.labels());
  }

  saved(): void {
    for (const directory of this.directories.values()) directory.saved();
  }
}
