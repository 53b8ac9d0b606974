import fc from 'fast-check'
import { describe, expect, test } from 'vitest'

import { linkify } from './linkify.ts'

/** The text with its links in brackets, and their targets where they differ. */
function show(text: string) {
  return linkify(text)
    .map((token) => {
      if (token.kind === 'text') return token.text
      const { href } = token
      return href === token.text ? `⟦${href}⟧` : `⟦${token.text}→${href}⟧`
    })
    .join('')
}

describe('what becomes a link', () => {
  test.for([
    ['See https://example.com', 'See ⟦https://example.com⟧'],
    ['http://example.com/a?b=c#d now', '⟦http://example.com/a?b=c#d⟧ now'],
    ['HTTPS://EXAMPLE.COM/X', '⟦HTTPS://EXAMPLE.COM/X⟧'],
    ['http://localhost:3000/console', '⟦http://localhost:3000/console⟧'],
    ['http://10.0.0.1:80', '⟦http://10.0.0.1:80⟧'],
    ['www.example.com/cart', '⟦www.example.com/cart→https://www.example.com/cart⟧'],
    ['Write to marta@example.com.', 'Write to ⟦marta@example.com→mailto:marta@example.com⟧.'],
    ['a.b+c_d@mail.example.co', '⟦a.b+c_d@mail.example.co→mailto:a.b+c_d@mail.example.co⟧'],
    ['mailto:marta@example.com', '⟦mailto:marta@example.com⟧'],
    ['https://bücher.example/Straße', '⟦https://bücher.example/Straße⟧'],
    ['https://пример.рф/путь', '⟦https://пример.рф/путь⟧'],
    ['info@пример.рф', '⟦info@пример.рф→mailto:info@пример.рф⟧'],
    ['请看www.example.com。谢谢', '请看⟦www.example.com→https://www.example.com⟧。谢谢'],
    ['https://example.com/😀/a', '⟦https://example.com/😀/a⟧'],
    ['https://medium.example/@marta', '⟦https://medium.example/@marta⟧'],
    ['https://a.example https://b.example', '⟦https://a.example⟧ ⟦https://b.example⟧'],
    ['https://a.example\nhttps://b.example', '⟦https://a.example⟧\n⟦https://b.example⟧'],
  ])('%s', ([text, shown]) => expect(show(text ?? '')).toBe(shown))
})

describe('where a link ends', () => {
  test.for([
    ['Go to https://example.com.', 'Go to ⟦https://example.com⟧.'],
    ['https://example.com/a, or?', '⟦https://example.com/a⟧, or?'],
    ['Is it https://example.com/a?!', 'Is it ⟦https://example.com/a⟧?!'],
    ['https://example.com/a...', '⟦https://example.com/a⟧...'],
    ['https://example.com/a.b', '⟦https://example.com/a.b⟧'],
    ['(https://example.com)', '(⟦https://example.com⟧)'],
    ['(see https://example.com/a)', '(see ⟦https://example.com/a⟧)'],
    ['https://en.example/wiki/Rose_(color)', '⟦https://en.example/wiki/Rose_(color)⟧'],
    ['(https://en.example/wiki/Rose_(color)).', '(⟦https://en.example/wiki/Rose_(color)⟧).'],
    ['[https://example.com/a[0]]', '[⟦https://example.com/a[0]⟧]'],
    ['<https://example.com/a>', '<⟦https://example.com/a⟧>'],
    ['"https://example.com/a"', '"⟦https://example.com/a⟧"'],
    ['“https://example.com/a”', '“⟦https://example.com/a⟧”'],
    ['*https://example.com/a*', '*⟦https://example.com/a⟧*'],
    ['https://example.com/a\u{e0061}b', '⟦https://example.com/a⟧\u{e0061}b'],
    ['https://example.com/\u2067a', '⟦https://example.com/⟧\u2067a'],
    ['https://example.com/日本（東京）', '⟦https://example.com/日本⟧（東京）'],
    ["'marta@example.com'", "'⟦marta@example.com→mailto:marta@example.com⟧'"],
    ['..marta@example.com', '..⟦marta@example.com→mailto:marta@example.com⟧'],
  ])('%s', ([text, shown]) => expect(show(text ?? '')).toBe(shown))
})

