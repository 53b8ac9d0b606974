import '../../css/settings.css'
import { useEffect } from 'preact/hooks'

import { useWorkspace } from '../../components/context.ts'
import { Link } from '../../components/Link.tsx'
import { settingsPages, type SettingsPage } from '../../routes.ts'
import { t } from '../../strings/current.ts'
import { Account } from './Account.tsx'
import { Departments } from './Departments.tsx'
import { People } from './People.tsx'
import { Site } from './Site.tsx'
import { Sites } from './Sites.tsx'

const groups: readonly { label: string; pages: readonly SettingsPage[] }[] = [
  { label: t.settings.you, pages: ['account'] },
  { label: t.settings.team, pages: ['people', 'departments'] },
  { label: t.settings.workspace, pages: ['sites'] },
]

interface SettingsProps {
  page: SettingsPage
  id: string | undefined
}

/** The settings: a list of pages, and one of them. Agents see their own only. */
export function Settings({ page, id }: SettingsProps) {
  const { inbox } = useWorkspace()
  const { role } = inbox.me.value
  const mayAll = role !== 'agent'
  const shown = mayAll ? settingsPages : (['account'] as const)
  useEffect(() => {
    document.querySelector('#main')?.scrollTo({ top: 0 })
  }, [page, id])

  return (
    <div class="settings">
      <nav class="settings-nav" aria-label={t.settings.label}>
        <h1>{t.settings.label}</h1>
        {groups
          .filter(({ pages }) => pages.some((name) => (shown as readonly string[]).includes(name)))
          .map(({ label, pages }) => (
            <div key={label} class="settings-group">
              <h2>{label}</h2>
              {pages.map((name) => (
                <Link
                  key={name}
                  to={{ screen: 'settings', page: name }}
                  aria-current={name === page ? 'page' : undefined}
                >
                  {t.settings.pages[name]}
                </Link>
              ))}
            </div>
          ))}
      </nav>
      <main class="settings-page" id="main">
        {page === 'account' ? (
          <Account />
        ) : mayAll ? (
          <Page page={page} id={id} />
        ) : (
          <>
            <h2 class="page-title">{t.settings.pages[page]}</h2>
            <p class="hint">{t.settings.notForYou}</p>
          </>
        )}
      </main>
    </div>
  )
}

function Page({ page, id }: SettingsProps) {
  switch (page) {
    case 'people':
      return <People />
    case 'departments':
      return <Departments />
    case 'sites':
      return id === undefined ? <Sites /> : <Site key={id} id={id} />
    case 'account':
      return <Account />
  }
}
