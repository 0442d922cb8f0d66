import { PrefillSkeleton } from "@/components/prefill/prefill-skeleton";
import { PageHeader } from "@/components/ui/page-header";

/** The page before its figures were read. */
export default function Loading() {
  return (
    <>
      <PageHeader title="Prefill" />
      <PrefillSkeleton />
    </>
  );
}
