import * as v from 'valibot'
import { describe, expect, test } from 'vitest'

import { addressKey } from '../../server/rules/address.ts'
import { describeBrowser } from '../../server/rules/browser.ts'
import { toBrowserOrigin } from '../../server/rules/origin.ts'
import { foldEmail } from '../../server/store/agents.ts'
import { originSchema } from '../../shared/api/api.ts'
import {
  emailSchema,
  idSchema,
  languageSchema,
  lineSchema,
  timeZoneSchema,
  urlSchema,
} from '../../shared/protocol/primitives.ts'
import { linkify } from '../../shared/text/linkify.ts'

const accepts = (schema: v.GenericSchema) => (text: string) => void v.safeParse(schema, text)

const parsers: [name: string, parse: (text: string) => unknown][] = [
  ['linkify', linkify],
  ['describeBrowser', describeBrowser],
  ['addressKey', addressKey],
  ['toBrowserOrigin', toBrowserOrigin],
  ['foldEmail', foldEmail],
  ['an origin', accepts(originSchema)],
  ['an e-mail address', accepts(emailSchema)],
  ['an id', accepts(idSchema)],
  ['a language', accepts(languageSchema)],
  ['a line', accepts(lineSchema(10_000_000))],
  ['a time zone', accepts(timeZoneSchema)],
  ['an address of a page', accepts(urlSchema)],
]

/** What makes patterns walk back and forth: repeats that almost fit. */
const units = [
  'a',
  'a.',
  'a@',
  'http://',
  'https://a.b/(',
  'www.',
  '-a',
  ':1',
  ' ',
  'Chrome/',
  '%',
  '٠.',
  'mailto:a@a.',
  '((',
  'ﷺ',
]
const wrappings: ((body: string) => string)[] = [
  (body) => body,
  (body) => `https://${body}!`,
  (body) => `a@${body} `,
]

/** The least of three: what else the machine does only adds. */
function timeOf(work: () => unknown) {
  const times = [0, 1, 2].map(() => {
    const since = performance.now()
    work()
    return performance.now() - since
  })
  return Math.min(...times)
}

describe.each(parsers)('%s', (_name, parse) => {
  test.each(units)('twice as much of %j does not take four times as long', (unit) => {
    for (const wrap of wrappings) {
      const text = (length: number) => wrap(unit.repeat(Math.ceil(length / unit.length)))
      const small = text(20_000)
      const large = text(160_000)
      // Eight times as much: 64 times as long if it were quadratic. Below a few milliseconds nothing can be told.
      expect(timeOf(() => parse(large))).toBeLessThan(Math.max(25, timeOf(() => parse(small)) * 24))
    }
  })
})
