/* The demo shop's own script: basket, checkout, the guide's addresses. It knows nothing of the chat. */

const storageKey = 'kiln-and-kettle.basket'
const euros = new Intl.NumberFormat('en-IE', { style: 'currency', currency: 'EUR' })
const find = (selector) => document.querySelector(selector)

/** Slug to count. Without storage the basket lasts as long as the page. */
let basket = readBasket()

function readBasket() {
  try {
    return new Map(JSON.parse(sessionStorage.getItem(storageKey) ?? '[]'))
  } catch {
    return new Map()
  }
}

function changeBasket(slug, by) {
  const count = Math.max(0, (basket.get(slug) ?? 0) + by)
  if (count > 0) basket.set(slug, count)
  else basket.delete(slug)
  try {
    sessionStorage.setItem(storageKey, JSON.stringify([...basket]))
  } catch {
    // A private window: fine.
  }
  showCount()
  showLines()
}

function showCount() {
  const badge = find('[data-basket-count]')
  const count = [...basket.values()].reduce((sum, one) => sum + one, 0)
  badge.hidden = count === 0
  badge.textContent = String(count)
}

function showLines() {
  const list = find('[data-lines]')
  if (!list) return
  const template = find('[data-line]')
  let total = 0
  const lines = [...basket].flatMap(([slug, count]) => {
    const thumb = find(`.thumbs [data-slug="${CSS.escape(slug)}"]`)
    if (!thumb) return []
    const price = Number(thumb.dataset.price) * count
    total += price
    const line = template.content.firstElementChild.cloneNode(true)
    line.querySelector('.thumb').append(...[...thumb.children].map((node) => node.cloneNode(true)))
    const link = line.querySelector('a')
    link.textContent = thumb.dataset.name
    link.href = `/products/${slug}`
    line.querySelector('small').textContent = count === 1 ? '1 piece' : `${count} pieces`
    line.querySelector('strong').textContent = euros.format(price / 100)
    const remove = line.querySelector('button')
    remove.setAttribute('aria-label', `Remove ${thumb.dataset.name}`)
    remove.addEventListener('click', () => changeBasket(slug, -count))
    return [line]
  })
  list.replaceChildren(...lines)
  find('[data-empty]').hidden = lines.length > 0
  find('[data-total-row]').hidden = lines.length === 0
  find('[data-total]').textContent = euros.format(total / 100)
}

function markPlace() {
  const path = location.pathname
  for (const link of document.querySelectorAll('[data-nav]')) {
    const isHere = path === link.dataset.nav || path.startsWith(`${link.dataset.nav}/`)
    if (isHere) link.setAttribute('aria-current', 'page')
    else link.removeAttribute('aria-current')
  }
}

/* ---- the guide: one document, four addresses ---- */

function showStep() {
  const steps = [...document.querySelectorAll('.step')]
  if (steps.length === 0) return
  for (const step of steps) step.hidden = step.dataset.path !== location.pathname
  for (const link of document.querySelectorAll('.steps a')) {
    if (link.pathname === location.pathname) link.setAttribute('aria-current', 'step')
    else link.removeAttribute('aria-current')
  }
  const shown = steps.find((step) => !step.hidden)
  if (shown) document.title = `${shown.dataset.title} · Kiln & Kettle`
}

function goTo(event) {
  const link = event.target.closest?.('a[data-step]')
  const isPlain = event.button === 0 && !event.metaKey && !event.ctrlKey && !event.shiftKey
  if (!link || !isPlain || event.defaultPrevented) return
  event.preventDefault()
  history.pushState(null, '', link.href)
  showStep()
  markPlace()
}

document.addEventListener('click', goTo)
addEventListener('popstate', () => {
  showStep()
  markPlace()
})
addEventListener('pageshow', (event) => {
  // Back from the browser's memory: the basket may have changed on another page.
  if (!event.persisted) return
  basket = readBasket()
  showCount()
  showLines()
})

find('[data-add]')?.addEventListener('click', (event) => {
  changeBasket(event.currentTarget.dataset.add, 1)
  find('[data-said]').textContent = 'It is in your basket.'
})
find('[data-checkout]')?.addEventListener('submit', (event) => {
  event.preventDefault()
  find('[data-said]').textContent =
    'Nothing was ordered, and nothing was sent. This is a demo shop. Try the chat instead.'
})

showCount()
showLines()
showStep()
markPlace()
