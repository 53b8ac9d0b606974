import { expect, test } from 'vitest'

import { dana } from '../test/support/console-fixtures.ts'
import { createApi, type ApiFailure } from './api.ts'

interface Asked {
  method: string
  path: string
  csrf: string | null
  body: unknown
}

/** A server of a few lines: answers each call with the next of its answers. */
function setUp(...answers: (Response | Error)[]) {
  const asked: Asked[] = []
  const others: string[] = []
  let signedOut = 0
  const api = createApi({
    fetch: (input, init) => {
      asked.push({
        method: init?.method ?? 'GET',
        path: String(input),
        csrf: new Headers(init?.headers).get('x-parley-csrf'),
        body: typeof init?.body === 'string' ? JSON.parse(init.body) : undefined,
      })
      const answer = answers.shift() ?? new Error('no more answers')
      return answer instanceof Error ? Promise.reject(answer) : Promise.resolve(answer)
    },
    onSignedOut: () => signedOut++,
    onSomebodyElse: ({ me }) => others.push(me.id),
  })
  return { api, asked, others, signedOut: () => signedOut }
}

const session = (csrf: string) => Response.json({ me: dana, csrf })
const failure = (status: number, code: string, more: object = {}) =>
  Response.json({ error: { code, message: `It is ${code}.`, ...more } }, { status })
const failureOf = (work: Promise<unknown>) =>
  work.then(
    () => undefined,
    (error: unknown) => error as ApiFailure,
  )

test('a change carries the header that the session answered', async () => {
  const { api, asked } = setUp(session('one'), Response.json({ ticket: 'ticket' }))
  await api.getSession()
  await api.getTicket()
  expect(asked.map(({ method, path, csrf }) => [method, path, csrf])).toEqual([
    ['GET', '/api/session', null],
    ['POST', '/api/ticket', 'one'],
  ])
})

test('when another tab signed in anew the call is repeated once with the new header', async () => {
  const { api, asked } = setUp(
    session('old'),
    failure(403, 'csrf'),
    session('new'),
    Response.json({ ticket: 'ticket' }),
  )
  await api.getSession()
  expect(await api.getTicket()).toEqual({ ticket: 'ticket' })
  expect(asked.at(-1)?.csrf).toBe('new')

  const stubborn = setUp(session('old'), failure(403, 'csrf'), session('new'), failure(403, 'csrf'))
  await stubborn.api.getSession()
  expect((await failureOf(stubborn.api.getTicket()))?.code).toBe('csrf')
})

test('what one person began is not done in the name of another who signed in meanwhile', async () => {
  const juris = Response.json({ me: { ...dana, id: 'agent-juris' }, csrf: 'new' })
  const { api, asked, others } = setUp(session('old'), failure(403, 'csrf'), juris)
  await api.getSession()
  expect((await failureOf(api.updateMe({ name: 'Dana' })))?.code).toBe('csrf')
  expect(others).toEqual(['agent-juris'])
  expect(asked.filter(({ method }) => method === 'PATCH')).toHaveLength(1)
})

test('the end of the session is told, whatever was asked', async () => {
  const { api, signedOut } = setUp(failure(401, 'signed-out'))
  expect((await failureOf(api.listSites()))?.code).toBe('signed-out')
  expect(signedOut()).toBe(1)
})

test.for([
  {
    name: 'no server',
    answer: new TypeError('Failed to fetch'),
    code: 'offline',
    isRetryable: true,
  },
  {
    name: 'a proxy instead of the server',
    answer: new Response('<html>Bad gateway</html>', { status: 502 }),
    code: 'unavailable',
    isRetryable: true,
  },
  {
    name: 'an answer of another version',
    answer: Response.json({ cities: [] }),
    code: 'internal',
    isRetryable: true,
  },
  { name: 'a refusal', answer: failure(409, 'last-admin'), code: 'last-admin', isRetryable: false },
])('$name is a failure with a code', async ({ answer, code, isRetryable }) => {
  const { api } = setUp(answer)
  expect(await failureOf(api.listSites())).toMatchObject({ code, isRetryable })
})

test('ids are no part of the path that they stand in', async () => {
  const { api, asked } = setUp(Response.json({}))
  await api.endSession('../../agents/x?y#z')
  expect(asked[0]?.path).toBe('/api/sessions/..%2F..%2Fagents%2Fx%3Fy%23z')
})
