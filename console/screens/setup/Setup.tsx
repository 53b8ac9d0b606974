import '../../css/settings.css'
import { useEffect, useState } from 'preact/hooks'

import { useApp } from '../../components/context.ts'
import { EntryCard } from '../../components/EntryCard.tsx'
import { toFailureText } from '../../components/failure-text.ts'
import { Link } from '../../components/Link.tsx'
import { Loaded } from '../../components/Loaded.tsx'
import { SiteForm } from '../../components/SiteForm.tsx'
import { TagCheck } from '../../components/TagCheck.tsx'
import { createResource } from '../../models/resource.ts'
import type { Route } from '../../routes.ts'
import { t } from '../../strings/current.ts'
import { Welcome } from '../Welcome.tsx'
import { FirstAccount } from './FirstAccount.tsx'
import { Steps } from './Steps.tsx'

const words = t.settings.setup

type SetupRoute = Extract<Route, { screen: 'setup' }>

/** The one-time set-up: your account, your site, the tag. Each step has an address, so that a reload stays where one is. */
export function Setup({ route }: { route: SetupRoute }) {
  const { session, router } = useApp()
  const state = session.state.value
  const isIn = state.kind === 'in'
  const isOthers = isIn && state.me.role !== 'admin'
  const isPast = route.step !== 'account'
  useEffect(() => {
    // Nothing here for those who join a team that is set up.
    if (isOthers) router.go({ screen: 'inbox', view: 'mine' }, 'replace')
    if (!isIn && isPast) router.goToSignIn()
  }, [isIn, isOthers, isPast])

  if (isOthers || (!isIn && isPast)) return null
  switch (route.step) {
    case 'account':
      return isIn ? <UsedLink isIn /> : <BeforeAccount token={route.token} />
    case 'site':
      return <SiteStep />
    case 'tag':
      return <TagStep id={route.id} />
  }
}

function BeforeAccount({ token }: { token: string }) {
  const { api } = useApp()
  const [setup] = useState(() => createResource(() => api.isSetUp()))
  const [isWrong, setWrong] = useState(false)
  useEffect(() => void setup.load(), [setup])
  const known = setup.value.value
  const failure = setup.failure.value

  if (known?.isDone) return <UsedLink isIn={false} />
  if (isWrong || token === '') {
    return (
      <EntryCard title={words.wrong} hint={words.wrongHint}>
        <ToSignIn />
      </EntryCard>
    )
  }
  if (known) {
    return (
      <EntryCard title={words.account} hint={words.accountHint}>
        <Steps at={1} />
        <FirstAccount token={token} onWrongLink={() => setWrong(true)} />
      </EntryCard>
    )
  }
  return failure === undefined ? (
    <Welcome />
  ) : (
    <Welcome problem={toFailureText(failure)} onRetry={() => setup.load()} />
  )
}

/** The link works once; this is what it says after that. */
const UsedLink = ({ isIn }: { isIn: boolean }) => (
  <EntryCard title={words.used} hint={isIn ? words.usedByYouHint : words.usedHint}>
    {isIn ? (
      <Link class="button button-primary button-wide" to={{ screen: 'inbox', view: 'mine' }}>
        {words.done}
      </Link>
    ) : (
      <ToSignIn />
    )}
  </EntryCard>
)

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
