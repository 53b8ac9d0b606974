import fc from 'fast-check'
import { describe, expect, test } from 'vitest'

import { answerSchemas, makeDecoder } from '../../shared/protocol/codec.ts'
import {
  agentCommandSchemas,
  agentHelloSchema,
  pongSchema,
  visitorCommandSchemas,
  visitorHelloSchema,
} from '../../shared/protocol/commands.ts'
import { decodeEvent } from '../../shared/protocol/decode-event.ts'
import { agentPushSchemas, visitorPushSchemas } from '../../shared/protocol/events.ts'
import { limits } from '../../shared/protocol/limits.ts'
import { readGolden } from './golden.ts'

const server = {
  visitor: {
    decode: makeDecoder({ hello: visitorHelloSchema, pong: pongSchema, ...visitorCommandSchemas }),
    golden: readGolden('v1', 'visitor-commands'),
  },
  agent: {
    decode: makeDecoder({ hello: agentHelloSchema, pong: pongSchema, ...agentCommandSchemas }),
    golden: readGolden('v1', 'agent-commands'),
  },
}
const client = {
  visitor: {
    decode: makeDecoder({ ...visitorPushSchemas, ...answerSchemas }),
    golden: [...readGolden('v1', 'visitor-pushes'), ...readGolden('v1', 'answers')],
  },
  agent: {
    decode: makeDecoder({ ...agentPushSchemas, ...answerSchemas }),
    golden: [...readGolden('v1', 'agent-pushes'), ...readGolden('v1', 'answers')],
  },
}
const all = [
  { name: 'server, visitor', ...server.visitor },
  { name: 'server, agent', ...server.agent },
  { name: 'client, visitor', ...client.visitor },
  { name: 'client, agent', ...client.agent },
]
type Fields = Record<string, unknown>

describe('the client', () => {
  test('[11.2] drops types that it does not know', () => {
    for (const { decode } of Object.values(client))
      expect(decode('{"type":"from.the.future","x":1}')).toMatchObject({
        ok: false,
        code: 'unknown',
        type: 'from.the.future',
      })
  })

  test('[11.2] ignores fields that it does not know', () => {
    for (const { decode, golden } of Object.values(client))
      for (const { text } of golden) {
        const frame: Fields = JSON.parse(text)
        expect(decode(JSON.stringify({ ...frame, fromTheFuture: 1 }))).toEqual({
          ok: true,
          value: frame,
        })
      }
  })
})

describe('the server', () => {
  test('[11.3] refuses commands that it does not know, and says to which ref', () => {
    for (const { decode } of Object.values(server))
      expect(decode('{"type":"database.drop","ref":"7"}')).toEqual({
        ok: false,
        code: 'unknown',
        detail: expect.any(String),
        type: 'database.drop',
        ref: '7',
      })
  })

  test("[11.3] a visitor's link does not know the agents' commands", () => {
    const own = new Set(server.visitor.golden.map(({ name }) => name))
    const foreign = server.agent.golden.filter(({ name }) => !own.has(name))
    expect(foreign.length).toBeGreaterThan(5)
    for (const { text } of foreign) {
      expect(server.visitor.decode(text)).toMatchObject({ ok: false, code: 'unknown' })
    }
  })

  test('[11.3] refuses fields that it does not know, at every depth', () => {
    for (const { decode, golden } of Object.values(server))
      for (const { text } of golden)
        for (const changed of withExtraField(JSON.parse(text)))
          expect(decode(JSON.stringify(changed))).toMatchObject({ ok: false, code: 'bad-frame' })
  })

  test('[11.3] refuses values of another kind than a field has', () => {
    const values = [null, [], {}, 'x', 1.5, true]
    const accepted = Object.values(server).flatMap(({ decode, golden }) =>
      golden.flatMap(({ name, text }) => {
        const frame: Fields = JSON.parse(text)
        return Object.entries(frame).flatMap(([field, value]) =>
          values
            .filter((other) => kindOf(other) !== kindOf(value))
            .filter((other) => decode(JSON.stringify({ ...frame, [field]: other })).ok)
            .map((other) => `${name}.${field} = ${JSON.stringify(other)}`),
        )
      }),
    )
    // Harmless: valibot reads an empty array as an object without fields, and hands on `{}`.
    expect(accepted).toEqual(['message.send.start = []'])
  })

  test('[10.1] a text is as long as it may be, and not longer', () => {
    const { text } = server.visitor.golden.find(({ name }) => name === 'message.send') ?? {
      text: '{}',
    }
    const send = (length: number) =>
      server.visitor.decode(JSON.stringify({ ...JSON.parse(text), text: 'x'.repeat(length) }))
    expect(send(limits.messageText).ok).toBe(true)
    expect(send(limits.messageText + 1)).toMatchObject({ ok: false, code: 'text-too-long' })
  })

  test.for(['', '   \n ', '\u0000', 'a\u0000b', '\ud800', 'a\udc00'])(
    '[10.1] a text that is blank or broken is refused: %j',
    (value) => {
      const accepted = Object.values(server).flatMap(({ decode, golden }) =>
        golden
          .filter(({ name }) => name.endsWith('.send'))
          .map(({ text }) => decode(JSON.stringify({ ...JSON.parse(text), text: value })).ok),
      )
      expect(accepted).toEqual([false, false, false])
    },
  )

  test('[10.1] the longest message fits into a frame, however it is written', () => {
    for (const unit of ['x', '\u0001', '"', 'é', '漢', '\ud83d\ude00'])
      expect(
        Buffer.byteLength(
          JSON.stringify({
            type: 'message.send',
            text: unit.repeat(limits.messageText / unit.length),
          }),
        ) + 6_000,
      ).toBeLessThan(limits.frameBytes)
  })
})

