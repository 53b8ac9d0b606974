import { chromium, type Browser, type LaunchOptions } from 'playwright-core'

import { findBrowser } from './chromium.ts'

/** Quiet: no request of the browser's own leaves the machine, and nothing is asked at the first run. */
const quiet = [
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--disable-quic',
  '--no-first-run',
  '--disable-gpu',
]

/** Starts a real headless Chromium. Close it when done; contexts are cheap, browsers are not. */
export async function launchBrowser(options: LaunchOptions = {}): Promise<Browser> {
  const { executablePath, env } = await findBrowser()
  return chromium.launch({
    ...(executablePath ? { executablePath } : { channel: 'chrome' }),
    ...options,
    headless: true,
    env: { ...definedOnly(process.env), ...env },
    args: [...quiet, ...(options.args ?? [])],
  })
}

function definedOnly(env: NodeJS.ProcessEnv) {
  return Object.fromEntries(
    Object.entries(env).filter((entry): entry is [string, string] => entry[1] !== undefined),
  )
}
