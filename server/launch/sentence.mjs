import { styleText } from 'node:util'

/** Something that the person at the terminal can mend: shown as it is, without a stack. */
export class Sentence extends Error {}

/** Runs a launcher: a Sentence ends the process with its words and exit code 1. */
export async function launch(work) {
  try {
    await work()
  } catch (error) {
    if (!(error instanceof Sentence)) throw error
    console.error(paint('red', error.message))
    process.exitCode = 1
  }
}

/** A step of the launch. To stderr: what `parley … --json` prints must be alone on stdout. */
export function say(text) {
  console.error(paint('dim', text))
}

function paint(style, text) {
  return process.stderr.isTTY && !process.env.NO_COLOR ? styleText(style, text) : text
}
