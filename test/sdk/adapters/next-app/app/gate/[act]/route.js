import { release, waiting } from "../../gate";

export const GET = async (_req, { params }) =>
  new Response(String((await params).act === "release" ? release() : waiting()));
