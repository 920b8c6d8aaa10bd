import { defineConfig } from 'vitest/config';

// Three tiers, told apart by their names (docs/architecture.md, "Tests"):
//   unit      *.spec.ts beside the code, pure and fast
//   contract  *.contract.spec.ts in test/contracts: one suite per port or protocol, run by every implementation
//   feature   *.feature.spec.ts in test/features: stories over HTTP against the whole service
export default defineConfig({
  resolve: { tsconfigPaths: true },
  test: {
    pool: 'forks',
    maxWorkers: 2,
    globalSetup: ['./test/support/global-setup.ts'],
    setupFiles: ['./test/support/setup.ts'],
    testTimeout: 20_000,
    hookTimeout: 60_000,
    projects: [
      {
        extends: true,
        test: { name: 'unit', include: ['{src,libs}/**/*.spec.ts', 'test/architecture/**/*.spec.ts'] },
      },
      {
        extends: true,
        test: { name: 'contracts', include: ['test/contracts/**/*.contract.spec.ts'], testTimeout: 60_000 },
      },
      {
        extends: true,
        test: { name: 'features', include: ['test/features/**/*.feature.spec.ts'], testTimeout: 180_000 },
      },
    ],
  },
});
