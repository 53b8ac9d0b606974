import { expect, onTestFinished, test } from 'vitest'

import { startServer } from '../support/process.ts'
import { readMetric } from './trial.ts'

test('parley simulate plays on a running installation, finds nothing, and cleans up after itself', async () => {
  const server = await startServer()
  onTestFinished(() => server.dispose())
  // Twice: the second uses the site, the department and the accounts of the first again.
  for (const seed of ['1', '2']) {
    const size = ['--visitors', '12', '--agents', '3', '--minutes', '0.12', '--pace', '10']
    const { code, stdout, stderr } = await server.parley(
      'simulate',
      ...size,
      '--seed',
      seed,
      '--json',
    )
    expect(code, stderr).toBe(0)
    const outcome = JSON.parse(stdout) as { figures: { sent: number }; verdict: object }
    expect(outcome).toMatchObject({
      seed: Number(seed),
      verdict: { lost: 0, repeated: 0, outOfOrder: 0, limbo: 0 },
      violations: [],
    })
    expect(outcome.figures.sent).toBeGreaterThan(12)
  }
  for (const status of ['queued', 'offered', 'assigned']) {
    expect(await readMetric(server, `parley_conversations_open{status="${status}"}`)).toBe(0)
  }
  const { stdout } = await server.parley('site', 'list', '--json')
  expect((JSON.parse(stdout) as { sites: unknown[] }).sites).toHaveLength(1)
})

test('parley simulate plays against an address, as agents whom it is told', async () => {
  const server = await startServer()
  onTestFinished(() => server.dispose())
  const password = 'a long enough password'
  const account = ['--name', 'Anna', '--email', 'anna@trial.test', '--password', password]
  await server.parley('admin', 'create', ...account)
  const origin = 'https://shop.trial.test'
  const site = await server.parley('site', 'create', '--name', 'Shop', '--origin', origin, '--json')
  const { key } = JSON.parse(site.stdout) as { key: string }

  const whom = ['--url', server.url, '--site', key, '--origin', origin]
  const size = ['--visitors', '4', '--minutes', '0.1', '--pace', '10']
  const play = (secret: string) =>
    server.parley('simulate', ...whom, ...size, '--agent', `anna@trial.test:${secret}`)
  const { code, stdout, stderr } = await play(password)
  expect(code, stderr).toBe(0)
  expect(stdout).toContain('lost 0 · repeated 0 · out of order 0 · limbo 0')

  const refused = await play('not the password')
  expect(refused.code).not.toBe(0)
  expect(refused.stderr).toContain('anna@trial.test')
})
