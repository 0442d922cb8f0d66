import type { Metadata } from "next";
import { headers } from "next/headers";
import { EmbedExpired } from "@/components/embed/embed-expired";
import { EmbedFrame } from "@/components/embed/embed-frame";
import { SharedEndpoint } from "@/components/embed/shared-endpoint";
import { SharedOverview } from "@/components/embed/shared-overview";
import { TailfillError } from "@/lib/errors";
import { noteShareUse, shareOf, type ShareRow } from "@/lib/auth/shares";
import { DEFAULT_PERCENTILES, db, endpoint, endpointIdentity, endpoints, tailUsers } from "@/lib/query";

export const metadata: Metadata = { title: "Shared", robots: { index: false } };

/** What a link is for, and nothing else: no navigation, no session, no address that asks for more. */
export default async function SharedPage({ params }: { params: Promise<{ token: string }> }) {
  const share = await shareOf((await params).token);
  if (share === null || share.isOver || !(await isThere(share))) return <EmbedExpired />;
  noteShareUse(share);
  const nonce = (await headers()).get("x-nonce") ?? undefined;
  const expiresAt = share.expiresAt.toISOString();
  return (
    <EmbedFrame nonce={nonce} expiresAt={expiresAt}>
      {share.kind === "endpoint" ? <Endpoint share={share} /> : <Overview share={share} />}
    </EmbedFrame>
  );
}

/** Whether what is shared still is: an endpoint goes with its service. */
async function isThere({ endpointId }: ShareRow): Promise<boolean> {
  if (endpointId === null) return true;
  try {
    await endpointIdentity(db(), String(endpointId));
    return true;
  } catch (error) {
    if (error instanceof TailfillError && error.code === "not_found") return false;
    throw error;
  }
}

const rangeOf = ({ rangeFrom, rangeTo }: ShareRow) => ({ from: rangeFrom, to: rangeTo });
const USERS_SHOWN = 10;

async function Endpoint({ share }: { share: ShareRow }) {
  const id = share.endpointId!;
  const question = { ...rangeOf(share), percentiles: DEFAULT_PERCENTILES, id };
  const answer = await endpoint(db(), question, Date.now());
  const wanted = { ...rangeOf(share), id, tail: 95, limit: USERS_SHOWN };
  const tail = share.users ? await tailUsers(db(), wanted, Date.now()) : null;
  const { service, environment, method, route, series, releases, totals, range } = answer;
  return (
    <SharedEndpoint
      endpoint={{ id, service, environment, method, route }}
      {...{ series, releases, totals, range }}
      tail={tail}
    />
  );
}

async function Overview({ share }: { share: ShareRow }) {
  const { service, environment } = share;
  const scope = { ...(service !== "" && { service }), ...(environment !== "" && { environment }) };
  const question = { ...scope, ...rangeOf(share), percentiles: DEFAULT_PERCENTILES };
  const { endpoints: rows, range } = await endpoints(db(), question, Date.now());
  return <SharedOverview {...{ service, environment, range }} endpoints={rows} />;
}
