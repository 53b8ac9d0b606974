/*
 * Times as people read them. Words in the widget's language, the clock as the visitor's browser has it.
 */

const dayMs = 86_400_000

export interface When {
  clock(at: number): string
  full(at: number): string
  /** A day's divider. */
  day(at: number): string
  /** As short as can be: "now", "5 m", "2 d", "3 Nov". */
  ago(at: number): string
}

/** The formats of one language. They cost a little to make, so once. */
export function createWhen(
  language: string,
  words: { today: string; yesterday: string },
  timeNow: () => number,
  preferred: readonly string[] = navigator.languages,
): When {
  // The visitor's own variant of the language, if there is one: it decides between 14:05 and 2:05 PM.
  // Browsers have been seen to name ones that `Intl` throws at (`en-US@posix`).
  const variant = new RegExp(`^${language}(-[a-z\\d]+)*$`, 'i')
  const locale = preferred.find((tag) => variant.test(tag)) ?? `${language}-GB`
  const make = (options: Intl.DateTimeFormatOptions) => new Intl.DateTimeFormat(locale, options)
  const clock = make({ timeStyle: 'short' })
  const full = make({ dateStyle: 'full', timeStyle: 'short' })
  const day = make({ weekday: 'long', day: 'numeric', month: 'long' })
  const dayOfYear = make({ day: 'numeric', month: 'long', year: 'numeric' })
  const short = make({ day: 'numeric', month: 'short' })

  return {
    clock: (at) => clock.format(at),
    full: (at) => full.format(at),
    day(at) {
      const days = Math.round((toMidnight(timeNow()) - toMidnight(at)) / dayMs)
      if (days === 0) return words.today
      if (days === 1) return words.yesterday
      return (days < 180 ? day : dayOfYear).format(at)
    },
    ago(at) {
      const ms = Math.max(0, timeNow() - at)
      if (ms > 7 * dayMs) return short.format(at)
      const units = [
        [dayMs, 'day'],
        [3_600_000, 'hour'],
        [60_000, 'minute'],
      ] as const
      const [size, unit] = units.find(([length]) => ms >= length) ?? [60_000, 'minute']
      return new Intl.NumberFormat(locale, { style: 'unit', unit, unitDisplay: 'narrow' }).format(
        Math.max(1, Math.floor(ms / size)),
      )
    },
  }
}

const toMidnight = (at: number) => new Date(at).setHours(0, 0, 0, 0)
