// ui: what the person sees; speaks the protocol like any other client. This file: the way to restoring a backup, from
// where there is no vault, or a damaged one. It is in the manager, for a popup closes when a file is chosen.

import { browser } from 'wxt/browser'

export function RestoreLink({ words }: { readonly words: string }) {
  return (
    <a
      class="link"
      href={browser.runtime.getURL('/manager.html#backup')}
      target="_blank"
      rel="noopener"
    >
      {words}
    </a>
  )
}
