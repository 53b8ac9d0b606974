import { existsSync, mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'

import { isPasswordOf } from '../passwords.ts'
import { findAgentByEmail } from '../store/agents.ts'
import { openLocal } from './open-local.ts'
import { runCli } from './run-cli.ts'

let dataDir = ''

beforeEach(() => {
  dataDir = join(mkdtempSync(join(tmpdir(), 'parley-cli-')), 'data')
  vi.stubEnv('DATA_DIR', dataDir)
  for (const name of ['PORT', 'PUBLIC_URL']) vi.stubEnv(name, '')
})

afterEach(() => {
  vi.unstubAllEnvs()
  vi.restoreAllMocks()
})

/** What a command says, and its exit code. */
async function parley(...argv: string[]) {
  const said = { stdout: '', stderr: '' }
  for (const stream of ['stdout', 'stderr'] as const) {
    vi.spyOn(process[stream], 'write').mockImplementation((text) => {
      said[stream] += String(text)
      return true
    })
  }
  const code = await runCli(argv)
  vi.restoreAllMocks()
  return { code, ...said }
}

const person = ['--name', 'Dana', '--email', 'dana@example.com']

describe('the command line', () => {
  it('makes no installation by looking into the wrong folder', async () => {
    const answer = await parley('site', 'list')
    expect(answer).toMatchObject({ code: 1, stdout: '' })
    expect(answer.stderr).toContain(`There is no installation in ${dataDir}.`)
    expect(existsSync(dataDir)).toBe(false)
  })

  it('says that it makes a new installation, where automation needs one', async () => {
    const made = await parley('admin', 'create', ...person, '--password', 'ten or more', '--json')
    expect(made).toMatchObject({ code: 0, stderr: `Making a new installation in ${dataDir}.\n` })
    expect(JSON.parse(made.stdout)).toMatchObject({ email: 'dana@example.com', role: 'admin' })
    expect(await parley('site', 'list')).toMatchObject({ code: 0, stderr: '' })
  })

  it('sets a new password and ends the sessions of who forgot theirs', async () => {
    await parley('admin', 'create', ...person, '--password', 'the first one')
    const { context, close } = await openLocal()
    const find = () => findAgentByEmail(context.store.read, 'dana@example.com')
    const agent = await find()
    await context.store.transaction(({ db }) =>
      db
        .insertInto('session')
        .values({
          id: 'session',
          token_hash: 'hash',
          agent_id: agent?.id ?? '',
          created_at: 1,
          seen_at: 1,
          expires_at: Number.MAX_SAFE_INTEGER,
          browser: null,
        })
        .execute(),
    )

    const email = ['--email', 'DANA@example.com']
    const answer = await parley('password', ...email, '--password', 'the second one', '--json')
    expect(answer).toMatchObject({ code: 0, stderr: '' })
    const hash = (await find())?.password_hash
    expect(await isPasswordOf(hash, 'the second one')).toBe(true)
    expect(await isPasswordOf(hash, 'the first one')).toBe(false)
    expect(await context.store.read.selectFrom('session').selectAll().execute()).toEqual([])
    await close()
  })

  it('refuses a new password for nobody', async () => {
    await parley('migrate')
    const answer = await parley(
      'password',
      '--email',
      'no@example.com',
      '--password',
      'ten or more',
    )
    expect(answer).toMatchObject({ code: 1, stdout: '' })
    expect(answer.stderr).toContain('There is no account with the address no@example.com.')
  })
})
