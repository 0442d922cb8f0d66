export const dynamic = "force-dynamic";
export function GET() {
  let sent = false;
  const pull = (controller) => {
    if (sent) controller.error(new Error("broken on purpose"));
    else controller.enqueue(new TextEncoder().encode("first,"));
    sent = true;
  };
  return new Response(new ReadableStream({ pull }));
}
