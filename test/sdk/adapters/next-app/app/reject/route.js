export const dynamic = "force-dynamic";
export const GET = () => Promise.reject(new Error("rejected on purpose"));
