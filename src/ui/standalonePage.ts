// ui: what the person sees; speaks the protocol like any other client. This file: a message as a page of its own, for
// somebody without Keyhearth (src/standalone).

import page from 'virtual:standalone-page'

/** @param message in armour: letters, digits and a few marks, none of which means anything to HTML */
export const standalonePage = (message: string): Blob =>
  new Blob([page.replace('%message%', () => message)], { type: 'text/html' })
