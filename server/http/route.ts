import type { FastifyReply, FastifyRequest } from 'fastify'
import type * as v from 'valibot'

import type { AgentCaller } from '../context.ts'

export type Access = 'anyone' | 'signed-in' | 'supervisor' | 'admin'

type AnySchema = v.GenericSchema

/** One entry of the table that the server is built from, and that the tests of who may what are made from. */
export interface Route {
  method: 'GET' | 'POST' | 'PATCH' | 'DELETE'
  url: string
  who: Access
  input: AnySchema | undefined
  handle(call: {
    input: unknown
    caller: AgentCaller | undefined
    request: FastifyRequest
    reply: FastifyReply
  }): Promise<object>
}

interface Call<Input, Caller> {
  input: Input
  caller: Caller
  request: FastifyRequest
  reply: FastifyReply
}

interface Definition<Schema extends AnySchema | undefined, Caller> {
  method: Route['method']
  url: string
  input?: Schema
  handle(
    call: Call<Schema extends AnySchema ? v.InferOutput<Schema> : undefined, Caller>,
  ): Promise<object>
}

/** A route for callers who are signed in, with at least this role. */
export function memberRoute<Schema extends AnySchema | undefined = undefined>(
  who: Exclude<Access, 'anyone'>,
  { input, ...definition }: Definition<Schema, AgentCaller>,
): Route {
  return { ...definition, who, input, handle: definition.handle as Route['handle'] }
}

export function openRoute<Schema extends AnySchema | undefined = undefined>({
  input,
  ...definition
}: Definition<Schema, undefined>): Route {
  return { ...definition, who: 'anyone', input, handle: definition.handle as Route['handle'] }
}

/** A path parameter, as text. */
export function param(request: FastifyRequest, name: string): string {
  const params = request.params as Record<string, string | undefined>
  return params[name] ?? ''
}
