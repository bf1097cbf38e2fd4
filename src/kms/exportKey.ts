// kms: keys, their states and what is done under them; one file per family of operations.
// This file: ExportKey: the one way by which a single key leaves, where it was made so that it may. It leaves wrapped,
// under a public key of the receiver's or under an AES key of the vault; whoever takes it makes files of it.

import { materialFormat } from '../hsm/algorithms.ts'
import type { Context, Handler } from '../hsm/context.ts'
import { wrapToExport } from '../hsm/keyExport.ts'
import { confirmPerson } from '../hsm/operations.ts'
import { KeyhearthError } from '../protocol/errors.ts'
import type { Input } from '../protocol/schemas.ts'
import { findKey } from './access.ts'
import { arnOf, assertState, currentMaterialOf, type KeyRecord } from './keys.ts'
import { noteUse } from './usage.ts'
import { keyForUse } from './use.ts'

/** @throws KeyhearthError `key-not-exportable` */
function assertExportable(key: KeyRecord): void {
  if (!key.exportable) throw new KeyhearthError('key-not-exportable', { keyId: arnOf(key) })
}

/** Under what it is wrapped: a key of the vault must be there for wrapping, and the person allowed to use it. */
async function receiverOf(context: Context, { Receiver }: Input<'keyhearth:ExportKey'>) {
  if ('PublicKey' in Receiver) return { publicKey: Receiver.PublicKey }
  const mechanism = 'AES_KEY_WRAP_PAD'
  const key = await keyForUse(
    context,
    { KeyId: Receiver.KeyId },
    {
      action: 'kms:Encrypt',
      usage: 'WRAP_UNWRAP',
      algorithm: { condition: 'kms:encryptionalgorithm', name: mechanism },
    },
  )
  await noteUse(context, key, 'HsmWrapKey')
  return { material: await currentMaterialOf(context, key) }
}

export const exportKey: Handler<'keyhearth:ExportKey'> = async (context, input) => {
  const key = await findKey(context, input.KeyId)
  assertExportable(key)
  assertState(key, context.now, 'Enabled', 'Disabled')
  await confirmPerson(context, input.Proof)
  const material = await currentMaterialOf(context, key)
  const receiver = await receiverOf(context, input)
  const WrappedKey = await wrapToExport(context.vault, material, receiver)
  if (!WrappedKey) {
    throw new KeyhearthError('invalid-input', {
      what: 'PublicKey: not a DER-encoded RSA public key of 2048 to 4096 bits',
    })
  }
  await noteUse(context, key, 'ExportKey')
  return {
    KeyId: arnOf(key),
    KeySpec: key.keySpec,
    Format: materialFormat(key.keySpec),
    Mechanism: 'PublicKey' in input.Receiver ? 'RSA_AES_KEY_WRAP_SHA_256' : 'AES_KEY_WRAP_PAD',
    WrappedKey,
  }
}
