import { fork } from 'node:child_process'
import { join } from 'node:path'

import type { LoadCommand, LoadResult } from './load-protocol.ts'

/** The load generator, started; asked one thing after the other. */
export interface LoadProcess {
  ask(command: LoadCommand): Promise<LoadResult>
  stop(): void
}

/** Starts the load generator as a process of its own. */
export function startLoad(): LoadProcess {
  const child = fork(join(import.meta.dirname, 'load.ts'), {
    execArgv: ['--import', 'tsx'],
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
  })
  return {
    ask(command) {
      return new Promise((resolve, reject) => {
        const onExit = () => reject(new Error('The load generator ended.'))
        child.once('exit', onExit)
        child.once('message', (answer: { ok: boolean; result?: LoadResult; error?: string }) => {
          child.off('exit', onExit)
          if (answer.ok) resolve(answer.result ?? {})
          else reject(new Error(answer.error))
        })
        child.send(command)
      })
    },
    stop: () => void child.kill(),
  }
}
