import { effect, signal, type Signal } from '@preact/signals'

import type { Keep } from '../surroundings/keep.ts'

export const themes = ['auto', 'light', 'dark'] as const
export type Theme = (typeof themes)[number]

export interface Preferences {
  readonly theme: Signal<Theme>
  readonly hasShortcuts: Signal<boolean>
  readonly hasSound: Signal<boolean>
}

/** What belongs to this browser rather than to the account. */
export function createPreferences(keep: Keep): Preferences {
  const saved = keep.read('theme')
  const theme = signal<Theme>(themes.find((name) => name === saved) ?? 'auto')
  const hasShortcuts = signal(keep.read('shortcuts') !== 'off')
  const hasSound = signal(keep.read('sound') !== 'off')

  effect(() => keep.write('theme', theme.value))
  effect(() => keep.write('shortcuts', hasShortcuts.value ? 'on' : 'off'))
  effect(() => keep.write('sound', hasSound.value ? 'on' : 'off'))
  return { theme, hasShortcuts, hasSound }
}
