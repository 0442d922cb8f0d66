import { defineConfig } from "prisma/config";

// The address of the database comes from lib/config.ts at run time; `generate` needs none.
export default defineConfig({ schema: "prisma/schema.prisma", migrations: { path: "prisma/migrations" } });
