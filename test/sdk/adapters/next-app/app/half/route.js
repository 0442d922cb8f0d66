import { hold } from "../gate";

export const dynamic = "force-dynamic";
export function GET() {
  const start = async (controller) => {
    controller.enqueue(new TextEncoder().encode("first,"));
    await hold();
    controller.close();
  };
  return new Response(new ReadableStream({ start }));
}
