// relay: window <-> runtime, in the isolated world of every page; adds nothing, trusts nothing.
// This file: a frame of an origin that the person allowed something somewhere. The provider is put into frames
// only once the background has said that they have rights in this very page: the page can see it come.

import { standsUnderTopAlone } from './ancestors.ts'
import { sendKnock } from './wire.ts'

export function arriveInFrame(): void {
  if (window === window.top || !standsUnderTopAlone()) return
  void sendKnock({ keyhearth: 1, type: 'arrive' })
}
