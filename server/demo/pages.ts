import { readdirSync, readFileSync } from 'node:fs'

import { products, type Product } from './products.ts'

/** A page of the shop, ready but for the tag, which may come later than the shop. */
export interface Page {
  status: number
  title: string
  main: string
}

/** Beside this module in the sources, and copied beside the built server: the same words find it in both. */
const site = new URL('./site/', import.meta.url)
const read = (path: string) => readFileSync(new URL(path, site), 'utf8')

export interface Shop {
  /** By address. */
  pages: Map<string, Page>
  missing: Page
  /** Style sheet, script and icon, by address. */
  files: Map<string, { type: string; body: string }>
  layout: string
}

/** Reads and fills every page once. */
export function loadShop(): Shop {
  const art = Object.fromEntries(
    readdirSync(new URL('art/', site)).map((name) => [
      name.replace(/\.svg$/, ''),
      read(`art/${name}`).trim(),
    ]),
  )
  const drawing = (slug: string) => art[slug] ?? ''
  const cards = (list: Product[]) => list.map((one) => toCard(one, drawing(one.slug))).join('')

  const catalogue: Page = {
    status: 200,
    title: 'Kiln & Kettle',
    main: fill(read('catalogue.html'), {
      hero: drawing('orla-kettle'),
      cards: cards(products),
    }),
  }
  const checkout: Page = {
    status: 200,
    title: 'Basket · Kiln & Kettle',
    main: fill(read('checkout.html'), {
      thumbs: products.map((one) => toThumb(one, drawing(one.slug))).join(''),
    }),
  }
  const guide = fill(read('guide.html'), {
    'art-overview': drawing('lago-carafe'),
    'art-grind': drawing('sten-grinder'),
    'art-pour': drawing('halo-dripper'),
    'art-taste': drawing('nook-mug'),
  })
  const productPages = products.map((one): [string, Page] => [
    `/products/${one.slug}`,
    { status: 200, title: `${one.name} · Kiln & Kettle`, main: toProduct(one, drawing, cards) },
  ])
  return {
    layout: read('layout.html'),
    pages: new Map([
      ['/', catalogue],
      ['/checkout', checkout],
      ...guideSteps.map(([path, title]): [string, Page] => [
        path,
        { status: 200, title: `${title} · Kiln & Kettle`, main: showOneStep(guide, path) },
      ]),
      ...productPages,
    ]),
    missing: {
      status: 404,
      title: 'Not here · Kiln & Kettle',
      main: fill(read('missing.html'), { art: drawing('nook-mug') }),
    },
    files: new Map([
      ['/style.css', { type: 'text/css; charset=utf-8', body: read('style.css') }],
      ['/shop.js', { type: 'text/javascript; charset=utf-8', body: read('shop.js') }],
      ['/icon.svg', { type: 'image/svg+xml', body: read('icon.svg') }],
    ]),
  }
}

const guideSteps = [
  ['/guide', 'Brew guide'],
  ['/guide/grind', 'Grind'],
  ['/guide/pour', 'Pour'],
  ['/guide/taste', 'Taste'],
] as const

/** All four steps are in each page, so that the script can change the address without loading; one is shown. */
function showOneStep(guide: string, path: string) {
  return guide.replace(/data-path="([^"]+)"/g, (found, one) =>
    one === path ? found : `${found} hidden`,
  )
}

/** Puts values in the place of `{{name}}`. They are our own words and drawings, so nothing is escaped here. */
export function fill(template: string, values: Record<string, string>) {
  return template.replace(/\{\{([\w-]+)\}\}/g, (_, name: string) => values[name] ?? '')
}

function toProduct(
  product: Product,
  drawing: (slug: string) => string,
  cards: (list: Product[]) => string,
) {
  const at = products.indexOf(product)
  const others = [1, 2, 3].flatMap((step) => products[(at + step) % products.length] ?? [])
  return fill(read('product.html'), {
    ...textsOf(product),
    art: drawing(product.slug),
    story: product.story.map((paragraph) => `<p>${escapeText(paragraph)}</p>`).join(''),
    facts: product.facts
      .map(([name, value]) => `<dt>${escapeText(name)}</dt><dd>${escapeText(value)}</dd>`)
      .join(''),
    cards: cards(others),
  })
}

const card = `<li class="card">
  <div class="stage">{{art}}</div>
  <div class="text">
    <h3><a href="/products/{{slug}}">{{name}}</a></h3>
    <p>{{line}}</p>
    <p class="cost">{{price}}</p>
  </div>
</li>`

function toCard(product: Product, art: string) {
  return fill(card, { ...textsOf(product), art })
}

const thumb = `<li data-slug="{{slug}}" data-name="{{name}}" data-price="{{cents}}">{{art}}</li>`

function toThumb(product: Product, art: string) {
  return fill(thumb, { ...textsOf(product), cents: String(product.price), art })
}

const euros = new Intl.NumberFormat('en-IE', { style: 'currency', currency: 'EUR' })

function textsOf({ slug, name, kind, line, price }: Product) {
  return {
    slug,
    name: escapeText(name),
    kind: escapeText(kind),
    line: escapeText(line),
    price: euros.format(price / 100),
  }
}

/** Our own texts have an ampersand now and then. */
function escapeText(text: string) {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('"', '&quot;')
}
