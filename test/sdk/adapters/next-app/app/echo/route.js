export const POST = async (req) => new Response(String((await req.text()).length), { status: 201 });
