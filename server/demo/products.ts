/** What the demo shop shows. Invented goods of an invented shop. */
export interface Product {
  slug: string
  name: string
  /** Shown small above the name. */
  kind: string
  /** In cents. */
  price: number
  line: string
  story: string[]
  facts: [name: string, value: string][]
}

export const products: Product[] = [
  {
    slug: 'orla-kettle',
    name: 'Orla pour-over kettle',
    kind: 'Kettles',
    price: 8_900,
    line: 'A slow, thin stream that goes where you point it.',
    story: [
      'The Orla has a long neck with an even bend, so that the water leaves it slowly and without a splash. The handle sits above its middle: full or nearly empty, it pours the same.',
      'Brushed steel, a beech grip and a lid that stays on. It works on gas, induction and a camp stove.',
    ],
    facts: [
      ['Holds', '0.9 litres'],
      ['Weighs', '640 g'],
      ['Made of', 'Steel, oiled beech'],
      ['Delivery', '2–3 days'],
    ],
  },
  {
    slug: 'sten-grinder',
    name: 'Sten hand grinder',
    kind: 'Grinders',
    price: 12_400,
    line: 'Thirty quiet seconds, and the kitchen smells of morning.',
    story: [
      'Conical steel burrs on two bearings keep the grind even from espresso to cold brew. One click is 25 micrometres, and it stays where you set it.',
      'The crank folds away, so that it fits in a rucksack beside the mug.',
    ],
    facts: [
      ['Holds', '30 g of beans'],
      ['Burrs', '38 mm, steel'],
      ['Made of', 'Aluminium, walnut'],
      ['Delivery', '2–3 days'],
    ],
  },
  {
    slug: 'halo-dripper',
    name: 'Halo dripper',
    kind: 'Brewers',
    price: 3_400,
    line: 'Stoneware ribs that let the coffee breathe on its way down.',
    story: [
      'Glazed inside, raw outside. The spiral ribs hold the paper off the wall, so that the water runs through the coffee and not past it.',
      'Warm it first: stoneware keeps the heat that glass gives away.',
    ],
    facts: [
      ['Brews', '1–2 cups'],
      ['Filters', 'Size 02'],
      ['Made of', 'Stoneware'],
      ['Delivery', '2–3 days'],
    ],
  },
  {
    slug: 'lago-carafe',
    name: 'Lago carafe',
    kind: 'Brewers',
    price: 4_600,
    line: 'Clear glass, a wooden collar, and no drip after the last cup.',
    story: [
      'Blown from borosilicate glass that does not mind a flame. The collar stays cool enough for bare hands.',
      'The lip was drawn, broken and drawn again until it stopped dripping. We counted: eleven times.',
    ],
    facts: [
      ['Holds', '0.7 litres'],
      ['Weighs', '310 g'],
      ['Made of', 'Borosilicate glass, ash'],
      ['Delivery', '2–3 days'],
    ],
  },
  {
    slug: 'nook-mug',
    name: 'Nook mug',
    kind: 'Cups',
    price: 2_200,
    line: 'Fits two hands, and keeps warm for a chapter.',
    story: [
      'Thrown by hand and glazed twice. No two have the same rim, and the thumb finds its place by itself.',
      'It goes in the dishwasher, but it likes being washed by hand.',
    ],
    facts: [
      ['Holds', '0.3 litres'],
      ['Weighs', '380 g'],
      ['Made of', 'Stoneware'],
      ['Delivery', '2–3 days'],
    ],
  },
  {
    slug: 'first-light-beans',
    name: 'First Light beans',
    kind: 'Coffee',
    price: 1_350,
    line: 'Apricot, black tea, and a long sweet end.',
    story: [
      'A washed coffee from small farms above 1,900 metres, roasted on Mondays and sent on Tuesdays.',
      'It is at its best from the second to the sixth week. The bag closes again, the date is on the back.',
    ],
    facts: [
      ['Bag', '250 g, whole beans'],
      ['Roast', 'Light'],
      ['Tastes of', 'Apricot, black tea'],
      ['Delivery', 'Next Tuesday'],
    ],
  },
]
