import type { Metadata } from "next";
import { StartPage } from "@/components/start/start-page";
import { requireSession } from "@/lib/auth/access";
import { config } from "@/lib/config";
import { readArrival } from "../data/arrival/read-arrival";

export const metadata: Metadata = { title: "Connect an app" };

export default async function Page() {
  await requireSession();
  return <StartPage url={config().publicUrl} known={await readArrival(null)} />;
}
