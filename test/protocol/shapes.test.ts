import fc from 'fast-check'
import * as v from 'valibot'
import { describe, expect, test } from 'vitest'

import { answerSchemas, makeDecoder } from '../../shared/protocol/codec.ts'
import { decodeEvent } from '../../shared/protocol/decode-event.ts'
import { resumedSchema, sentSchema, visitorPushSchemas } from '../../shared/protocol/events.ts'
import { decodeVisitorPush, isResumed, isSent, readEvent } from '../../shared/protocol/shapes.ts'
import { readGolden } from './golden.ts'

/* The widget checks by hand-written shapes, everybody else by the schemas. They must say the same. */

const bySchema = makeDecoder({ ...visitorPushSchemas, ...answerSchemas })
const golden = [...readGolden('v1', 'visitor-pushes'), ...readGolden('v1', 'answers')]
const events = readGolden('v1', 'timeline-events')

/** Every place in a JSON value, as the path to it. */
function pathsOf(value: unknown, path: string[] = []): string[][] {
  if (typeof value !== 'object' || value === null) return [path]
  const below = Object.entries(value).flatMap(([key, child]) => pathsOf(child, [...path, key]))
  return path.length > 0 ? [path, ...below] : below
}

function replaced(value: unknown, [key, ...rest]: string[], by: unknown): unknown {
  if (key === undefined) return by
  const copy = structuredClone(value) as Record<string, unknown>
  const next = replaced(copy[key], rest, by)
  if (next === undefined) delete copy[key]
  else copy[key] = next
  return copy
}

/** Another kind of thing than any field is; `undefined` takes the field away. */
const others = [undefined, null, true, 7, {}, [], [{}]]

describe.each(golden)('$name', ({ text }) => {
  const frame = JSON.parse(text) as unknown

  test('is taken as the schema takes it', () => {
    expect(decodeVisitorPush(text).ok).toBe(true)
    expect(bySchema(text).ok).toBe(true)
  })

  test('with any one field of another kind, or gone, both say the same', () => {
    for (const path of pathsOf(frame)) {
      for (const other of others) {
        const changed = JSON.stringify(replaced(frame, path, other))
        const hand = decodeVisitorPush(changed)
        const schema = bySchema(changed)
        expect([path.join('.'), changed, hand.ok]).toEqual([path.join('.'), changed, schema.ok])
        if (!hand.ok && !schema.ok) expect(hand.code).toBe(schema.code)
      }
    }
  })
})

describe.each(events)('the event $name', ({ text }) => {
  const event = JSON.parse(text) as unknown

  test('is read as the schema reads it, whatever field is of another kind', () => {
    expect(readEvent(event)).toEqual(decodeEvent(event))
    expect(readEvent(event)).toBeDefined()
    expect(isSent({ event })).toBe(v.is(sentSchema, { event }))
    for (const path of pathsOf(event)) {
      for (const other of others) {
        const changed = replaced(event, path, other)
        expect([changed, readEvent(changed) !== undefined]).toEqual([
          changed,
          decodeEvent(changed) !== undefined,
        ])
      }
    }
  })
})

test('a page of a resume is known by both', () => {
  const page = { events: [1], hasMore: false, visitorReadSeq: 0, agentReadSeq: 3 }
  for (const path of [[], ...pathsOf(page)]) {
    for (const other of others) {
      const changed = replaced(page, path, other)
      expect([changed, isResumed(changed)]).toEqual([changed, v.is(resumedSchema, changed)])
    }
  }
})

test('no frame, however odd, makes it throw, and what it does not know it calls unknown', () => {
  fc.assert(
    fc.property(fc.anything(), (value) => {
      const text = JSON.stringify(value) ?? 'undefined'
      expect(decodeVisitorPush(text).ok).toBe(bySchema(text).ok)
      expect(readEvent(value)).toBe(undefined)
    }),
  )
  for (const type of ['later.thing', '__proto__', 'constructor', 'toString']) {
    expect(decodeVisitorPush(JSON.stringify({ type }))).toMatchObject({
      ok: false,
      code: 'unknown',
    })
  }
})
