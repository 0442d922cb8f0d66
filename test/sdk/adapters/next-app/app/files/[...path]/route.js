export const GET = () => new Response("file");
