import { t } from '../strings/current.ts'

const second = 1000
const minute = 60 * second
const hour = 60 * minute
const day = 24 * hour

/** Formatters are slow to make and quick to use: each is made once. */
const formats = new Map<string, Intl.DateTimeFormat>()
function format(at: number, options: Intl.DateTimeFormatOptions): string {
  const key = JSON.stringify(options)
  let formatter = formats.get(key)
  if (!formatter) {
    formatter = new Intl.DateTimeFormat(t.locale, options)
    formats.set(key, formatter)
  }
  return formatter.format(at)
}

const isSameDay = (a: number, b: number) =>
  new Date(a).toDateString() === new Date(b).toDateString()

/** "now", "2m", "14:05", "3 Nov", "3 Nov 2024": as much as tells the reader when. */
export function toShortTime(at: number, now: number): string {
  const age = now - at
  if (age < minute) return t.time.now
  if (age < hour) return t.time.minutes(Math.floor(age / minute))
  if (isSameDay(at, now)) return toClock(at)
  if (new Date(at).getFullYear() === new Date(now).getFullYear()) {
    return format(at, { day: 'numeric', month: 'short' })
  }
  return format(at, { day: 'numeric', month: 'short', year: 'numeric' })
}

/** "14:05" */
export const toClock = (at: number) => format(at, { hour: '2-digit', minute: '2-digit' })

/** "Tuesday, 3 November 2026 at 14:05:09" */
export const toFullTime = (at: number) => format(at, { dateStyle: 'full', timeStyle: 'medium' })

/** "3 Nov", with the year when it is another one. */
export function toShortDate(at: number, now: number): string {
  const isThisYear = new Date(at).getFullYear() === new Date(now).getFullYear()
  return format(at, { day: 'numeric', month: 'short', ...(!isThisYear && { year: 'numeric' }) })
}

/** "Today", "Yesterday", "Tuesday, 3 November" */
export function toDayName(at: number, now: number): string {
  if (isSameDay(at, now)) return t.time.today
  if (isSameDay(at, now - day)) return t.time.yesterday
  const isThisYear = new Date(at).getFullYear() === new Date(now).getFullYear()
  return format(at, {
    weekday: 'long',
    day: 'numeric',
    month: 'long',
    ...(!isThisYear && { year: 'numeric' }),
  })
}

/** A wait in two units at most: "40s", "1m 05s", "2h 03m", "3d 4h". */
export function toWait(ms: number): string {
  const whole = Math.max(0, ms)
  const two = (value: number) => String(Math.floor(value)).padStart(2, '0')
  if (whole < minute) return t.time.waitSeconds(Math.floor(whole / second))
  if (whole < hour) {
    return t.time.waitMinutes(Math.floor(whole / minute), two((whole % minute) / second))
  }
  if (whole < day) return t.time.waitHours(Math.floor(whole / hour), two((whole % hour) / minute))
  return t.time.waitDays(Math.floor(whole / day), Math.floor((whole % day) / hour))
}

/** "14:06" on the wall of another time zone; undefined where the zone is not known to this browser. */
export function toClockIn(timeZone: string, at: number): string | undefined {
  try {
    return format(at, { hour: '2-digit', minute: '2-digit', timeZone })
  } catch {
    return undefined
  }
}

/** "Seen 3 s ago": seconds, minutes, hours, days in words of the language. */
export function toAgo(at: number, now: number): string {
  const age = Math.max(0, now - at)
  if (age < minute) return t.time.ago(Math.floor(age / second), 'second')
  if (age < hour) return t.time.ago(Math.floor(age / minute), 'minute')
  if (age < day) return t.time.ago(Math.floor(age / hour), 'hour')
  return t.time.ago(Math.floor(age / day), 'day')
}
