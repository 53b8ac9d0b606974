/** Every screen of the console and its address. */
export const inboxViews = ['mine', 'queue', 'team', 'closed'] as const
export type InboxView = (typeof inboxViews)[number]

export const settingsPages = ['account', 'people', 'departments', 'sites'] as const
export type SettingsPage = (typeof settingsPages)[number]

export type Route =
  | { screen: 'sign-in' }
  /** The token stands after the `#`: no server log sees it. */
  | { screen: 'setup'; step: 'account'; token: string }
  | { screen: 'setup'; step: 'site' }
  | { screen: 'setup'; step: 'tag'; id: string }
  | { screen: 'invitation'; token: string }
  | { screen: 'inbox'; view: InboxView; conversationId?: string }
  | { screen: 'settings'; page: SettingsPage; id?: string }
  | { screen: 'not-found' }

const base = '/console'
const isIn = <Member extends string>(list: readonly Member[], text: string): text is Member =>
  (list as readonly string[]).includes(text)

/** Reads an address; what it does not know is `not-found`, never an error. */
export function parseRoute(path: string, hash = ''): Route {
  const parts = path
    .replace(/^\/console(?=\/|$)/, '')
    .split('/')
    .filter(Boolean)
  const [screen, first, second, ...rest] = parts
  const token = hash.replace(/^#/, '')
  if (rest.length > 0) return { screen: 'not-found' }
  if (screen === undefined) return { screen: 'inbox', view: 'mine' }
  if (screen === 'sign-in' && !first) return { screen }
  if (screen === 'invitation' && !first) return { screen, token }
  if (screen === 'setup') {
    if (first === undefined) return { screen, step: 'account', token }
    if (first === 'site' && second === undefined) return { screen, step: first }
    return first === 'tag' && second ? { screen, step: first, id: second } : { screen: 'not-found' }
  }
  if (screen === 'inbox') {
    if (first === undefined) return { screen, view: 'mine' }
    if (!isIn(inboxViews, first)) return { screen: 'not-found' }
    return second === undefined || !/^[\w-]{8,64}$/.test(second)
      ? { screen, view: first }
      : { screen, view: first, conversationId: second }
  }
  if (screen === 'settings') {
    if (first === undefined) return { screen, page: 'account' }
    if (!isIn(settingsPages, first)) return { screen: 'not-found' }
    if (second === undefined) return { screen, page: first }
    return first === 'sites' ? { screen, page: first, id: second } : { screen: 'not-found' }
  }
  return { screen: 'not-found' }
}

/** The address of a screen. */
export function toPath(route: Route): string {
  switch (route.screen) {
    case 'sign-in':
      return `${base}/sign-in`
    case 'setup':
      if (route.step === 'account') return withToken(`${base}/setup`, route.token)
      return route.step === 'site' ? `${base}/setup/site` : `${base}/setup/tag/${route.id}`
    case 'invitation':
      return withToken(`${base}/invitation`, route.token)
    case 'inbox':
      return [base, 'inbox', route.view, route.conversationId].filter(Boolean).join('/')
    case 'settings':
      return [base, 'settings', route.page, route.id].filter(Boolean).join('/')
    case 'not-found':
      return base
  }
}

const withToken = (path: string, token: string) => (token === '' ? path : `${path}#${token}`)
