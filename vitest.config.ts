import { defineConfig } from 'vitest/config'
import { WxtVitest } from 'wxt/testing/vitest-plugin'

// Everything that needs no browser. tests/architecture wants the built bundles; scripts/test.ts builds
// them first.
export default defineConfig({
  plugins: [WxtVitest()],
  test: {
    include: ['tests/{unit,vectors,property,architecture}/**/*.test.ts'],
    setupFiles: ['tests/unit/argon2Once.ts'],
    testTimeout: 60_000,
    hookTimeout: 60_000,
    // Argon2id wants 64 MiB and a core for each vault; two cores are what can be counted on.
    maxWorkers: 2,
  },
})
