import { hold } from "../gate";

export const dynamic = "force-dynamic";
export const GET = async () => {
  await hold();
  return new Response("late");
};
