// ui: what the person sees; speaks the protocol like any other client. This file: sites in a line of words. Of a
// site nothing else is said: its name, icon and words are its own and prove nothing.

import { isSite, readSite } from '../protocol/sites.ts'
import { t } from './words.ts'

/** Whole; a name that is no site's, of a message from elsewhere for instance, as it stands. */
export const siteWords = (name: string): string => wordsOf(name, (origin) => origin)

/** In short. */
export const hostWords = (name: string): string => wordsOf(name, (origin) => new URL(origin).host)

function wordsOf(name: string, shown: (origin: string) => string): string {
  if (!isSite(name)) return name
  const { origin, top } = readSite(name)
  return top === undefined ? shown(origin) : t('site_pair', [shown(origin), shown(top)])
}
