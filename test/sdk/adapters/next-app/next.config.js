// The test says where the packages are: the app is built in a folder below them.
const root = process.env.TEST_ROOT;
export default {
  turbopack: { root },
  outputFileTracingRoot: root,
  // What a test has no use for takes a third of the build.
  experimental: {
    serverSourceMaps: false,
    turbopackFileSystemCacheForBuild: false,
    turbopackMinify: false,
    turbopackSourceMaps: false,
  },
};
