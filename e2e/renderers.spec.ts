import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, test } from '@playwright/test'
import { build } from 'vite'

test('the rasteriser paints what the exact renderer paints', async ({ page }) => {
  const folder = await mkdtemp(join(tmpdir(), 'marquee-renderers-'))
  try {
    await build({
      configFile: false,
      logLevel: 'warn',
      publicDir: false,
      build: {
        outDir: folder,
        lib: { entry: fileURLToPath(new URL('./rendererPage.ts', import.meta.url)), formats: ['iife'], name: 'page' },
        rolldownOptions: { output: { entryFileNames: 'page.js' } },
      },
    })
    await page.addScriptTag({ content: await readFile(join(folder, 'page.js'), 'utf8') })
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
  const all = await page.evaluate(() =>
    (
      window as unknown as {
        differences(): { shape: string; view: string; painted: number; mean: number; missing: number }[]
      }
    ).differences(),
  )
  expect(all.length).toBeGreaterThan(40)
  for (const { shape, view, painted, mean, missing } of all) {
    const what = `${shape}, ${view}`
    expect(painted, what).toBeGreaterThan(10)
    // noise is outline upon outline, which one of them blends and the other does not; a point is little but its edge
    const most = shape === 'noisy mask' ? 40 : shape === 'point' ? 18 : 8
    expect.soft(mean, `${what}: mean difference of opacity`).toBeLessThan(most)
    expect.soft(missing, `${what}: pixels that only one of them paints`).toBeLessThan(0.02)
  }
})
