import { z } from "zod";
import { changeRule, oneRule, removeRule } from "@/lib/alerts/rules";
import { requireScope } from "@/lib/auth/access";
import { handle } from "@/lib/auth/handle";
import { readJson } from "@/lib/auth/read-json";
import { refuseAllBut } from "@/lib/auth/refuse-methods";
import { whoIs } from "@/lib/auth/who-is";
import { db, parseQuestion } from "@/lib/query";

export const dynamic = "force-dynamic";

type Context = { params: Promise<{ id: string }> };

/** A rule with the state of each of its series. */
export const GET = handle(async (request, { params }: Context) => {
  await requireScope(request, "read");
  parseQuestion("none", new URL(request.url).searchParams);
  return Response.json(await oneRule(db(), (await params).id));
});

/** Changes the fields that are given; null takes an optional one away. */
export const PATCH = handle(async (request, { params }: Context) => {
  const by = whoIs(await requireScope(request, "write"));
  const changes = await readJson(request, z.record(z.string(), z.unknown()));
  return Response.json(await changeRule(db(), (await params).id, changes, { by, nowMs: Date.now() }));
});

/** What it fires resolves within the next round. */
export const DELETE = handle(async (request, { params }: Context) => {
  await requireScope(request, "write");
  await removeRule(db(), (await params).id);
  return new Response(null, { status: 204 });
});

export const { POST, PUT, OPTIONS } = refuseAllBut("GET", "PATCH", "DELETE");
