import { parseArgs, type ParseArgsConfig } from 'node:util'

import * as v from 'valibot'

export interface Command {
  /** As typed: `site create`. */
  name: string
  synopsis: string
  about: string
  /** Gives the exit code. */
  run(argv: string[]): Promise<number>
}

/** The options make no sense; the message says which. */
export class UsageError extends Error {
  override name = 'UsageError'
}

type Options = NonNullable<ParseArgsConfig['options']>

/** Reads options; unknown ones, and words that belong to none, are refused. */
export function readOptions<const Given extends Options>(argv: string[], options: Given) {
  try {
    return parseArgs({ args: argv, options, strict: true, allowPositionals: false }).values
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message : String(error))
  }
}

/** The value as its schema wants it; a sentence that names the option otherwise. */
export function check<Schema extends v.GenericSchema>(
  option: string,
  schema: Schema,
  value: unknown,
): v.InferOutput<Schema> {
  if (value === undefined || (Array.isArray(value) && value.length === 0)) {
    throw new UsageError(`${option} is missing.`)
  }
  const parsed = v.safeParse(schema, value, { abortEarly: true })
  if (parsed.success) return parsed.output
  const { message, type } = parsed.issues[0]
  if (type === 'max_length') throw new UsageError(`${option} is too long.`)
  throw new UsageError(
    /^(is|needs|has) /.test(message) ? `${option} ${message}.` : `${option} is not valid.`,
  )
}

/** One object for programs, a few lines for people. */
export function print(isJson: boolean | undefined, value: object, lines: readonly string[]) {
  process.stdout.write(isJson ? `${JSON.stringify(value)}\n` : `${lines.join('\n')}\n`)
}

/** All of standard input, without the line end that a terminal or `echo` adds. */
export async function readStandardInput() {
  let text = ''
  for await (const chunk of process.stdin) text += String(chunk)
  return text.replace(/\r?\n$/, '')
}
