# syntax=docker/dockerfile:1
# Builds with `docker build -t tailfill .`; docs/operating.md says how to run it.

FROM node:22-bookworm-slim AS build
WORKDIR /app
COPY package.json package-lock.json .npmrc ./
COPY lib/sdk/package.json lib/sdk/package.json
RUN npm ci
COPY . .
RUN node scripts/build.mjs && npm prune --omit=dev && rm -rf .next/cache

FROM node:22-bookworm-slim
ENV NODE_ENV=production HOST=0.0.0.0 PORT=3000 TAILFILL_DATA_DIR=/data
WORKDIR /app
# The account `node` (1000) owns nothing but /data; everything else can be mounted read-only, with a tmpfs on /tmp.
COPY --from=build /app/package.json /app/next.config.ts ./
COPY --from=build /app/node_modules node_modules
COPY --from=build /app/prisma prisma
COPY --from=build /app/lib lib
COPY --from=build /app/.next .next
COPY --from=build /app/dist dist
RUN install -d -o node -g node -m 0700 /data
USER node
VOLUME /data
EXPOSE 3000
# Recovery after a power loss may take longer than a usual start.
HEALTHCHECK --interval=10s --timeout=6s --start-period=90s CMD ["node", "-e", "fetch(`http://127.0.0.1:${process.env.PORT}/api/health`).then((r) => process.exit(r.ok ? 0 : 1), () => process.exit(1))"]
STOPSIGNAL SIGTERM
CMD ["node", "dist/cli.js", "start"]
