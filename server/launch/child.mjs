import { spawn } from 'node:child_process'
import { constants } from 'node:os'

const passedOn = ['SIGINT', 'SIGTERM', 'SIGHUP']

/**
 * Runs a command with our own terminal and waits for its end. Signals reach it. The answer is its exit code,
 * 128 + n for a signal as shells have it. Its stdout can be sent to our stderr, where it disturbs no output.
 */
export function run(command, args, { cwd, env = process.env, isQuiet = false } = {}) {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, {
      cwd,
      env,
      stdio: ['inherit', isQuiet ? process.stderr.fd : 'inherit', 'inherit'],
    })
    const passOn = (signal) => child.kill(signal)
    for (const signal of passedOn) process.on(signal, passOn)
    const stopListening = () => {
      for (const signal of passedOn) process.off(signal, passOn)
    }
    child.once('error', (error) => {
      stopListening()
      reject(error)
    })
    child.once('exit', (code, signal) => {
      stopListening()
      resolve(code ?? 128 + constants.signals[signal])
    })
  })
}
