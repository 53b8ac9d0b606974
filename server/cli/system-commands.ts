import { createSetupLink } from '../actions/people.ts'
import { AppError } from '../errors.ts'
import { exitCodes } from '../exit-codes.ts'
import { type Command, print, readOptions } from './command.ts'
import { openLocal } from './open-local.ts'

async function migrate(argv: string[]) {
  const options = readOptions(argv, { json: { type: 'boolean' } })
  // Opening is migrating; a server does the same at its start.
  const { close } = await openLocal({ mayCreate: true })
  await close()
  print(options.json, { isDone: true }, ['The database is up to date.'])
  return exitCodes.ok
}

async function setupLink(argv: string[]) {
  const options = readOptions(argv, { json: { type: 'boolean' } })
  const { context, close } = await openLocal({ mayCreate: true })
  try {
    const link = await createSetupLink(context)
    if (!link)
      throw new AppError(
        'already-exists',
        'The set-up is done: there is an admin already. Sign in.',
      )
    print(options.json, { link }, [link])
  } finally {
    await close()
  }
  return exitCodes.ok
}

async function serve() {
  await import('../main.ts')
  // The server goes on until a signal ends it.
  return new Promise<number>(() => {})
}

/** The program itself. */
export const systemCommands: readonly Command[] = [
  {
    name: 'serve',
    synopsis: '',
    about: 'Runs the server. The variables are in docs/operate.md.',
    run: serve,
  },
  {
    name: 'migrate',
    synopsis: '[--json]',
    about: 'Brings the database to this version without starting a server.',
    run: migrate,
  },
  {
    name: 'setup-link',
    synopsis: '[--json]',
    about: 'Prints a new one-time link for the first admin; earlier links stop working.',
    run: setupLink,
  },
]
