import '../../css/settings.css'
import { useEffect, useState } from 'preact/hooks'

import { useApp } from '../../components/context.ts'
import { EntryCard } from '../../components/EntryCard.tsx'
import { Link } from '../../components/Link.tsx'
import { Loaded } from '../../components/Loaded.tsx'
import { SiteForm } from '../../components/SiteForm.tsx'
import { TagCheck } from '../../components/TagCheck.tsx'
import { createResource } from '../../models/resource.ts'
import type { Route } from '../../routes.ts'
import { t } from '../../strings/current.ts'
import { FirstAccount } from './FirstAccount.tsx'
import { Steps } from './Steps.tsx'

const words = t.settings.setup

type SetupRoute = Extract<Route, { screen: 'setup' }>

/** The one-time set-up: your account, your site, the tag. Each step has an address, so that a reload stays where one is. */
export function Setup({ route }: { route: SetupRoute }) {
  const { session, router } = useApp()
  const state = session.state.value
  const isIn = state.kind === 'in'
  const isAdmin = isIn && state.me.role === 'admin'
  const isPast = route.step !== 'account'
  useEffect(() => {
    // The token did its work and need not stay in the address.
    if (isAdmin && !isPast) router.go({ screen: 'setup', step: 'site' }, 'replace')
    // Nothing here for those who join a team that is set up.
    if (isIn && !isAdmin) router.go({ screen: 'inbox', view: 'mine' }, 'replace')
    if (!isIn && isPast) router.goToSignIn()
  }, [isIn, isAdmin, isPast])

  if (!isIn) return route.step === 'account' ? <BeforeAccount token={route.token} /> : null
  if (route.step === 'tag') return <TagStep id={route.id} />
  return <SiteStep />
}

function BeforeAccount({ token }: { token: string }) {
  const { api } = useApp()
  const [setup] = useState(() => createResource(() => api.isSetUp()))
  const [isWrong, setWrong] = useState(false)
  if (isWrong || token === '') {
    return (
      <EntryCard title={words.wrong} hint={words.wrongHint}>
        <ToSignIn />
      </EntryCard>
    )
  }
  return (
    <Loaded resource={setup}>
      {({ isDone }) =>
        isDone ? (
          <EntryCard title={words.used} hint={words.usedHint}>
            <ToSignIn />
          </EntryCard>
        ) : (
          <EntryCard title={words.account} hint={words.accountHint}>
            <Steps at={1} />
            <FirstAccount token={token} onWrongLink={() => setWrong(true)} />
          </EntryCard>
        )
      }
    </Loaded>
  )
}

const ToSignIn = () => (
  <Link class="button button-primary button-wide" to={{ screen: 'sign-in' }}>
    {words.toSignIn}
  </Link>
)

function SiteStep() {
  const { router } = useApp()
  return (
    <EntryCard title={words.site} hint={words.siteHint}>
      <Steps at={2} />
      <SiteForm
        submit={words.next}
        isFocused
        onMade={({ id }) => router.go({ screen: 'setup', step: 'tag', id })}
      />
      <p class="entry-foot">
        <Link to={{ screen: 'inbox', view: 'mine' }}>{words.skip}</Link>
      </p>
    </EntryCard>
  )
}

function TagStep({ id }: { id: string }) {
  const { sites } = useApp().settings.value
  return (
    <Loaded resource={sites}>
      {(list) => {
        const site = list.find((one) => one.id === id)
        return (
          <EntryCard title={words.tag} hint={words.tagHint}>
            <Steps at={3} />
            {site ? <TagCheck site={site} /> : <p>{t.failure['not-found']}</p>}
            <Link class="button button-primary button-wide" to={{ screen: 'inbox', view: 'mine' }}>
              {words.done}
            </Link>
          </EntryCard>
        )
      }}
    </Loaded>
  )
}