describe.for(all)('hostile frames ($name)', ({ decode, golden }) => {
  test('[1.3] whatever arrives, nothing is thrown', () =>
    fc.assert(
      fc.property(fc.oneof(fc.string({ unit: 'binary' }), fc.json()), (text) => {
        expect(decode(text).ok).toBe(false)
      }),
      { numRuns: 500 },
    ))

  test('[1.3] whatever stands in a known frame, nothing is thrown', () =>
    fc.assert(
      fc.property(
        fc.constantFrom(...golden),
        fc.dictionary(
          fc.oneof(fc.string(), fc.constantFrom('ref', 'text', 'conversationId', 'event', 'page')),
          fc.jsonValue(),
        ),
        ({ text }, fields) => {
          const decoded = decode(JSON.stringify({ ...JSON.parse(text), ...fields }))
          expect(typeof decoded.ok).toBe('boolean')
        },
      ),
      { numRuns: 500 },
    ))

  test.for(['__proto__', 'constructor', 'prototype', 'toString', 'hasOwnProperty', 'valueOf'])(
    '[1.3] %s is neither a type nor a way into the prototype',
    (key) => {
      expect(decode(`{"type":"${key}"}`)).toMatchObject({ ok: false, code: 'unknown' })
      for (const { text } of golden)
        decode(text.replace('{', `{"${key}":{"polluted":1,"type":"ping"},`))
      decode(`{"${key}":{"type":"ping"},"type":"ping","ref":"1"}`)
      expect(({} as Fields)['polluted']).toBeUndefined()
    },
  )

  test('[1.3] depth does not matter', () => {
    for (const [open, close] of [
      ['[', ']'],
      ['{"a":', '}'],
    ] as const) {
      const deep = `${open.repeat(30_000)}1${close.repeat(30_000)}`
      expect(decode(deep).ok).toBe(false)
      for (const { text } of golden) decode(text.replace('{', `{"deep":${deep},`))
    }
  })

  test('[1.3] a refusal never repeats what was received', () =>
    fc.assert(
      fc.property(fc.constantFrom(...golden), ({ text }) => {
        const frame: Fields = JSON.parse(text)
        for (const field of Object.keys(frame)) {
          if (field === 'type') continue
          const decoded = decode(JSON.stringify({ ...frame, [field]: 'SECRET words' }))
          if (!decoded.ok) expect(decoded.detail).not.toContain('SECRET')
        }
      }),
    ))
})

test('[11.2] an event of any shape is read or dropped, and nothing is thrown', () =>
  fc.assert(
    fc.property(fc.anything({ withNullPrototype: true }), (raw) => {
      expect(decodeEvent(raw)).toBeUndefined()
    }),
  ))

/** The frame with a field too many, once for every object in it. */
function withExtraField(frame: Fields): Fields[] {
  return [
    { ...frame, extra: 1 },
    ...Object.entries(frame).flatMap(([field, value]) =>
      typeof value === 'object' && value !== null && !Array.isArray(value)
        ? withExtraField(value as Fields).map((changed) => ({ ...frame, [field]: changed }))
        : [],
    ),
  ]
}

function kindOf(value: unknown) {
  if (value === null) return 'null'
  return Array.isArray(value) ? 'array' : typeof value
}
