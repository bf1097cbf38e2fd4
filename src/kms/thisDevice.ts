// kms: keys, their states and what is done under them; one file per family of operations.
// This file: the one custom key store, which is this vault in this browser.

import { decodeBase64Url, encodeHex } from '../codec/text.ts'
import type { Context } from '../hsm/context.ts'

export interface DeviceKeyStore {
  readonly CustomKeyStoreId: string
  readonly CloudHsmClusterId: string
}

/**
 * Ids in AWS's forms, made from the vault's key, so that they stay what they are. Each account has its own:
 * two sites must not tell from them that they meet one person.
 */
export function thisDevice(
  { vault, account }: Context,
  ofAccount: string = account,
): DeviceKeyStore {
  const digits = encodeHex(decodeBase64Url(vault.label('key store', ofAccount)))
  return {
    CustomKeyStoreId: `cks-${digits.slice(0, 17)}`,
    CloudHsmClusterId: `cluster-${digits.slice(17, 28)}`,
  }
}
