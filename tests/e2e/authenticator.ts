// An authenticator of the machine that has the person's finger: Chromium's own, virtual one.

import type { CDPSession, Page } from '@playwright/test'

interface Authenticator {
  readonly session: CDPSession
  readonly authenticatorId: string
}

/** It belongs to the page's tab. */
export async function withAuthenticator(page: Page, { prf = true } = {}): Promise<Authenticator> {
  const session = await page.context().newCDPSession(page)
  await session.send('WebAuthn.enable')
  const { authenticatorId } = await session.send('WebAuthn.addVirtualAuthenticator', {
    options: {
      protocol: 'ctap2',
      ctap2Version: 'ctap2_1',
      transport: 'internal',
      hasResidentKey: true,
      hasUserVerification: true,
      hasPrf: prf,
      isUserVerified: true,
      automaticPresenceSimulation: true,
    },
  })
  return { session, authenticatorId }
}
