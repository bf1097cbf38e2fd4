import { defineConfig } from '@playwright/test'

export default defineConfig({
  testDir: 'tests',
  testMatch: ['e2e/**/*.spec.ts', 'attacks/**/*.spec.ts'],
  // Of a test that hangs: a busy machine takes its time, and no test is about time.
  timeout: 120_000,
  expect: { timeout: 20_000 },
  // One more than cores: a test waits for what is under way as much as it works.
  workers: 3,
  fullyParallel: true,
  // A test that passes only the second time is a finding, not a pass.
  retries: 0,
  outputDir: '.output/test-results',
  reporter: [['line']],
})
