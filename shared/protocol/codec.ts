import * as v from 'valibot'

import { failedSchema, okSchema, type Failed, type Ok } from './events.ts'

export type Decoded<T> =
  | { ok: true; value: T }
  | {
      ok: false
      code: 'bad-frame' | 'unknown' | 'text-too-long'
      detail: string
      type?: string
      ref?: string
    }

type Schemas = Record<string, v.GenericSchema>

/**
 * Makes the decoder of one direction: JSON text in, a value that the schemas vouch for out. Never throws.
 * `unknown` is a well-formed frame of a type that is not in the table: a client drops it, a server refuses it.
 */
export function makeDecoder<Table extends Schemas>(schemas: Table) {
  type Value = { [Type in keyof Table]: v.InferOutput<Table[Type]> }[keyof Table]
  // A Map, not the object: `type` comes from outside and must not reach a prototype.
  const table = new Map<string, v.GenericSchema>(Object.entries(schemas))

  return (text: string): Decoded<Value> => {
    let frame: unknown
    try {
      frame = JSON.parse(text)
    } catch {
      return { ok: false, code: 'bad-frame', detail: 'The frame is not JSON.' }
    }
    if (typeof frame !== 'object' || frame === null || Array.isArray(frame)) {
      return { ok: false, code: 'bad-frame', detail: 'The frame is not an object.' }
    }
    const { type, ref } = frame as { type?: unknown; ref?: unknown }
    const known = typeof ref === 'string' && ref.length > 0 && ref.length <= 40 ? { ref } : {}
    if (typeof type !== 'string')
      return { ok: false, code: 'bad-frame', detail: 'The frame has no type.', ...known }

    const schema = table.get(type)
    if (!schema) return { ok: false, code: 'unknown', detail: `Unknown type.`, type, ...known }

    const parsed = v.safeParse(schema, frame, { abortEarly: true })
    if (parsed.success) return { ok: true, value: parsed.output as Value }
    const issue = parsed.issues[0]
    const path = v.getDotPath(issue) ?? 'frame'
    return issue.message === 'text-too-long'
      ? { ok: false, code: 'text-too-long', detail: `${path} is too long.`, type, ...known }
      : { ok: false, code: 'bad-frame', detail: `${path} ${toReason(issue)}`, type, ...known }
  }
}

/** Never repeats what was received: the text of an issue may end in a log. */
function toReason(issue: v.BaseIssue<unknown>) {
  if (issue.kind === 'schema' && issue.expected === 'never') return 'is not a known field.'
  return issue.kind === 'schema' ? `must be ${issue.expected ?? 'valid'}.` : 'is not valid.'
}

/** Tables of answers, to be joined with a side's pushes. */
export const answerSchemas = { ok: okSchema, failed: failedSchema } as const
export type Answer = Ok | Failed
