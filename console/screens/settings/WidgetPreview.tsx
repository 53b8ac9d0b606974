import type { SiteSettings } from '../../../shared/protocol/site-settings.ts'
import { Icon } from '../../components/Icon.tsx'
import { t } from '../../strings/current.ts'

const words = t.settings.sites

/** A small picture of the widget with these settings: a picture only, nothing in it can be pressed. */
export function WidgetPreview({ settings }: { settings: SiteSettings }) {
  return (
    <figure
      class={`preview preview-${settings.side}`}
      data-theme={settings.theme === 'auto' ? undefined : settings.theme}
      style={{ '--preview-accent': settings.accent }}
      role="img"
      aria-label={words.preview}
    >
      <div class="preview-panel">
        <div class="preview-hero">
          <strong dir="auto">{settings.welcome}</strong>
          {settings.showAgents && <span>{words.previewLine}</span>}
        </div>
        <div class="preview-card">{words.previewAction}</div>
      </div>
      <span class="preview-launcher">
        <Icon name="chat" />
      </span>
    </figure>
  )
}
