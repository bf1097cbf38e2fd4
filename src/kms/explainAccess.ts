// kms: keys, their states and what is done under them; one file per family of operations.
// This file: ExplainAccess, the answer of `decide` for whoever the person asks about.

import type { Handler } from '../hsm/context.ts'
import { findOperation } from '../protocol/operations.ts'
import type { AccessReason as Explained } from '../protocol/outputs.ts'
import { findKey } from './access.ts'
import { type AccessReason, callerOf, decide, pageCaller } from './authorization.ts'

function inOutput(reason: AccessReason): Explained {
  switch (reason.kind) {
    case 'policy-allows':
    case 'policy-denies':
      return { Kind: reason.kind, Statement: reason.statement }
    case 'grant-allows':
      return { Kind: reason.kind, GrantId: reason.grant.grantId, Asks: reason.grant.asks }
    case 'plaintext-withheld':
      return { Kind: reason.kind, GrantId: reason.grant.grantId }
    case 'service':
    case 'person-always':
    case 'other-account':
    case 'nothing-allows':
      return { Kind: reason.kind }
  }
}

export const explainAccess: Handler<'keyhearth:ExplainAccess'> = async (context, input) => {
  const key = await findKey(context, input.KeyId)
  const caller = input.Origin === undefined ? callerOf(context) : pageCaller(context, input.Origin)
  const access = {
    action: input.Operation,
    key,
    encryptionContext: input.EncryptionContext ?? {},
    reveals: findOperation(input.Operation)?.reveals === true,
  }
  const { allowed, reason } = await decide(context, access, caller)
  return { Allowed: allowed, Reason: inOutput(reason) }
}
