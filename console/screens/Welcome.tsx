import { Icon } from '../components/Icon.tsx'
import { t } from '../strings/current.ts'

/** Before anything is known: the mark, and after a failure what to do. */
export function Welcome(props: { problem?: string; onRetry?(): unknown }) {
  return (
    <main class="entry">
      <div class="entry-card entry-quiet">
        <span class="entry-logo" aria-hidden="true">
          <Icon name="chat" />
        </span>
        {props.problem === undefined ? (
          <p role="status" class="visually-hidden">
            {t.loading}
          </p>
        ) : (
          <div role="alert">
            <h1>{t.signIn.noServer}</h1>
            <p class="hint">{props.problem}</p>
            <button type="button" class="button button-primary" onClick={() => props.onRetry?.()}>
              {t.tryAgain}
            </button>
          </div>
        )}
      </div>
    </main>
  )
}
