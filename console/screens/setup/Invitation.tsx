import '../../css/settings.css'
import { useEffect, useState } from 'preact/hooks'

import { useApp } from '../../components/context.ts'
import { EntryCard } from '../../components/EntryCard.tsx'
import { toFailureText } from '../../components/failure-text.ts'
import { Link } from '../../components/Link.tsx'
import { createResource } from '../../models/resource.ts'
import { t } from '../../strings/current.ts'
import { Welcome } from '../Welcome.tsx'
import { AccountForm } from './AccountForm.tsx'

const words = t.settings.invitation

/** Somebody who was invited makes their account. */
export function Invitation({ token }: { token: string }) {
  const { api, router, session } = useApp()
  const state = session.state.value
  const [invitation] = useState(() => createResource(() => api.lookAtInvitation(token)))
  useEffect(() => void invitation.load(), [invitation])

  if (state.kind === 'in') {
    return (
      <EntryCard title={words.title} hint={words.signedIn(state.me.name)}>
        <button
          type="button"
          class="button button-primary button-wide"
          onClick={() => void session.signOut().catch(() => {})}
        >
          {t.status.signOut}
        </button>
        <p class="entry-foot">
          <Link to={{ screen: 'inbox', view: 'mine' }}>{t.notFound.toInbox}</Link>
        </p>
      </EntryCard>
    )
  }
  const found = invitation.value.value
  const failure = invitation.failure.value as { code?: string } | undefined
  if (found) {
    return (
      <EntryCard title={words.title} hint={words.hint(t.settings.roles[found.role])}>
        <AccountForm
          submit={words.submit}
          email={found.email ?? ''}
          onSubmit={async (account) => {
            const { me } = await api.acceptInvitation({ token, ...account })
            router.go({ screen: 'inbox', view: 'mine' }, 'replace')
            session.enter(me)
          }}
        />
      </EntryCard>
    )
  }
  if (!failure) return <Welcome />
  const isWrong = failure.code === 'wrong-link' || failure.code === 'bad-request'
  return isWrong ? (
    <EntryCard title={words.wrong} hint={words.wrongHint}>
      <Link class="button button-primary button-wide" to={{ screen: 'sign-in' }}>
        {t.signIn.submit}
      </Link>
    </EntryCard>
  ) : (
    <Welcome problem={toFailureText(failure)} onRetry={() => invitation.load()} />
  )
}
