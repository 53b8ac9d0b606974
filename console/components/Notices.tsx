import { t } from '../strings/current.ts'
import { useApp } from './context.ts'
import { Icon } from './Icon.tsx'

/** The sentences at the foot of the screen. The region is always there, so that screen readers hear what comes into it. */
export function Notices() {
  const { notices } = useApp()
  return (
    <div class="notices" role="status">
      {notices.list.value.map(({ id, kind, text, action }) => (
        <div key={id} class={`notice notice-${kind}`}>
          <Icon name={kind === 'done' ? 'check' : 'alert'} size="small" />
          <span>{text}</span>
          {action && (
            <button
              type="button"
              class="link-button"
              onClick={() => {
                notices.dismiss(id)
                action.run()
              }}
            >
              {action.label}
            </button>
          )}
          <button
            type="button"
            class="icon-button"
            aria-label={t.dismiss}
            onClick={() => notices.dismiss(id)}
          >
            <Icon name="close" size="small" />
          </button>
        </div>
      ))}
    </div>
  )
}
