// ui: what the person sees; speaks the protocol like any other client. This file: filling a secret into the page, which
// the person's press of "Fill" alone sets off.

import type { ItemSummary } from '../protocol/secretsOutputs.ts'
import type { WebPage } from './activePage.ts'
import { call } from './call.ts'
import { fieldWords } from './itemWords.ts'
import { say } from './Notices.tsx'
import type { ProofOfPerson } from './Proof.tsx'
import { t } from './words.ts'

/** Offered for what fits the page; the background judges again by what the browser says is in the tab. */
export const mayFill = ({ Match }: ItemSummary): boolean => Match !== undefined

/** The popup closes over a page that is filled: the person goes on there. */
export async function fill(item: ItemSummary, page: WebPage, proof?: ProofOfPerson): Promise<void> {
  const { Filled } = await call('keyhearth:FillItem', {
    SecretId: item.SecretId,
    TabId: page.tabId,
    ...(proof === undefined ? {} : { Proof: proof }),
  })
  say(t('fill_done', [Filled.map(fieldWords).join(', ')]))
  window.close()
}
