import type { LoaderConfig } from '../shared/protocol/site-settings.ts'

/** What the panel asks of the place where it is mounted. */
export interface PanelHooks {
  onOpenChange(isOpen: boolean): void
  /** The panel's own connection knows the count: nobody else needs to ask for it. */
  onUnread(count: number): void
  /** The panel was closed by its own means; gives the focus back to what opened it. */
  focusOpener(): void
}

export interface MountOptions {
  root: ShadowRoot
  config: LoaderConfig
  hooks: PanelHooks
}

export interface PanelHandle {
  /** Also for a panel that is open and was moved in the page. Without `takesFocus` the page keeps the focus, as when the panel opens by itself on the next page. */
  open(how: { takesFocus: boolean }): void
  close(): void
  destroy(): void
}

/** The panel's module as the loader imports it. */
export interface PanelModule {
  mount(options: MountOptions): PanelHandle
}

/** What stands before every key that the widget keeps in the visitor's browser. */
export const storagePrefix = (siteKey: string) => `parley:${siteKey}:`

/*
 * Keys behind the prefix; the loader reads what the panel wrote. One constant each, so that the loader
 * carries only those that it reads.
 */
export const tokenKey = 'token'
/** The conversation that is open, or has unread words. */
export const currentKey = 'current'
/** In the session storage: the panel is open on this tab's page. */
export const openKey = 'open'
/** One entry for each message that is not acknowledged. */
export const outboxKey = 'out:'
export const draftKey = 'draft:'
export const contactKey = 'contact'
