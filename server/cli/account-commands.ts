import * as v from 'valibot'

import { passwordSchema } from '../../shared/api/api.ts'
import { type Role, roles } from '../../shared/protocol/conversation.ts'
import { limits } from '../../shared/protocol/limits.ts'
import { emailSchema, lineSchema } from '../../shared/protocol/primitives.ts'
import { applyAgentChange, createAgent } from '../actions/people.ts'
import { setPassword } from '../actions/set-password.ts'
import { AppError } from '../errors.ts'
import { exitCodes } from '../exit-codes.ts'
import { findAgentByEmail } from '../store/agents.ts'
import { check, type Command, print, readOptions, readStandardInput } from './command.ts'
import { openLocal } from './open-local.ts'

const nameSchema = v.pipe(lineSchema(limits.name), v.minLength(1, 'is empty'))

const accountOptions = {
  name: { type: 'string' },
  email: { type: 'string' },
  password: { type: 'string' },
  'password-stdin': { type: 'boolean' },
  role: { type: 'string' },
  json: { type: 'boolean' },
} as const

async function create(argv: string[], fixedRole: Role | undefined) {
  const options = readOptions(argv, accountOptions)
  const name = check('--name', nameSchema, options.name)
  const email = check('--email', emailSchema, options.email)
  const password = await readPassword(options)
  const role = fixedRole ?? check('--role', v.picklist(roles), options.role ?? 'agent')
  const { context, close } = await openLocal({ mayCreate: true })
  try {
    const agent = await createAgent(context, { name, email, password, role })
    const made = { id: agent.id, name: agent.name, email: agent.email, role: agent.role }
    print(options.json, made, [`Created ${made.role} ${made.name} <${made.email}>.`])
  } finally {
    await close()
  }
  return exitCodes.ok
}

interface PasswordOptions {
  password?: string | undefined
  'password-stdin'?: boolean | undefined
}

async function readPassword(options: PasswordOptions) {
  const typed = options['password-stdin'] ? await readStandardInput() : options.password
  return check('--password', passwordSchema, typed)
}

async function changePassword(argv: string[]) {
  const { name: _name, role: _role, ...wanted } = accountOptions
  const options = readOptions(argv, wanted)
  const email = check('--email', emailSchema, options.email)
  const password = await readPassword(options)
  const { context, close } = await openLocal()
  try {
    const agent = await setPassword(context, email, password)
    print(options.json, { id: agent.id, email: agent.email }, [
      `${agent.name} <${agent.email}> has a new password; their sessions have ended.`,
    ])
  } finally {
    await close()
  }
  return exitCodes.ok
}

async function setDisabled(argv: string[], isDisabled: boolean) {
  const options = readOptions(argv, { email: { type: 'string' }, json: { type: 'boolean' } })
  const email = check('--email', emailSchema, options.email)
  const { context, close } = await openLocal()
  try {
    const agent = await findAgentByEmail(context.store.read, email)
    if (!agent) throw new AppError('not-found', `There is no account with the address ${email}.`)
    await applyAgentChange(context, agent.id, { isDisabled })
    print(options.json, { id: agent.id, email: agent.email, isDisabled }, [
      `${agent.name} <${agent.email}> is ${isDisabled ? 'disabled; their sessions have ended' : 'enabled'}.`,
    ])
  } finally {
    await close()
  }
  return exitCodes.ok
}

const accountSynopsis = '--name NAME --email ADDRESS (--password WORD | --password-stdin) [--json]'

/** Accounts. */
export const accountCommands: readonly Command[] = [
  {
    name: 'admin create',
    synopsis: accountSynopsis,
    about: 'Creates an admin, who may do everything.',
    run: (argv) => create(argv, 'admin'),
  },
  {
    name: 'agent create',
    synopsis: `${accountSynopsis.replace(' [--json]', '')} [--role agent|supervisor] [--json]`,
    about: 'Creates an agent (or a supervisor) in the default department.',
    run: (argv) => create(argv, undefined),
  },
  {
    name: 'agent disable',
    synopsis: '--email ADDRESS [--json]',
    about: 'Ends a person’s sessions and chats, and keeps them out.',
    run: (argv) => setDisabled(argv, true),
  },
  {
    name: 'agent enable',
    synopsis: '--email ADDRESS [--json]',
    about: 'Lets a disabled person in again.',
    run: (argv) => setDisabled(argv, false),
  },
  {
    name: 'password',
    synopsis: '--email ADDRESS (--password WORD | --password-stdin) [--json]',
    about: 'Gives somebody who forgot theirs a new password, and ends their sessions.',
    run: changePassword,
  },
]
