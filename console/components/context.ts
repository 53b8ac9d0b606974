import { createContext } from 'preact'
import { useContext } from 'preact/hooks'

import type { App } from '../models/app.ts'
import type { Workspace } from '../models/workspace.ts'

export const AppContext = createContext<App | undefined>(undefined)
export const WorkspaceContext = createContext<Workspace | undefined>(undefined)

/** The models of this console. */
export function useApp(): App {
  const app = useContext(AppContext)
  if (!app) throw new Error('A component stands outside of AppContext.')
  return app
}

/** What belongs to the agent who is signed in. */
export function useWorkspace(): Workspace {
  const workspace = useContext(WorkspaceContext)
  if (!workspace) throw new Error('A component stands outside of WorkspaceContext.')
  return workspace
}
