// The test says where the packages are: the app is built in a folder below them.
const root = process.env.TEST_ROOT;
export default {
  turbopack: { root },
  outputFileTracingRoot: root,
  experimental: { turbopackFileSystemCacheForBuild: false },
};
