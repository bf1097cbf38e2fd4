// kms: keys, their states and what is done under them; one file per family of operations.
// This file: for whom messages are made: the key a caller's messages are under, and the service they go by.

import type { Context } from '../hsm/context.ts'

/** kms:ViaService of what is done for a message. */
export const viaMessages = 'keyhearth.browser-1.amazonaws.com'

/** The named key, or the caller's own for messages. */
export const messageKeyId = ({ principal }: Context, named: string | undefined): string =>
  named ?? (principal.kind === 'page' ? 'alias/site' : 'alias/personal')
