"use client";
import { useZone } from "@/components/shell/clock";
import { ReplicaCard } from "./replica-card";
import { Banner } from "@/components/ui/banner";
import type { ReplicaStatus, StorageAnswer } from "@/lib/query/answers";
import { RetentionTable } from "./retention-table";
import { StorageFigures } from "./storage-figures";
import { StoredTable } from "./stored-table";

/** Below this the server warns; below 200 MB it stops accepting. */
const LOW_BYTES = 1_000_000_000;

interface StorageCardProps {
  storage: StorageAnswer;
  /** When it was asked. */
  nowMs: number;
  /** Absent or `null`: there is no read replica. */
  replica?: ReplicaStatus | null;
}

export function StorageCard({ storage, nowMs, replica = null }: StorageCardProps) {
  const zone = useZone();
  const { tables, freeDiskBytes } = storage;
  return (
    <div className="flex flex-col gap-4">
      {freeDiskBytes !== null && freeDiskBytes < LOW_BYTES && (
        <Banner tone="warn" title="The disk is nearly full.">
          Below 200 MB the server stops accepting batches and answers 507; what is stored is kept. Free some room.
        </Banner>
      )}
      {replica && <ReplicaCard replica={replica} />}
      <StorageFigures {...{ storage, zone, nowMs }} />
      <RetentionTable {...{ tables, zone, nowMs }} />
      <StoredTable {...{ storage, zone }} />
      <Notes />
    </div>
  );
}

function Notes() {
  return (
    <ul className="flex max-w-[90ch] flex-col gap-1 text-small text-muted">
      <li>
        <b className="font-medium text-text">Used for:</b> answers take the narrow windows of this stretch, and wider
        ones for what is older. A percentile of a long range stays exact, since histograms are merged and never
        averaged.
      </li>
      <li>
        <b className="font-medium text-text">Removed after:</b> whole days (of the widest windows, whole months) are
        dropped at once, when the last of them is over and no late batch can land there any more: batches are taken up
        to 48 h late. So the disk holds more than answers use. A partition goes within the hour after its time, unless a
        backup runs or it still has to be rolled up.
      </li>
      <li>
        <b className="font-medium text-text">A day adds:</b> the mean of the last seven days that are over, of months of
        the last two; while there is none, what has come so far. What tables become is reckoned from that and from when
        partitions go, as if every further day added the same. Tables that go by no partitions are taken to stay as they
        are.
      </li>
      <li>Row counts are PostgreSQL&rsquo;s estimates; sizes are as they are on the disk now.</li>
    </ul>
  );
}
