import { chromium } from '@playwright/test'
import { printApi } from '#bench/apiReport.ts'
import { addPhotos } from '#bench/photos.ts'
import { few, lookingThrough, many, submitted, submitting } from '#bench/turns.ts'
import { browserArgs, findBrowser } from '#e2e/browser.ts'
import { TestServer } from '#e2e/server.ts'

/** The next image in the whole product: server, page, picture, regions. The server shares the machine. */
export const benchNext = async (): Promise<void> => {
  const server = await TestServer.start({ RATE_LIMIT: '0', DEMO: 'auto' })
  const executablePath = findBrowser()
  const browser = await chromium.launch({ ...(executablePath && { executablePath }), args: [...browserArgs] })
  try {
    for (const set of [few, many, submitted]) await addPhotos(server, set)
    printApi(await lookingThrough(browser, server))
    printApi(await submitting(browser, server))
  } finally {
    await browser.close()
    await server.remove()
  }
}
