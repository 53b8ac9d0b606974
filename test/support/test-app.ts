import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import { type Logger, pino } from 'pino'

import { createAgent } from '../../server/actions/people.ts'
import { startSession } from '../../server/actions/sign-in.ts'
import { createSite } from '../../server/actions/sites.ts'
import { buildApp } from '../../server/app.ts'
import { readConfig } from '../../server/config.ts'
import { csrfOf } from '../../server/secrets.ts'
import { openSqliteStore } from '../../server/store/open.ts'
import type { Role } from '../../shared/protocol/conversation.ts'
import { openWire, type Wire } from './wire-client.ts'

export const testPassword = 'correct horse battery'
export const shopOrigin = 'https://shop.example.com'

export interface TestPerson {
  id: string
  name: string
  email: string
  /** Headers of a signed-in request. */
  headers: Record<string, string>
  sessionToken: string
}

/** The real app on a real file and a free port; everything but the built assets, which are a page and two scripts. */
export async function startTestApp(
  env: Record<string, string> = {},
  { now = Date.now, log = pino({ level: 'silent' }) }: { now?: () => number; log?: Logger } = {},
) {
  const folder = mkdtempSync(join(tmpdir(), 'parley-app-'))
  const dataDir = join(folder, 'data')
  const config = readConfig({ DATA_DIR: dataDir, LOG_LEVEL: 'silent', ...env })
  const store = await openSqliteStore({
    dataDir,
    now: Date.now,
    isExclusive: true,
    onFatal(failure) {
      throw failure
    },
  })
  const parts = await buildApp({ config, store, assets: writeAssets(folder), log, now })
  await parts.app.listen({ port: 0, host: '127.0.0.1' })
  const { port } = parts.app.server.address() as AddressInfo
  const url = `http://127.0.0.1:${port}`
  const wires: Wire[] = []
  let people = 0

  async function addPerson(role: Role = 'agent', more: { departmentIds?: string[] } = {}) {
    people += 1
    const email = `person${people}@example.com`
    const name = `Person ${people}`
    const agent = await createAgent(parts.context, {
      name,
      email,
      password: testPassword,
      role,
      ...more,
    })
    const { token } = await startSession(parts.context, agent.id, null)
    const headers = {
      cookie: `parley=${token}`,
      'x-parley-csrf': csrfOf(token),
      'content-type': 'application/json',
    }
    const person: TestPerson = { id: agent.id, name, email, headers, sessionToken: token }
    return person
  }

  async function request(
    method: string,
    path: string,
    {
      person,
      body,
      headers = {},
    }: { person?: TestPerson | undefined; body?: unknown; headers?: Record<string, string> } = {},
  ) {
    const response = await fetch(url + path, {
      method,
      headers: { ...person?.headers, ...headers },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      redirect: 'manual',
    })
    const text = await response.text()
    let json: Record<string, unknown> = {}
    try {
      json = JSON.parse(text) as Record<string, unknown>
    } catch {
      // A page or a script.
    }
    return { status: response.status, headers: response.headers, text, json }
  }

  async function openAgent(person: TestPerson): Promise<Wire> {
    const { json } = await request('POST', '/api/ticket', { person, body: {} })
    const wire = await openWire(`${url}/ws/agent`, config.publicUrl)
    wires.push(wire)
    wire.sendRaw({ type: 'hello', version: 1, ticket: json['ticket'] })
    await wire.next((frame) => frame.type === 'welcome' || frame.type === 'bye')
    return wire
  }

  async function openVisitor(
    siteKey: string,
    token: string,
    { origin = shopOrigin, version = 1 } = {},
  ): Promise<Wire> {
    const wire = await openWire(`${url}/ws/visitor`, origin)
    wires.push(wire)
    wire.sendRaw({ type: 'hello', version, site: siteKey, token })
    await wire.next((frame) => frame.type === 'welcome' || frame.type === 'bye')
    return wire
  }

  return {
    ...parts,
    url,
    config,
    store,
    dataDir,
    addPerson,
    addSite: (name = 'Shop', origins = [shopOrigin]) =>
      createSite(parts.context, { name, origins }),
    request,
    openAgent,
    openVisitor,
    async dispose() {
      for (const wire of wires) wire.close()
      await parts.close()
      rmSync(folder, { recursive: true, force: true })
    },
  }
}
export type TestApp = Awaited<ReturnType<typeof startTestApp>>

function writeAssets(folder: string) {
  const consoleDir = join(folder, 'console')
  const widgetDir = join(folder, 'widget')
  mkdirSync(join(consoleDir, 'assets'), { recursive: true })
  mkdirSync(join(widgetDir, 'assets'), { recursive: true })
  writeFileSync(join(consoleDir, 'index.html'), '<!doctype html><title>Console</title>')
  writeFileSync(join(widgetDir, 'assets/panel-1.js'), 'export const mount = 1\n')
  return {
    consoleDir,
    widgetDir,
    loader: () => '(()=>{const config=__PARLEY_CONFIG__})()',
    panelPath: () => 'assets/panel-1.js',
  }
}
