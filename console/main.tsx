import { render } from 'preact'

import { createApp } from './models/app.ts'
import { App } from './screens/App.tsx'
import { t } from './strings/current.ts'
import { createBell } from './surroundings/bell.ts'
import { createKeep, findLocalStorage } from './surroundings/keep.ts'
import { newId } from './surroundings/new-id.ts'
import { socketTo } from './surroundings/open-socket.ts'
import { browserTimers } from './surroundings/timers.ts'

document.documentElement.lang = t.locale.slice(0, 2)
document.documentElement.dir = t.direction

const app = createApp({
  page: window,
  fetch: window.fetch.bind(window),
  openSocket: socketTo('/ws/agent'),
  timers: browserTimers,
  keep: createKeep(findLocalStorage(), window),
  bell: createBell(window),
  newId,
})
const root = document.querySelector('#app')
if (root) render(<App app={app} />, root)
app.start()