describe('what stays text', () => {
  test.for([
    'javascript:alert(1)',
    'JaVaScRiPt:alert(1)//x',
    'data:text/html,<script>alert(1)</script>',
    'vbscript:msgbox(1)',
    'file:///etc/passwd',
    'ftp://example.com/x',
    'blob:abc',
    'tel:+371',
    'http://',
    'https://.',
    'http://-',
    'http:/example.com',
    'xhttp://example.com',
    'www.',
    'www.example',
    'notwww.example.com',
    'user@localhost',
    '@marta',
    'a@',
    'a@b.c',
    'a@1.2',
    '3.5 and 1.000,00',
    'and/or, v1.2.3',
    'http://bank.example@evil.example',
    'http://bank.example:80@evil.example/login',
    'https://\u202emoc.live',
    'https://\u200bexample.com',
    'https://\u3164.example',
  ])('%s', (text) => expect(linkify(text)).toEqual([{ kind: 'text', text }]))

  test('nothing is nothing', () => expect(linkify('')).toEqual([]))
})

const invisible =
  /[\u0000-\u0020\u007f-\u009f\u00ad\u061c\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff]/

/** Pieces of which addresses and attempts to deceive are made. */
const piece = fc.oneof(
  fc.constantFrom(
    'http://',
    'https://',
    'www.',
    'mailto:',
    'javascript:',
    'data:',
    '@',
    '.',
    'example.com',
    'a',
    '(',
    ')',
    '[',
    ']',
    ' ',
    ':',
    '/',
    '?',
    '\u202e',
    '\u200b',
    '\n',
    '"',
    '<',
    'é',
    '漢',
    '😀',
    '-',
  ),
  fc.string({ unit: 'binary', maxLength: 3 }),
)
const anyText = fc.array(piece, { maxLength: 40 }).map((pieces) => pieces.join(''))

test('the tokens joined are the text, texts and links alternate as they come, none is empty', () =>
  fc.assert(
    fc.property(anyText, (text) => {
      const tokens = linkify(text)
      expect(tokens.map((token) => token.text).join('')).toBe(text)
      tokens.forEach((token, index) => {
        expect(token.text).not.toBe('')
        if (token.kind === 'text') expect(tokens[index + 1]?.kind).not.toBe('text')
      })
    }),
    { numRuns: 1_000 },
  ))

test('every link is http, https or mailto, says where it goes, and hides nothing', () =>
  fc.assert(
    fc.property(anyText, (text) => {
      for (const token of linkify(text)) {
        if (token.kind === 'text') continue
        expect(token.href).toMatch(/^(https?:\/\/|mailto:)/i)
        expect(token.href.endsWith(token.text)).toBe(true)
        expect(['', 'https://', 'mailto:']).toContain(
          token.href.slice(0, token.href.length - token.text.length),
        )
        expect(token.text).not.toMatch(invisible)
        // Nobody is at another place than the text says.
        if (!token.href.toLowerCase().startsWith('mailto:') && URL.canParse(token.href))
          expect(new URL(token.href).username).toBe('')
      }
    }),
    { numRuns: 1_000 },
  ))

describe('the work grows with the length, not faster', () => {
  /** Stands for a text and counts how many of its characters are looked at. */
  function countVisits(text: string) {
    let visits = 0
    const counted = {
      length: text.length,
      charAt: (at: number) => (visits++, text.charAt(at)),
      slice: (from: number, end: number) => {
        const part = text.slice(from, end)
        visits += part.length
        return part
      },
    }
    linkify(counted as unknown as string)
    return visits
  }

  test.for([
    'a',
    '@',
    'a@',
    'a@a.',
    'a@b.co',
    'http://',
    'http://a',
    'http://a/',
    'http://a@',
    'http://(',
    'https://a/(',
    'https://a/)',
    'http://a:1',
    'www.',
    'www.a@',
    'www.-',
    'h',
    'mailto:',
    'mailto:a@',
    '.',
    '-@',
    'é@',
    '\u202e',
    'http://a/.',
  ])('%j, repeated', (unit) => {
    const visits = countVisits(unit.repeat(4_000))
    expect(visits).toBeLessThan(20 * unit.length * 4_000)
    expect(countVisits(unit.repeat(8_000))).toBeLessThan(2.1 * visits)
  })

  test('whatever is repeated', () =>
    fc.assert(
      fc.property(anyText, fc.nat(3), (text, turn) => {
        const unit = text.slice(turn) || 'x'
        expect(countVisits(unit.repeat(200))).toBeLessThan(24 * unit.length * 200)
      }),
    ))
})
