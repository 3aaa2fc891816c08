import { defineConfig } from '@playwright/test'
import { browserArgs, findBrowser } from '#e2e/browser.ts'

export default defineConfig({
  testDir: '.',
  testMatch: '*.spec.ts',
  outputDir: '../test-results',
  timeout: 90_000,
  expect: { timeout: 10_000 },
  workers: 1,
  forbidOnly: true,
  retries: 0,
  use: {
    viewport: { width: 1440, height: 900 },
    colorScheme: 'light',
    trace: 'retain-on-failure',
    launchOptions: { executablePath: findBrowser() ?? '', args: [...browserArgs] },
  },
})
