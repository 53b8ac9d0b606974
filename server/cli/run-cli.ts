import * as v from 'valibot'

import { ConfigError } from '../config.ts'
import { AppError } from '../errors.ts'
import { exitCodes } from '../exit-codes.ts'
import { StoreFailure } from '../store/store.ts'
import { accountCommands } from './account-commands.ts'
import { type Command, UsageError } from './command.ts'
import { simulateCommands } from './simulate-command.ts'
import { siteCommands } from './site-commands.ts'
import { systemCommands } from './system-commands.ts'

const commands: readonly Command[] = [
  ...systemCommands,
  ...accountCommands,
  ...siteCommands,
  ...simulateCommands,
]

const usage = () =>
  `parley COMMAND [options]

${commands.map(({ name, synopsis, about }) => `  parley ${`${name} ${synopsis}`.trim()}\n      ${about}`).join('\n')}

DATA_DIR (default ./data) says which installation; links and tags carry the address
under which it was last started, or PUBLIC_URL. With --json each command prints one object.
`

/** Runs one command and gives the exit code. What it made goes to stdout, what went wrong to stderr. */
export async function runCli(argv: string[]): Promise<number> {
  if (argv.length === 0 || argv[0] === 'help' || argv.includes('--help')) {
    process.stdout.write(usage())
    return argv.length === 0 ? exitCodes.usage : exitCodes.ok
  }
  const command = commands.find(({ name }) => {
    const words = name.split(' ')
    return words.every((word, index) => argv[index] === word)
  })
  if (!command) {
    process.stderr.write(`There is no command "${argv.slice(0, 2).join(' ')}". See parley help.\n`)
    return exitCodes.usage
  }
  try {
    return await command.run(argv.slice(command.name.split(' ').length))
  } catch (error) {
    return explain(error, command)
  }
}

function explain(error: unknown, { name, synopsis }: Command): number {
  if (error instanceof UsageError) {
    process.stderr.write(`${error.message}\nUsage: parley ${name} ${synopsis}\n`)
    return exitCodes.usage
  }
  if (error instanceof AppError) {
    process.stderr.write(`${error.message}\n`)
    return exitCodes.bug
  }
  if (error instanceof ConfigError) {
    process.stderr.write(`${error.mistakes.join('\n')}\n`)
    return exitCodes.config
  }
  if (error instanceof StoreFailure) {
    process.stderr.write(`${error.message}\n`)
    return error.reason === 'newer' ? exitCodes.newerData : exitCodes.data
  }
  if (v.isValiError(error)) {
    process.stderr.write(`${v.getDotPath(error.issues[0]) ?? 'The input'} is not valid.\n`)
    return exitCodes.usage
  }
  process.stderr.write(
    `${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`,
  )
  return exitCodes.bug
}
