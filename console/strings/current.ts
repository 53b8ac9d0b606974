import { en } from './en.ts'
import type { Strings } from './en.ts'

/** The words of the interface. Another language takes their place here, before anything is drawn. */
export const t: Strings = en
