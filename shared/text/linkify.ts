export type Token = { kind: 'text'; text: string } | { kind: 'link'; text: string; href: string }

/**
 * What ends an address: quotes and brackets of markup; and beyond ASCII punctuation, spaces, and all that is invisible
 * or turns the direction of text. (Characters come as UTF-16 halves; the one excepted begins the invisible tags.)
 */
const stop =
  /["<>\\^`{|}]|(?![!-~\ud800-\udb3f\udb41-\udfff])[\p{P}\p{Z}\p{C}\p{Default_Ignorable_Code_Point}\u2800]/u
/** Of an address's last characters, those that belong to the sentence around it. */
const trailing = /[.,:;!?'*_~]/
/** Of a host; letters of all scripts, because names may be international. */
const host = /[\p{L}\p{M}\p{N}.-]/u
/** Before the @ of an e-mail address. */
const local = /[a-z\d.%+_-]/i
const word = /[a-z\d]/i
const schemes = ['http://', 'https://', 'www.']

/**
 * Finds the addresses in a text: http, https, www and e-mail, nothing else. The tokens joined are the text. Every
 * character is looked at a bounded number of times, whatever the text.
 */
export function linkify(text: string): Token[] {
  const tokens: Token[] = []
  /** Up to here the text is in `tokens`. */
  let done = 0
  let i = 0
  /** Where what may be the first half of an e-mail address begins. */
  let localFrom = 0

  const is = (pattern: RegExp, at: number) => pattern.test(text.charAt(at))

  function add(from: number, end: number, prefix: string) {
    if (from > done) tokens.push({ kind: 'text', text: text.slice(done, from) })
    const link = text.slice(from, end)
    tokens.push({ kind: 'link', text: link, href: prefix + link })
    done = i = localFrom = end
  }

  /** Moves over a host; its end is before the dots and hyphens behind it. 0 when there is none. */
  function hostEnd(from: number) {
    i = from
    while (is(host, i) && !is(stop, i)) i++
    let end = i
    while (end > from && is(/[.-]/, end - 1)) end--
    return end > from && is(/[^.-]/, from) ? end : 0
  }

  /** The end of a port and a path: brackets in pairs, no punctuation at the end. */
  function pathEnd(from: number) {
    let end = from
    if (is(/:/, end) && is(/\d/, end + 1)) while (is(/\d/, ++end));
    // What looks like a host is a name there: `http://bank.example@evil.example`.
    if (is(/@/, end)) {
      i = end
      return 0
    }
    if (!is(/[/?#]/, end)) return end
    let round = 0
    let square = 0
    for (let at = end; at < text.length && !is(stop, at); at++) {
      const char = text.charAt(at)
      if (char === '(') round++
      if (char === '[') square++
      if ((char === ')' && --round < 0) || (char === ']' && --square < 0)) break
      if (!trailing.test(char)) end = at + 1
    }
    return end
  }

  while (i < text.length) {
    const from = i
    const isStart = is(/[hw]/i, from) && !is(word, from - 1)
    const head = isStart ? text.slice(from, from + 8).toLowerCase() : ''
    const scheme = schemes.find((each) => head.startsWith(each))

    if (scheme && !(scheme === 'www.' && is(/[./@:_-]/, from - 1))) {
      const hostFrom = from + scheme.length
      const last = hostEnd(hostFrom)
      const isHost = last > 0 && (scheme !== 'www.' || text.slice(hostFrom, last).includes('.'))
      const end = isHost ? pathEnd(last) : 0
      if (end > 0) add(from, end, scheme === 'www.' ? 'https://' : '')
      else localFrom = i
    } else if (is(/@/, from) && from > localFrom && from - localFrom <= 64) {
      const end = hostEnd(from + 1)
      i = from + 1
      if (/\.[^.\d][^.]+$/.test(text.slice(from, end))) {
        const before = localFrom - 7
        const isMailto = before >= done && text.slice(before, localFrom).toLowerCase() === 'mailto:'
        add(isMailto ? before : localFrom, end, isMailto ? '' : 'mailto:')
      } else localFrom = i
    } else {
      if (!is(from === localFrom ? word : local, from)) localFrom = from + 1
      i++
    }
  }
  if (done < text.length) tokens.push({ kind: 'text', text: text.slice(done) })
  return tokens
}
