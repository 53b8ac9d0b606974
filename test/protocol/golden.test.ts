import * as v from 'valibot'
import { describe, expect, test } from 'vitest'

import { answerSchemas, makeDecoder } from '../../shared/protocol/codec.ts'
import {
  agentCommandSchemas,
  agentHelloSchema,
  pongSchema,
  visitorCommandSchemas,
  visitorHelloSchema,
} from '../../shared/protocol/commands.ts'
import {
  agentPushSchemas,
  listedSchema,
  resumedSchema,
  sentSchema,
  visitorPushSchemas,
} from '../../shared/protocol/events.ts'
import { timelineEventSchema } from '../../shared/protocol/timeline-event.ts'
import { readGolden } from './golden.ts'

const groups = [
  {
    group: 'visitor-commands',
    schemas: { hello: visitorHelloSchema, pong: pongSchema, ...visitorCommandSchemas },
  },
  {
    group: 'agent-commands',
    schemas: { hello: agentHelloSchema, pong: pongSchema, ...agentCommandSchemas },
  },
  { group: 'visitor-pushes', schemas: visitorPushSchemas },
  { group: 'agent-pushes', schemas: agentPushSchemas },
  { group: 'answers', schemas: answerSchemas },
]

describe.for(groups)('[11.1] golden frames of version 1: $group', ({ group, schemas }) => {
  const golden = readGolden('v1', group)
  const decode = makeDecoder(schemas)

  test('there is one for every type, and none for a type that is gone', () => {
    expect(golden.map(({ name }) => name).sort()).toEqual(Object.keys(schemas).sort())
  })

  test.for(golden)('$name is accepted, and nothing in it is lost', ({ text }) => {
    expect(decode(text)).toEqual({ ok: true, value: JSON.parse(text) })
  })
})

describe('[11.1] golden events of a history', () => {
  const golden = readGolden('v1', 'timeline-events')

  test('there is one for every type', () => {
    const types = timelineEventSchema.options.map((option) => option.entries.type.literal)
    expect(golden.map(({ name }) => name).sort()).toEqual([...types].sort())
  })

  test.for(golden)('$name is accepted, and nothing in it is lost', ({ text }) => {
    expect(v.parse(timelineEventSchema, JSON.parse(text))).toEqual(JSON.parse(text))
  })
})

describe('[11.1] golden results', () => {
  const schemas = { sent: sentSchema, resumed: resumedSchema, listed: listedSchema }
  const golden = readGolden('v1', 'results')

  test.for(Object.entries(schemas))(
    '%s is accepted, and nothing in it is lost',
    ([name, schema]) => {
      const { text } = golden.find((each) => each.name === name) ?? { text: 'null' }
      expect(v.parse(schema, JSON.parse(text))).toEqual(JSON.parse(text))
    },
  )
})
