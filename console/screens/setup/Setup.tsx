import '../../css/settings.css'
import { useEffect, useState } from 'preact/hooks'

import { useApp } from '../../components/context.ts'
import { EntryCard } from '../../components/EntryCard.tsx'
import { Link } from '../../components/Link.tsx'
import { Loaded } from '../../components/Loaded.tsx'
import { SiteForm } from '../../components/SiteForm.tsx'
import { TagCheck } from '../../components/TagCheck.tsx'
import { createResource } from '../../models/resource.ts'
import { t } from '../../strings/current.ts'
import { FirstAccount } from './FirstAccount.tsx'
import { Steps } from './Steps.tsx'

const words = t.settings.setup

/** The one-time set-up. The step follows from what is there, so that a reload goes on where one was. */
export function Setup({ token }: { token: string }) {
  const { session } = useApp()
  const state = session.state.value
  if (state.kind === 'in') return <AfterAccount isAdmin={state.me.role === 'admin'} />
  return <BeforeAccount token={token} />
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

function AfterAccount({ isAdmin }: { isAdmin: boolean }) {
  const { router, settings } = useApp()
  useEffect(() => {
    // Nothing here for those who join a team that is set up.
    if (!isAdmin) router.go({ screen: 'inbox', view: 'mine' }, 'replace')
    // The token did its work: it need not stay in the address.
    else if (location.hash) router.go({ screen: 'setup', token: '' }, 'replace')
  }, [isAdmin])

  return (
    <Loaded resource={settings.value.sites}>
      {(sites) => {
        const site = sites.at(-1)
        return site ? (
          <EntryCard title={words.tag} hint={words.tagHint}>
            <Steps at={3} />
            <TagCheck site={site} />
            <Link class="button button-primary button-wide" to={{ screen: 'inbox', view: 'mine' }}>
              {words.done}
            </Link>
          </EntryCard>
        ) : (
          <EntryCard title={words.site} hint={words.siteHint}>
            <Steps at={2} />
            <SiteForm submit={words.next} isFocused onMade={() => {}} />
            <p class="entry-foot">
              <Link to={{ screen: 'inbox', view: 'mine' }}>{words.skip}</Link>
            </p>
          </EntryCard>
        )
      }}
    </Loaded>
  )
}
