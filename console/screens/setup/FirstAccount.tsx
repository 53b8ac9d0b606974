import type { ApiFailure } from '../../api.ts'
import { useApp } from '../../components/context.ts'
import { t } from '../../strings/current.ts'
import { AccountForm } from './AccountForm.tsx'

/** The account of the first admin. */
export function FirstAccount(props: { token: string; onWrongLink(): void }) {
  const { api, router, session } = useApp()
  return (
    <AccountForm
      submit={t.settings.setup.next}
      email=""
      onSubmit={async (account) => {
        try {
          const { me } = await api.setUp({ token: props.token, ...account })
          // The token did its work and need not stay in the address.
          router.go({ screen: 'setup', step: 'site' }, 'replace')
          session.enter(me)
        } catch (error) {
          if ((error as ApiFailure).code === 'wrong-link') return props.onWrongLink()
          throw error
        }
      }}
    />
  )
}
