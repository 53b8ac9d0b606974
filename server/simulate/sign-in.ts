import * as v from 'valibot'

import { errorOutput, sessionOutput } from '../../shared/api/api.ts'

/** A signed-in agent as the simulator keeps one. */
export interface AgentSession {
  agentId: string
  name: string
  /** A ticket for one socket. */
  getTicket(): Promise<string>
  signOut(): Promise<void>
}

const ticketOutput = v.object({ ticket: v.string() })

/** Signs in over the public interface, as the console does. */
export async function signIn(
  baseUrl: string,
  publicUrl: string,
  credentials: { email: string; password: string },
): Promise<AgentSession> {
  const common = { 'content-type': 'application/json', origin: publicUrl }
  const answer = await fetch(`${baseUrl}/api/session`, {
    method: 'POST',
    headers: common,
    body: JSON.stringify(credentials),
  })
  const { me, csrf } = await read(answer, sessionOutput, credentials.email)
  const cookie = answer.headers
    .getSetCookie()
    .map((one) => one.split(';', 1)[0])
    .join('; ')
  const headers = { ...common, cookie, 'x-parley-csrf': csrf }

  return {
    agentId: me.id,
    name: me.name,
    async getTicket() {
      const reply = await fetch(`${baseUrl}/api/ticket`, { method: 'POST', headers, body: '{}' })
      return (await read(reply, ticketOutput, credentials.email)).ticket
    },
    async signOut() {
      await fetch(`${baseUrl}/api/session`, { method: 'DELETE', headers, body: '{}' })
    },
  }
}

async function read<Schema extends v.GenericSchema>(
  answer: Response,
  schema: Schema,
  email: string,
): Promise<v.InferOutput<Schema>> {
  const body: unknown = await answer.json().catch(() => undefined)
  if (answer.ok) return v.parse(schema, body)
  const reason = v.is(errorOutput, body) ? body.error.message : `status ${answer.status}`
  throw new Error(`${email}: ${reason}`)
}
