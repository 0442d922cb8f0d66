export const runtime = "edge";
export const GET = async (_req, { params }) => new Response((await params).id);
