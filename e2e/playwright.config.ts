import { defineConfig } from '@playwright/test'
import { browserArgs, findBrowser } from '#e2e/browser.ts'

export default defineConfig({
  testDir: '.',
  testMatch: '*.spec.ts',
  outputDir: '../test-results',
  // speed is measured by the bench; here a slow machine may take its time
  timeout: 180_000,
  expect: { timeout: 20_000 },
  workers: 1,
  forbidOnly: true,
  retries: 0,
  use: {
    viewport: { width: 1440, height: 900 },
    colorScheme: 'light',
    // tests that hold back or break what a page asks for must see it ask; e2e/offline.spec.ts allows it
    serviceWorkers: 'block',
    // a trace of each would make every test half as long again: `--trace on` for one that fails
    screenshot: 'only-on-failure',
    launchOptions: { executablePath: findBrowser() ?? '', args: [...browserArgs] },
  },
})
