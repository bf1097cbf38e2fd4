// protocol: the contract every context speaks. This file: what a person shows to prove that they may, as requests
// carry it.

import * as v from 'valibot'
import { bytes, text } from './fields.ts'

export const passphrase = text(1024, 0)
/** What an authenticator sends (WebAuthn Level 3 sections 5.8.1, 6.1); `Output` is the PRF's (10.1.4). */
const said = { ClientDataJSON: bytes(8192, 1), AuthenticatorData: bytes(8192, 37) }
export const fromPasskey = { CredentialId: bytes(1023, 1), ...said, Output: bytes(32, 32) }
const signature = bytes(1024, 8)
/** What an authenticator adds that made nothing of the salt but at an assertion. */
export const asserted = v.strictObject({ ...said, Signature: signature })
/** What opens the vault on this device. */
export const unlocking = [
  v.strictObject({ Passphrase: passphrase }),
  v.strictObject({ Passkey: v.strictObject({ ...fromPasskey, Signature: signature }) }),
  v.strictObject({ Device: v.literal(true) }),
] as const
export const recoveryKey = text(1024, 0)
/** Each as it is typed. */
export const recoveryShares = v.pipe(v.array(text(1024, 0)), v.minLength(1), v.maxLength(255))
/** What opens the vault anywhere. */
export const recovering = [
  v.strictObject({ RecoveryKey: recoveryKey }),
  v.strictObject({ Shares: recoveryShares }),
] as const
