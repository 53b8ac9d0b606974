import type { Chance } from './chance.ts'

const openings = [
  'Hello! Is anybody there?',
  'Hi, I have a question about my order.',
  'Sveiki! Vai piegādājat uz Latviju?',
  'Dzień dobry, kiedy dotrze moja paczka?',
  'Здравствуйте! Можно поменять размер?',
  'سلام، آیا این محصول موجود است؟',
]
const middles = [
  'The blue one, size M.',
  'It says "out of stock", but yesterday it was there.',
  'Order 48213, paid by card.',
  'Can I pay on delivery?',
  'And what does shipping cost?',
  'I am on my phone, sorry for the typos 🙂',
  '<b>Is this bold?</b> & what about "quotes"?',
  'One moment, I will look it up.',
  'ok',
  'Thank you!',
]
const answers = [
  'Hi! Happy to help. Which product is it?',
  'Let me check that for you.',
  'It is on its way and should arrive tomorrow.',
  'Yes, we deliver there, it takes two to four days.',
  'I changed the size for you; you get an e-mail in a minute.',
  'Is there anything else?',
  'You are welcome. Have a nice day!',
]

/** A visitor's first message. */
export const toOpening = (chance: Chance) => chance.pick(openings)

/** A visitor's later message: mostly short, now and then long. */
export function toRemark(chance: Chance) {
  const text = chance.pick(middles)
  return chance.happens(0.03) ? `${text} `.repeat(chance.whole(5, 30)).trim() : text
}

/** An agent's message. */
export const toAnswer = (chance: Chance) => chance.pick(answers)
