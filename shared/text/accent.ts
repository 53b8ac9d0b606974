type Rgb = readonly [number, number, number]

/** A site's colour in the four roles it has in the widget. All are `#rrggbb`. */
export interface Accent {
  /** Ground of buttons and own bubbles: the site's colour, darkened where white on it would be hard to read. */
  accent: string
  /** Text on `accent`. */
  ink: string
  /** The colour as text, on the light and on the dark grounds. */
  onLight: string
  onDark: string
}

const white: Rgb = [255, 255, 255]
const black: Rgb = [0, 0, 0]
const darkInk: Rgb = [16, 18, 24]
/** The least favourable grounds of the design: the darkest of the light ones, the lightest of the dark ones. */
const lightGround: Rgb = [240, 239, 236]
const darkGround: Rgb = [46, 48, 53]
const fallback: Rgb = [0x42, 0x63, 0xe0]
/** WCAG 2.2 AA for text. */
const enough = 4.5
/** A colour on which white comes close is darkened; on a brighter one dark ink is truer to it. */
const closeToEnough = 3

/** Works out a site's accent so that everything written on it, and in it, can be read. */
export function toAccent(color: string): Accent {
  const site = parse(color)
  const isForWhite = contrast(site, white) >= closeToEnough
  const ink = isForWhite ? white : darkInk
  return {
    accent: format(isForWhite ? towards(black, site, white) : site),
    ink: format(ink),
    onLight: format(towards(black, site, lightGround)),
    onDark: format(towards(white, site, darkGround)),
  }
}

/** The WCAG contrast of two `#rrggbb`, 1 to 21. */
export function contrastOf(one: string, other: string): number {
  return contrast(parse(one), parse(other))
}

/** Mixes `end` into `from`, as little as makes it readable with `other`. */
function towards(end: Rgb, from: Rgb, other: Rgb): Rgb {
  let mixed = from
  for (let step = 1; step <= 50 && contrast(mixed, other) < enough; step++) {
    const share = step / 50
    const channel = (at: 0 | 1 | 2) => Math.round(from[at] + (end[at] - from[at]) * share)
    mixed = [channel(0), channel(1), channel(2)]
  }
  return mixed
}

function contrast(one: Rgb, other: Rgb) {
  const [low, high] = [luminance(one), luminance(other)].sort((a, b) => a - b) as [number, number]
  return (high + 0.05) / (low + 0.05)
}

function luminance(rgb: Rgb) {
  const [red, green, blue] = rgb.map((value) => {
    const part = value / 255
    return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4
  }) as [number, number, number]
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue
}

function parse(color: string): Rgb {
  if (!/^#[\da-f]{6}$/i.test(color)) return fallback
  const value = Number.parseInt(color.slice(1), 16)
  return [value >> 16, (value >> 8) & 255, value & 255]
}

function format(rgb: Rgb) {
  return `#${rgb.map((value) => value.toString(16).padStart(2, '0')).join('')}`
}
