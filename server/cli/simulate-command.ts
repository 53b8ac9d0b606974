import { prepareSimulation } from '../actions/prepare-simulation.ts'
import { AppError } from '../errors.ts'
import { exitCodes } from '../exit-codes.ts'
import { toProgressLine, toReport } from '../simulate/report.ts'
import {
  parseSimulateArguments,
  type Remote,
  type SimulateArguments,
  SimulateUsageError,
} from '../simulate/simulate-options.ts'
import { simulate, type SimulateOptions } from '../simulate/simulate.ts'
import { type Command, UsageError } from './command.ts'
import { openLocal } from './open-local.ts'

type Whom = Pick<SimulateOptions, 'url' | 'publicUrl' | 'site' | 'agents'>

async function run(argv: string[]) {
  const given = parse(argv)
  process.stderr.write(`Seed ${given.seed}.\n`)
  const { whom, end } = given.remote ? useRemote(given.remote, given) : await useLocal(given)

  const interruption = new AbortController()
  const interrupt = () => interruption.abort()
  process.once('SIGINT', interrupt)
  process.once('SIGTERM', interrupt)
  try {
    const { visitors, minutes, seed, pace, capacity } = given
    const outcome = await simulate({
      ...whom,
      visitors,
      minutes,
      seed,
      pace,
      capacity,
      onProgress: (progress) => showProgress(toProgressLine(progress)),
      signal: interruption.signal,
    })
    showProgress('')
    const { figures, verdict, violations } = outcome
    process.stdout.write(
      given.isJson
        ? `${JSON.stringify({ seed, figures, verdict, violations })}\n`
        : `${toReport(outcome, seed)}\n`,
    )
    return Object.values(verdict).every((count) => count === 0) ? exitCodes.ok : exitCodes.bug
  } finally {
    process.off('SIGINT', interrupt)
    process.off('SIGTERM', interrupt)
    await end()
  }
}

function parse(argv: string[]) {
  try {
    return parseSimulateArguments(argv)
  } catch (error) {
    throw error instanceof SimulateUsageError ? new UsageError(error.message) : error
  }
}

function useRemote({ url, site, agents }: Remote, { publicUrl }: SimulateArguments) {
  const whom: Whom = { url, ...(publicUrl === undefined ? {} : { publicUrl }), site, agents }
  return { whom, end: () => Promise.resolve() }
}

async function useLocal({ agents, ...given }: SimulateArguments) {
  const { context, close } = await openLocal()
  try {
    const { publicUrl } = context
    const url = given.url ?? publicUrl
    const answer = await fetch(`${url}/readyz`).catch(() => undefined)
    if (!answer?.ok) {
      throw new AppError('unavailable', `No Parley answers at ${url}. Start it first: npm start`)
    }
    const stage = await prepareSimulation(context, agents)
    // The server looks for what other processes wrote twice a second.
    await new Promise((resolve) => setTimeout(resolve, 1_000))
    const whom: Whom = { url, publicUrl, site: stage.site, agents: stage.agents }
    return {
      whom,
      async end() {
        await stage.end()
        await close()
      },
    }
  } catch (error) {
    await close()
    throw error
  }
}

/** One line that is written over on a terminal; nothing where nobody watches. */
function showProgress(line: string) {
  if (process.stderr.isTTY) process.stderr.write(`\r\u001b[2K${line}`)
}

/** The trial that an operator can run themselves. */
export const simulateCommands: readonly Command[] = [
  {
    name: 'simulate',
    synopsis:
      '--visitors N --agents M --minutes T [--pace X] [--seed N] [--json] [--url ADDRESS --site KEY --origin ORIGIN --agent EMAIL:PASSWORD …]',
    about:
      'Plays people against a running server and judges it by what it acknowledged: lost, repeated, out of order, limbo.',
    run,
  },
]
