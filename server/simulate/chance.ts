/** Chance that can be played again: the same seed gives the same draws. */
export interface Chance {
  /** 0 ≤ x < 1. */
  draw(): number
  between(min: number, max: number): number
  whole(min: number, max: number): number
  happens(probability: number): boolean
  pick<T>(list: readonly T[]): T
  /** An independent stream, so that one player's draws do not shift another's. */
  fork(name: string): Chance
}

/** mulberry32: small, fast, good enough to play people with; never for secrets. */
export function createChance(seed: number): Chance {
  let state = seed >>> 0
  const draw = () => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
  const between = (min: number, max: number) => min + draw() * (max - min)
  const whole = (min: number, max: number) => Math.floor(between(min, max + 1))
  return {
    draw,
    between,
    whole,
    happens: (probability) => draw() < probability,
    pick(list) {
      const picked = list[whole(0, list.length - 1)]
      if (picked === undefined) throw new Error('Nothing to pick from.')
      return picked
    },
    fork(name) {
      let hash = seed ^ 0x811c9dc5
      for (const letter of name) hash = Math.imul(hash ^ (letter.codePointAt(0) ?? 0), 0x01000193)
      return createChance(hash)
    },
  }
}
