import type { LoaderConfig } from '../../shared/protocol/site-settings.ts'
import { boot } from './boot.ts'

/** The server puts the site's public settings in the place of this name. */
declare const __PARLEY_CONFIG__: LoaderConfig

boot(__PARLEY_CONFIG__, document.currentScript?.dataset)
