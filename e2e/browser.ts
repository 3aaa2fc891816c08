import { execFileSync, spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { chromium } from '@playwright/test'

const INSTALLED = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome', '/snap/bin/chromium']

/** Chromium's flags for machines without a display or a network; `--no-sandbox` only as root, where it must be. */
export const browserArgs: readonly string[] = [
  ...(process.getuid?.() === 0 ? ['--no-sandbox'] : []),
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
]

/** A Chromium to drive: the one CHROMIUM_PATH names, an installed one, or Playwright's own. Undefined if there is none. */
export function findBrowser(): string | undefined {
  const named = process.env.CHROMIUM_PATH
  if (named && !existsSync(named)) throw new Error(`CHROMIUM_PATH: there is no file ${named}`)
  return [named, ...INSTALLED, chromium.executablePath()].find((path) => path !== undefined && existsSync(path))
}

/** Like {@link findBrowser}, but gets one if there is none: from Debian's packages as root, else Playwright's own. */
export async function ensureBrowser(): Promise<string> {
  const found = findBrowser()
  if (found) return found
  const apt = process.getuid?.() === 0 && spawnSync('apt-get', ['--version']).status === 0
  if (apt) {
    console.log('No browser found: installing Debian’s chromium …')
    const quiet = { stdio: ['ignore', 'ignore', 'inherit'] as ['ignore', 'ignore', 'inherit'] }
    const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' }
    execFileSync('apt-get', ['update', '-qq'], { ...quiet, env })
    execFileSync('apt-get', ['install', '-y', '-qq', '--no-install-recommends', 'chromium'], { ...quiet, env })
  } else {
    console.log('No browser found: installing Playwright’s own …')
    execFileSync('npx', ['playwright', 'install', 'chromium'], { stdio: 'inherit' })
  }
  const installed = findBrowser()
  if (!installed) throw new Error('No browser could be installed: install Chromium, or name one with CHROMIUM_PATH')
  return installed
}
