export const dynamic = "force-dynamic";
export function GET() {
  const parts = ["one,", "two,", "three"].map((text) => new TextEncoder().encode(text));
  const pull = (controller) => (parts.length === 0 ? controller.close() : controller.enqueue(parts.shift()));
  return new Response(new ReadableStream({ pull }));
}
