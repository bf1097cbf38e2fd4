import { defineConfig } from '@playwright/test'

export default defineConfig({
  testDir: 'tests',
  testMatch: ['e2e/**/*.spec.ts', 'attacks/**/*.spec.ts'],
  timeout: 60_000,
  expect: { timeout: 10_000 },
  workers: 2,
  fullyParallel: true,
  // A test that passes only the second time is a finding, not a pass.
  retries: 0,
  outputDir: '.output/test-results',
  reporter: [['line']],
})
