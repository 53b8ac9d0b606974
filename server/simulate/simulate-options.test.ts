import { expect, test } from 'vitest'

import { parseSimulateArguments, SimulateUsageError } from './simulate-options.ts'

test('without an address it plays against the installation of this machine', () => {
  const given = parseSimulateArguments(['--visitors', '20', '--agents', '3', '--minutes', '0.5'])
  expect(given).toMatchObject({ visitors: 20, agents: 3, minutes: 0.5, url: undefined, pace: 1 })
  expect(Number.isInteger(given.seed)).toBe(true)
})

test('it is told whom to play; a password may hold colons', () => {
  const remote = ['--url', 'http://localhost:3000/', '--site', 'k', '--origin', 'http://shop.test']
  const agents = ['--agent', 'a@b.c:p:q', '--agent', 'd@e.f:g']
  expect(parseSimulateArguments([...remote, ...agents])).toMatchObject({
    agents: 2,
    remote: {
      url: 'http://localhost:3000',
      site: { key: 'k', origin: 'http://shop.test' },
      agents: [
        { email: 'a@b.c', password: 'p:q' },
        { email: 'd@e.f', password: 'g' },
      ],
    },
  })
})

test('an address alone is another way to the installation of this machine', () => {
  const given = parseSimulateArguments(['--url', 'http://localhost:3000'])
  expect(given).toMatchObject({ url: 'http://localhost:3000', remote: undefined })
})

test.for([
  { argv: ['--visitors', '0'], says: '--visitors must be a whole number from 1' },
  { argv: ['--visitors', '2.5'], says: '--visitors must be a whole number' },
  { argv: ['--minutes', 'soon'], says: '--minutes must be a number' },
  { argv: ['--minutes', ''], says: '--minutes must be a number' },
  { argv: ['--url', 'chat.example.com'], says: '--url must be like https://' },
  { argv: ['--site', 'k'], says: '--url ADDRESS' },
  { argv: ['--url', 'http://localhost:1', '--agent', 'a:b'], says: '--site KEY' },
  { argv: ['--url', 'http://localhost:1', '--site', 'k'], says: '--origin ORIGIN' },
  { argv: ['--agent', 'nobody'], says: 'EMAIL:PASSWORD' },
  { argv: ['--nonsense'], says: '--nonsense' },
])('it says what is wrong with $argv', ({ argv, says }) => {
  expect(() => parseSimulateArguments(argv)).toThrow(SimulateUsageError)
  expect(() => parseSimulateArguments(argv)).toThrow(says)
})
