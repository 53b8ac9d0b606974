import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'

import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest'

import { findFreePorts } from '../support/free-port.ts'
import { run, startServer, type ServerProcess } from '../support/process.ts'

const root = resolve(import.meta.dirname, '../..')
const built = join(root, 'dist/server')

describe('a running installation', () => {
  let server: ServerProcess

  beforeAll(async () => {
    server = await startServer({ hasDemo: true })
  })
  afterAll(() => server.dispose())

  test('its start prints the console, a set-up link, the shop and the tag', async () => {
    // Ready a moment before it has said so.
    await expect.poll(() => server.logs()).toContain('Tag ')
    const logs = server.logs()
    expect(logs).toContain(`${server.url}/console/`)
    expect(logs).toMatch(new RegExp(`${server.url}/console/setup#[\\w-]{20,}`))
    expect(logs).toContain(server.demoUrl)
    expect(logs).toMatch(new RegExp(`<script async src="${server.url}/w/\\w+\\.js"></script>`))
  })

  test('the shop on its own origin carries the tag, and the tag loads', async () => {
    const html = await (await fetch(server.demoUrl)).text()
    const source = /<script async src="([^"]+)"/.exec(html)?.[1]
    expect(source).toContain(`${server.url}/w/`)
    await expect.poll(async () => (await fetch(source!)).status).toBe(200)
    const loader = await fetch(source!)
    expect(loader.headers.get('content-type')).toBe('text/javascript; charset=utf-8')
    const text = await loader.text()
    expect(text).not.toContain('__PARLEY_CONFIG__')
    const panel = /"panel":"([^"]+)"/.exec(text)?.[1]
    const module = await fetch(server.url + panel!)
    expect(module.status).toBe(200)
    expect(module.headers.get('access-control-allow-origin')).toBe('*')
  })

  test('the command line makes people and sites while it runs, one object each', async () => {
    const person = ['--name', 'Dana Kalniņa', '--email', 'dana@example.com']
    const secret = ['--password', 'correct horse battery']
    const admin = await server.parley('admin', 'create', ...person, ...secret, '--json')
    expect(admin).toMatchObject({ code: 0, stderr: '' })
    expect(JSON.parse(admin.stdout)).toMatchObject({ email: 'dana@example.com', role: 'admin' })

    const origins = ['https://shop.example.com', 'https://www.shop.example.com']
    const site = await server.parley(
      'site',
      'create',
      '--name',
      'Example shop',
      '--json',
      ...origins.flatMap((origin) => ['--origin', origin]),
    )
    expect(site).toMatchObject({ code: 0, stderr: '' })
    const { key, tag } = JSON.parse(site.stdout) as { key: string; tag: string }
    expect(tag).toBe(`<script async src="${server.url}/w/${key}.js"></script>`)
    await expect.poll(async () => (await fetch(`${server.url}/w/${key}.js`)).status).toBe(200)
  })

  test('npx parley runs the same from the checkout, with nothing else on stdout', async () => {
    const env = { ...process.env, DATA_DIR: server.dataDir }
    const listed = await run('npx', ['parley', 'site', 'list', '--json'], env, root)
    expect(listed.code).toBe(0)
    expect(JSON.parse(listed.stdout)).toHaveProperty('sites')
  })

  test('a second server on the same folder says so', async () => {
    await expect(startServer({ dataDir: server.dataDir })).rejects.toThrow(/ended \(74\)/)
  })

  test('SIGTERM ends it within ten seconds with code 0, and it starts again on its folder', async () => {
    const since = Date.now()
    expect(await server.kill('SIGTERM')).toEqual({ code: 0, signal: null })
    expect(Date.now() - since).toBeLessThan(10_000)
    await server.start()
    const listed = await server.parley('site', 'list', '--json')
    expect(listed.stdout).toContain('Example shop')
  })
})

describe('trouble at the start is one clear sentence and an exit code', () => {
  let folder: string

  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'parley-trouble-'))
  })
  afterAll(() => rmSync(folder, { recursive: true, force: true }))

  async function startWith(env: Record<string, string>) {
    const [port = 0] = await findFreePorts(1)
    const own = { PORT: String(port), DEMO_PORT: 'off', DATA_DIR: folder, LOG_LEVEL: 'silent' }
    return run(process.execPath, [join(built, 'main.js')], { ...process.env, ...own, ...env }, root)
  }

  test('variables that make no sense, all at once', async () => {
    const { code, stderr } = await startWith({ PORT: 'http', OFFER_MS: '30s' })
    expect(code).toBe(78)
    expect(stderr.trim().split('\n')).toEqual([
      expect.stringMatching(/^PORT must be .* but it is "http"\. Set PORT=3000/),
      expect.stringMatching(/^OFFER_MS must be .* but it is "30s"\. Set OFFER_MS=30000/),
    ])
  })

  test('a port that is taken', async () => {
    const holder = createServer().listen(0, '127.0.0.1')
    onTestFinished(() => void holder.close())
    await new Promise((resolve) => holder.once('listening', resolve))
    const { port } = holder.address() as { port: number }
    const { code, stderr } = await startWith({ PORT: String(port) })
    expect(code).toBe(69)
    expect(stderr).toContain(`Port ${port} is taken`)
    expect(stderr).not.toContain('    at ')
  })

  test('a folder that is none', async () => {
    const file = join(folder, 'file')
    writeFileSync(file, '')
    const { code, stderr } = await startWith({ DATA_DIR: join(file, 'data') })
    expect(code).toBe(74)
    expect(stderr).toContain('DATA_DIR')
    expect(stderr).not.toContain('    at ')
  })

  test('a database that is none', async () => {
    const data = mkdtempSync(join(folder, 'damaged-'))
    writeFileSync(
      join(data, 'parley.db'),
      'This is no database, and longer than a header. '.repeat(40),
    )
    const { code, stderr } = await startWith({ DATA_DIR: data })
    expect(code).toBe(74)
    expect(stderr).not.toContain('    at ')
  })

  test('an unknown command', async () => {
    const { code, stderr } = await run(process.execPath, [join(built, 'cli.js'), 'sing'])
    expect(code).toBe(2)
    expect(stderr).toContain('parley help')
  })
})

test('what was built is not built again', async () => {
  const stamp = join(root, 'dist/.stamp.json')
  const script = join(root, 'server/launch/build.mjs')
  expect((await run(process.execPath, [script])).code).toBe(0)
  const before = readFileSync(stamp, 'utf8')
  const again = await run(process.execPath, [script])
  expect(again).toMatchObject({ code: 0, stdout: '', stderr: '' })
  expect(readFileSync(stamp, 'utf8')).toBe(before)
})
