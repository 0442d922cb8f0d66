export const dynamic = "force-dynamic";
export const GET = () => new Response("teapot", { status: 418 });
