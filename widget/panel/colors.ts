import { toAccent } from '../../shared/text/accent.ts'

/** The site's colour as the style sheets want it: readable in each of its roles. */
export function toColors(color: string): [name: string, value: string][] {
  const { accent, ink, onLight, onDark } = toAccent(color)
  return [
    ['--accent', accent],
    ['--ink', ink],
    ['--on-light', onLight],
    ['--on-dark', onDark],
    // The hero's far corner goes away from its ink, never towards it.
    ['--tilt', ink === '#ffffff' ? '-.07' : '.05'],
  ]
}
